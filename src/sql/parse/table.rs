//! `create table` in all its forms.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use super::query::is_query;
use super::types::is_type;
use crate::sql::ast::{CreateTable, CreateTableAs, Expr, Like, Name, PartitionBound, Persistence, Query, StmtKind};

/// What `including all` stands for.
const LIKE_ALL: [&str; 9] =
    ["comments", "compression", "constraints", "defaults", "generated", "identity", "indexes", "statistics", "storage"];

impl Lower<'_> {
    /// `create table`.
    pub(super) fn create_table(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        self.table_of(node, false)
    }

    /// `create foreign table`.
    pub(super) fn create_foreign_table(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        self.table_of(node, true)
    }

    fn table_of(&mut self, node: &SyntaxNode, foreign: bool) -> Option<StmtKind> {
        let name = self.name(&node.child(SyntaxKind::TABLE_NAME)?)?;
        let list = node.child(SyntaxKind::TABLE_ARG_LIST);
        let mut table = CreateTable {
            foreign,
            persistence: persistence(node, &name),
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            name,
            columns: Vec::new(),
            constraints: Vec::new(),
            like: Vec::new(),
            inherits: Vec::new(),
            of_type: None,
            partition_of: None,
            bound: None,
            partition_by: None,
            options: Vec::new(),
            list_span: list.as_ref().map(|list| self.span(list)),
        };
        for part in list.iter().flat_map(SyntaxNode::children) {
            match part.kind() {
                SyntaxKind::COLUMN => table.columns.extend(self.column(&part)),
                SyntaxKind::LIKE_CLAUSE => table.like.extend(self.like(&part)),
                _ => table.constraints.extend(self.table_constraint(&part)),
            }
        }
        let bare = |column: &SyntaxNode| !column.children().any(|child| is_type(child.kind()));
        let untyped = list.iter().flat_map(SyntaxNode::children).find(|it| it.kind() == SyntaxKind::COLUMN && bare(it));
        for part in node.children() {
            match part.kind() {
                SyntaxKind::PARTITION_OF => table.partition_of = self.name(&part),
                SyntaxKind::OF_TYPE => table.of_type = self.name(&part),
                SyntaxKind::INHERITS => {
                    table.inherits = part.every(SyntaxKind::TABLE_NAME_REF).filter_map(|it| self.name(&it)).collect();
                }
                SyntaxKind::PARTITION_BY => table.partition_by = self.partition_by(&part),
                SyntaxKind::WITH_PARAMS => table.options = attributes(&part),
                _ => {
                    if let Some(bound) = self.partition_bound(&part) {
                        table.bound = Some(bound);
                    }
                }
            }
        }
        if let Some(column) = untyped.filter(|_| table.of_type.is_none() && table.partition_of.is_none()) {
            self.refuse_untyped(&column);
        }
        Some(StmtKind::CreateTable(Box::new(table)))
    }

    fn like(&self, node: &SyntaxNode) -> Option<Like> {
        let mut including: Vec<String> = Vec::new();
        for option in node.children() {
            let with = match option.kind() {
                SyntaxKind::INCLUDING_PROPERTY => true,
                SyntaxKind::EXCLUDING_PROPERTY => false,
                _ => continue,
            };
            let Some(property) = option.children().next().map(|property| property.words()) else { continue };
            let all = property == "all";
            including.retain(|known| !all && *known != property);
            match (with, all) {
                (true, true) => including.extend(LIKE_ALL.map(str::to_owned)),
                (true, false) => including.push(property),
                (false, _) => {}
            }
        }
        Some(Like { table: self.name(&node.child(SyntaxKind::RELATION_NAME_REF)?)?, including })
    }

    fn partition_by(&mut self, node: &SyntaxNode) -> Option<(String, Vec<Expr>)> {
        let strategy = node.child(SyntaxKind::PARTITION_STRATEGY)?.words();
        let list = node.child(SyntaxKind::PARTITION_ITEM_LIST)?;
        let key = list.every(SyntaxKind::PARTITION_ITEM).filter_map(|item| self.item_expr(&item)).collect();
        Some((strategy, key))
    }

    /// The bound that a node is; `None` for any other node.
    pub(super) fn partition_bound(&self, node: &SyntaxNode) -> Option<PartitionBound> {
        match node.kind() {
            SyntaxKind::PARTITION_DEFAULT => Some(PartitionBound::Default),
            SyntaxKind::PARTITION_FOR_VALUES_FROM
            | SyntaxKind::PARTITION_FOR_VALUES_IN
            | SyntaxKind::PARTITION_FOR_VALUES_WITH => Some(PartitionBound::Values(self.span(node))),
            _ => None,
        }
    }

    /// `create table … as`.
    pub(super) fn create_table_as(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = self.name(&node.child(SyntaxKind::TABLE_NAME)?)?;
        let list = node.child(SyntaxKind::TABLE_ARG_LIST);
        let columns = list.iter().flat_map(|list| list.every(SyntaxKind::COLUMN));
        let columns = columns.filter_map(|column| self.ident(&column.child(SyntaxKind::COLUMN_NAME)?)).collect();
        Some(StmtKind::CreateTableAs(Box::new(CreateTableAs {
            persistence: persistence(node, &name),
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            name,
            columns,
            query: self.query_in(node),
        })))
    }

    /// The query that a statement holds.
    pub(super) fn query_in(&mut self, node: &SyntaxNode) -> Option<Query> {
        let query = node.children().find(|child| is_query(child.kind()))?;
        self.query(&query)
    }
}

