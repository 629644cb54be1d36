//! `create table` in all its forms.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
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

    /// `select … into t`.
    pub(super) fn select_into(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let into = node.child(SyntaxKind::INTO_CLAUSE)?;
        let name = self.name(&into.child(SyntaxKind::TABLE_NAME)?)?;
        Some(StmtKind::CreateTableAs(Box::new(CreateTableAs {
            persistence: persistence(&into, &name),
            if_not_exists: false,
            name,
            columns: Vec::new(),
            query: self.query(node),
        })))
    }

    /// The query that a statement holds.
    pub(super) fn query_in(&mut self, node: &SyntaxNode) -> Option<Query> {
        let query = node.children().find(|child| {
            matches!(
                child.kind(),
                SyntaxKind::SELECT
                    | SyntaxKind::VALUES
                    | SyntaxKind::TABLE
                    | SyntaxKind::COMPOUND_SELECT
                    | SyntaxKind::PAREN_SELECT
            )
        })?;
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
