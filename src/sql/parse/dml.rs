//! Statements that write, lock or empty tables.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use super::query::is_query;
use crate::sql::ast::{
    Assignment, Conflict, Copy, CreateTableAs, Delete, Ident, Insert, InsertSource, Merge, Name, Persistence, Query,
    QueryBody, Stmt, StmtKind, Target, Update,
};

impl Lower<'_> {
    pub(super) fn insert(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        use SyntaxKind as K;
        let table = self.name(&node.child(K::RELATION_NAME_REF)?)?;
        let source = node.children().find(|child| is_query(child.kind()));
        let source = source.and_then(|source| self.query(&source));
        let columns = node.child(K::COLUMN_TARGET_LIST);
        Some(StmtKind::Insert(Box::new(Insert {
            ctes: self.ctes(node),
            table,
            alias: self.alias(node),
            columns: columns.map(|list| self.idents_in(&list)).unwrap_or_default(),
            source: source.map_or(InsertSource::Defaults, |query| InsertSource::Query(Box::new(query))),
            conflict: node.child(K::ON_CONFLICT_CLAUSE).map(|clause| self.conflict(&clause)),
            returning: self.returning(node),
        })))
    }

    fn conflict(&mut self, clause: &SyntaxNode) -> Conflict {
        use SyntaxKind as K;
        let mut columns: Vec<Ident> = Vec::new();
        let items = clause.child(K::CONFLICT_ON_INDEX).and_then(|on| on.child(K::CONFLICT_INDEX_ITEM_LIST));
        for item in items.iter().flat_map(|list| list.every(K::CONFLICT_INDEX_ITEM).collect::<Vec<_>>()) {
            columns.extend(item.child(K::NAME_REF).and_then(|name| self.ident(&name)));
        }
        let update = clause.child(K::CONFLICT_DO_UPDATE_SET).map(|update| self.assignments(&update));
        Conflict { span: self.span(clause), columns, update }
    }

    /// The assignments of the `set` that a node holds.
    fn assignments(&mut self, node: &SyntaxNode) -> Vec<Assignment> {
        use SyntaxKind as K;
        let mut found = Vec::new();
        let clause = node.child(K::SET_CLAUSE);
        let list = clause.as_ref().and_then(|set| set.child(K::SET_COLUMN_LIST));
        if let Some(clause) = clause.filter(|_| list.iter().flat_map(SyntaxNode::children).next().is_none()) {
            self.refuse_behind(&clause);
        }
        for item in list.iter().flat_map(SyntaxNode::children) {
            let span = self.span(&item);
            match item.kind() {
                K::SET_SINGLE_COLUMN => {
                    let value = item.child(K::SET_EXPR).and_then(|value| self.first_expr(&value));
                    found.extend(item.child(K::COLUMN_TARGET).and_then(|target| {
                        let column = self.ident(&target)?;
                        Some(Assignment { span, column, value, part: target.children().nth(1).is_some() })
                    }));
                }
                K::SET_MULTIPLE_COLUMNS => {
                    let mut values = self.values(&item).into_iter();
                    let (whole, mut each) = (values.len() == 1, None);
                    let targets = item.child(K::COLUMN_TARGET_LIST);
                    for target in targets.iter().flat_map(|list| list.every(K::COLUMN_TARGET).collect::<Vec<_>>()) {
                        // A query gives all columns their values at once.
                        let value = match values.next() {
                            Some(value) => {
                                each = value;
                                each.clone()
                            }
                            None if whole => each.clone(),
                            None => None,
                        };
                        let part = target.children().nth(1).is_some();
                        found.extend(self.ident(&target).map(|column| Assignment { span, column, value, part }));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The right side of `(a, b) = …`: `None` for `default`.
    fn values(&mut self, item: &SyntaxNode) -> Vec<Option<crate::sql::ast::Expr>> {
        if let Some(list) = item.child(SyntaxKind::SET_EXPR_LIST) {
            return list.every(SyntaxKind::SET_EXPR).map(|value| self.first_expr(&value)).collect();
        }
        let query = item.children().find(|child| is_query(child.kind()));
        query.map(|query| vec![self.expr(&query)]).unwrap_or_default()
    }

    fn returning(&mut self, node: &SyntaxNode) -> Vec<Target> {
        node.child(SyntaxKind::RETURNING_CLAUSE).map(|clause| self.targets(&clause)).unwrap_or_default()
    }

    pub(super) fn update(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        use SyntaxKind as K;
        Some(StmtKind::Update(Box::new(Update {
            ctes: self.ctes(node),
            table: self.name(&node.child(K::RELATION_NAME)?)?,
            alias: self.alias(node),
            set: self.assignments(node),
            from: node.child(K::FROM_CLAUSE).map(|from| self.sources(&from)).unwrap_or_default(),
            filter: self.filter(node),
            current_of: node.holds(K::WHERE_CURRENT_OF),
            returning: self.returning(node),
        })))
    }

    pub(super) fn delete(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        use SyntaxKind as K;
        Some(StmtKind::Delete(Box::new(Delete {
            ctes: self.ctes(node),
            table: self.name(&node.child(K::RELATION_NAME)?)?,
            alias: self.alias(node),
            using: node.child(K::USING_CLAUSE).map(|using| self.sources(&using)).unwrap_or_default(),
            filter: self.filter(node),
            current_of: node.holds(K::WHERE_CURRENT_OF),
            returning: self.returning(node),
        })))
    }

    pub(super) fn merge(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        use SyntaxKind as K;
        let table = self.name(&node.child(K::TABLE_RELATION_NAME)?)?;
        let (mut using, mut exprs) = (None, Vec::new());
        for child in node.children() {
            match child.kind() {
                K::USING_ON_CLAUSE => {
                    using = child.children().find_map(|item| self.source(&item));
                    exprs.extend(child.child(K::ON_CLAUSE).and_then(|on| self.first_expr(&on)));
                }
                K::WITH_CLAUSE | K::TABLE_RELATION_NAME | K::OPTIONAL_AS_ALIAS => {}
                _ => self.collect_loose(&child, &mut exprs),
            }
        }
        Some(StmtKind::Merge(Box::new(Merge { ctes: self.ctes(node), table, using, exprs })))
    }

    pub(super) fn copy(&mut self, node: &SyntaxNode) -> StmtKind {
        let table = node.child(SyntaxKind::COPY_TABLE).and_then(|table| self.name(&table));
        if !node.holds(SyntaxKind::COPY_FROM) && !node.holds(SyntaxKind::COPY_TO) {
            self.refuse_behind(node);
        }
        let query = node.child(SyntaxKind::COPY_QUERY).and_then(|query| self.run_within(&query));
        StmtKind::Copy(Box::new(Copy { table, from: node.holds(SyntaxKind::COPY_FROM), query }))
    }

    /// `explain`: with `analyze` its statement runs.
    pub(super) fn explain(&mut self, node: &SyntaxNode) -> StmtKind {
        let options = node.child(SyntaxKind::EXPLAIN_OPTION_LIST);
        let is_run = node.holds(SyntaxKind::EXPLAIN_ANALYZE) || options.is_some_and(|list| is_analyzed(&list.words()));
        StmtKind::Explain(self.run_within(node).filter(|_| is_run))
    }

    pub(super) fn prepare(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = node.child(SyntaxKind::PREPARED_STATEMENT).and_then(|name| self.ident(&name))?;
        Some(StmtKind::Prepare { name, statement: self.run_within(node)? })
    }

    pub(super) fn execute_prepared(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = node.child(SyntaxKind::PREPARED_STATEMENT_REF);
        name.and_then(|name| self.ident(&name)).map(StmtKind::Execute)
    }

    /// The statement that another one holds and runs.
    fn run_within(&mut self, node: &SyntaxNode) -> Option<Box<Stmt>> {
        use SyntaxKind as K;
        let is_run = |kind| {
            is_query(kind)
                || matches!(
                    kind,
                    K::INSERT
                        | K::UPDATE
                        | K::DELETE
                        | K::MERGE
                        | K::SELECT_INTO
                        | K::CREATE_TABLE_AS
                        | K::CREATE_MATERIALIZED_VIEW
                        | K::EXECUTE
                )
        };
        let held = node.children().find(|child| is_run(child.kind()))?;
        self.depth += 1;
        let statement = self.stmt(&held);
        self.depth -= 1;
        Some(Box::new(statement))
    }

    pub(super) fn truncate(&mut self, node: &SyntaxNode) -> StmtKind {
        StmtKind::Truncate { tables: self.relations(node), cascade: node.holds(SyntaxKind::CASCADE) }
    }

    pub(super) fn lock(&mut self, node: &SyntaxNode) -> StmtKind {
        let mode = node.child(SyntaxKind::LOCK_MODE_CLAUSE).and_then(|clause| clause.children().next());
        StmtKind::Lock {
            tables: self.relations(node),
            mode: mode.map_or_else(|| "access exclusive".to_owned(), |mode| mode.words()),
        }
    }

    /// The tables in the list that a statement holds.
    fn relations(&self, node: &SyntaxNode) -> Vec<Name> {
        let is_list = |kind| matches!(kind, SyntaxKind::TABLE_LIST | SyntaxKind::RELATION_LIST);
        let list = node.children().find(|child| is_list(child.kind()));
        list.iter().flat_map(SyntaxNode::children).filter_map(|table| self.name(&table)).collect()
    }

    /// `select … into t` makes a table, whichever of the selects of a `union` says so.
    pub(super) fn select(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let query = self.query(node)?;
        let Some((name, persistence)) = made_table(node, &query) else {
            return Some(StmtKind::Select(Box::new(query)));
        };
        Some(StmtKind::CreateTableAs(Box::new(CreateTableAs {
            persistence,
            if_not_exists: false,
            name,
            columns: Vec::new(),
            query: Some(query),
        })))
    }
}

/// Whether the options of `explain` say `analyze`; the last word on it counts.
fn is_analyzed(options: &str) -> bool {
    let mut said = options.trim_matches(['(', ')', ' ']).rsplit(',').filter_map(|option| {
        let mut words = option.split_whitespace();
        words.next().filter(|name| matches!(*name, "analyze" | "analyse"))?;
        Some(!words.next().is_some_and(|value| matches!(value.trim_matches('\''), "false" | "off" | "0")))
    });
    said.next().unwrap_or_default()
}

/// The table that `into` makes, and how long it lives.
fn made_table(node: &SyntaxNode, query: &Query) -> Option<(Name, Persistence)> {
    let name = match &query.body {
        QueryBody::Select(select) => select.into.clone()?,
        QueryBody::Set { left, .. } => return made_table(node, left),
        QueryBody::Values(_) => return None,
    };
    let clause = node.find(SyntaxKind::INTO_CLAUSE)?;
    let persistence = if clause.tokens().any(|token| token.kind() == SyntaxKind::UNLOGGED_KW) {
        Persistence::Unlogged
    } else if clause.tokens().any(|token| matches!(token.kind(), SyntaxKind::TEMP_KW | SyntaxKind::TEMPORARY_KW)) {
        Persistence::Temporary
    } else {
        Persistence::Permanent
    };
    Some((name, persistence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn stmt(sql: &str) -> StmtKind {
        let script = parse(sql);
        assert_eq!(script.errors, [], "{sql}");
        script.statements.into_iter().next().unwrap().kind
    }

    fn columns(set: &[Assignment]) -> Vec<(&str, bool, bool)> {
        set.iter().map(|it| (it.column.value.as_str(), it.value.is_some(), it.part)).collect()
    }

    #[test]
    fn an_insert_says_what_happens_on_conflict() {
        let sql = "insert into s.t as x (a, b[1]) values (1, default) on conflict (a, lower(b)) do update \
                   set a = excluded.a, (b, c) = (1, default), (d, e) = (select 1, 2), f[1] = 2, g = default returning *";
        let StmtKind::Insert(insert) = stmt(sql) else { panic!("{sql}") };
        assert_eq!((insert.table.span.of(sql), insert.columns.len(), insert.returning.len()), ("s.t", 2, 1));
        let conflict = insert.conflict.unwrap();
        assert_eq!(conflict.columns.len(), 1);
        assert_eq!(
            columns(&conflict.update.unwrap()),
            [
                ("a", true, false),
                ("b", true, false),
                ("c", false, false),
                ("d", true, false),
                ("e", true, false),
                ("f", true, true),
                ("g", false, false)
            ]
        );
        let StmtKind::Insert(insert) = stmt("insert into t default values on conflict do nothing") else { panic!() };
        assert!(insert.source == InsertSource::Defaults && insert.conflict.unwrap().update.is_none());
    }

    #[test]
    fn updates_deletes_and_merges_keep_their_conditions() {
        let StmtKind::Update(update) = stmt("update only t as x set a = 1 from u join v on true where b returning c")
        else {
            panic!()
        };
        assert_eq!((update.from.len(), update.filter.is_some(), update.returning.len()), (1, true, 1));
        let StmtKind::Delete(delete) = stmt("with d as (select 1) delete from t using u where current of c") else {
            panic!()
        };
        assert_eq!((delete.ctes.len(), delete.using.len(), delete.current_of, delete.filter), (1, 1, true, None));
        let sql = "merge into t x using u on a = b when matched and c then update set d = e when not matched then insert values (1)";
        let StmtKind::Merge(merge) = stmt(sql) else { panic!() };
        let written: Vec<_> = merge.exprs.iter().map(|expr| expr.span.of(sql)).collect();
        assert_eq!(written, ["a = b", "c", "e", "values (1)"]);
    }

    #[test]
    fn truncate_lock_and_copy_name_their_tables() {
        assert!(
            matches!(stmt("truncate a, only s.b cascade"), StmtKind::Truncate { tables, cascade: true } if tables.len() == 2)
        );
        assert!(matches!(stmt("lock t"), StmtKind::Lock { mode, .. } if mode == "access exclusive"));
        assert!(
            matches!(stmt("lock table a, b in SHARE  row exclusive mode"), StmtKind::Lock { mode, .. } if mode == "share row exclusive")
        );
        assert!(
            matches!(stmt("copy t (a) from stdin;\n1\n\\.\n"), StmtKind::Copy(copy) if copy.from && copy.table.is_some())
        );
    }
}