/// How long a relation lives, by what is written before its kind or by its schema.
pub(super) fn persistence(node: &SyntaxNode, name: &Name) -> Persistence {
    if node.holds(SyntaxKind::TEMP) || name.schema() == Some("pg_temp") {
        Persistence::Temporary
    } else if node.holds(SyntaxKind::UNLOGGED) {
        Persistence::Unlogged
    } else {
        Persistence::Permanent
    }
}

/// The options of the list that a node holds: `name=value` or `name` in lower case, strings without their quotes.
pub(super) fn attributes(node: &SyntaxNode) -> Vec<String> {
    let Some(list) = node.child(SyntaxKind::ATTRIBUTE_LIST) else { return Vec::new() };
    let written = list.every(SyntaxKind::ATTRIBUTE_OPTION).map(|option| {
        let mut text = String::new();
        for token in option.tokens() {
            text.push_str(token.text().trim_matches(['\'', '"']));
        }
        text.make_ascii_lowercase();
        text
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn table(sql: &str) -> CreateTable {
        let StmtKind::CreateTable(table) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *table
    }

    #[test]
    fn what_stands_in_the_list_is_sorted_into_columns_constraints_and_likes() {
        let sql =
            "create table if not exists s.t (a int, like l including all excluding indexes, primary key (a), b text);";
        let made = table(sql);
        assert_eq!((made.name.span.of(sql), made.if_not_exists), ("s.t", true));
        let columns: Vec<_> = made.columns.iter().map(|column| column.name.value.as_str()).collect();
        assert_eq!(columns, ["a", "b"]);
        assert_eq!(made.constraints.len(), 1);
        assert_eq!(made.like[0].table.object(), "l");
        assert!(made.like[0].including.iter().any(|what| what == "defaults"));
        assert!(!made.like[0].including.iter().any(|what| what == "indexes"));
        assert_eq!(made.list_span.unwrap().of(sql), &sql[31..sql.len() - 1]);
    }

    #[test]
    fn a_table_is_temporary_by_its_word_or_its_schema() {
        let lives = |sql| table(sql).persistence;
        assert_eq!(lives("create temp table t (a int)"), Persistence::Temporary);
        assert_eq!(lives("create local temporary table t ()"), Persistence::Temporary);
        assert_eq!(lives("create table pg_temp.t (a int)"), Persistence::Temporary);
        assert_eq!(lives("create unlogged table t (a int)"), Persistence::Unlogged);
        assert_eq!(lives("create table t (a int)"), Persistence::Permanent);
    }

    #[test]
    fn a_partitions_bound_and_key_are_kept() {
        let sql =
            "create table p partition of s.q for values in ('x', null) partition by hash (id, lower(b) collate \"C\")";
        let made = table(sql);
        assert_eq!(made.partition_of.unwrap().span.of(sql), "s.q");
        let Some(PartitionBound::Values(bound)) = made.bound else { panic!("no bound") };
        assert_eq!(bound.of(sql), "for values in ('x', null)");
        let (strategy, key) = made.partition_by.unwrap();
        assert_eq!(strategy, "hash");
        assert_eq!(key.iter().map(|expr| expr.span.of(sql)).collect::<Vec<_>>(), ["id", "lower(b)"]);
        assert_eq!(table("create table p partition of q default").bound, Some(PartitionBound::Default));
    }

    #[test]
    fn what_follows_the_list_is_kept() {
        let made =
            table("create table t (a int) inherits (p, s.q) with (FillFactor = 70, toast.autovacuum_enabled='off')");
        assert_eq!(made.inherits.iter().map(Name::object).collect::<Vec<_>>(), ["p", "q"]);
        assert_eq!(made.options, ["fillfactor=70", "toast.autovacuum_enabled=off"]);
        let typed = table("create table t of s.ty (a with options not null)");
        assert!(typed.of_type.is_some_and(|of| of.schema() == Some("s") && of.object() == "ty"));
        assert_eq!((typed.columns[0].type_name.clone(), typed.columns[0].constraints.len()), (None, 1));
        assert!(table("create foreign table f (a int options (x 'y')) server s").foreign);
    }

    #[test]
    fn a_table_made_by_a_query_keeps_it() {
        let sql = "create table if not exists t (x, y) as (select 1, 2) with no data";
        let StmtKind::CreateTableAs(made) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        assert!(made.if_not_exists);
        assert_eq!(made.columns.iter().map(|column| column.value.as_str()).collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(made.query.unwrap().span.of(sql), "select 1, 2");
        let sql = "create table t as execute prepared(1)";
        let StmtKind::CreateTableAs(made) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        assert_eq!(made.query, None);
    }
}
