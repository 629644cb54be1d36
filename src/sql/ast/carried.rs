//! The statements that a statement carries in its `with` and that change rows when it runs.

use super::{Cte, FromItem, FromKind, InsertSource, Query, QueryBody, Stmt, StmtKind};

impl Stmt {
    /// The statements of its `with`, at any depth, that change rows: they run with it, whether it reads them or not.
    pub fn carried(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        self.carry(&mut found);
        found
    }

    /// The statement itself where it changes rows, behind what it carries.
    pub fn writes(&self) -> Vec<&Self> {
        let mut found = self.carried();
        if self.changes_rows() {
            found.push(self);
        }
        found
    }

    fn changes_rows(&self) -> bool {
        matches!(self.kind, StmtKind::Insert(_) | StmtKind::Update(_) | StmtKind::Delete(_) | StmtKind::Merge(_))
    }

    fn carry<'a>(&'a self, found: &mut Vec<&'a Self>) {
        match &self.kind {
            StmtKind::Select(query) => of_query(query, found),
            StmtKind::Insert(insert) => {
                of_with(&insert.ctes, found);
                if let InsertSource::Query(query) = &insert.source {
                    of_query(query, found);
                }
            }
            StmtKind::Update(update) => of_with(&update.ctes, found),
            StmtKind::Delete(delete) => of_with(&delete.ctes, found),
            StmtKind::Merge(merge) => of_with(&merge.ctes, found),
            StmtKind::CreateTableAs(create) => create.query.iter().for_each(|query| of_query(query, found)),
            StmtKind::CreateView(view) => of_query(&view.query, found),
            _ => {}
        }
    }
}

fn of_with<'a>(ctes: &'a [Cte], found: &mut Vec<&'a Stmt>) {
    for cte in ctes {
        cte.statement.carry(found);
        if cte.statement.changes_rows() {
            found.push(&cte.statement);
        }
    }
}

fn of_query<'a>(query: &'a Query, found: &mut Vec<&'a Stmt>) {
    of_with(&query.ctes, found);
    match &query.body {
        QueryBody::Select(select) => select.from.iter().for_each(|item| of_source(item, found)),
        QueryBody::Set { left, right, .. } => {
            of_query(left, found);
            of_query(right, found);
        }
        QueryBody::Values(_) => {}
    }
}

fn of_source<'a>(item: &'a FromItem, found: &mut Vec<&'a Stmt>) {
    match &item.kind {
        FromKind::Query(query) => of_query(query, found),
        FromKind::Join { left, right, .. } => {
            of_source(left, found);
            of_source(right, found);
        }
        FromKind::Relation(_) | FromKind::Function(_) | FromKind::Other => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::StmtKind;
    use crate::sql::parse::parse;

    /// The tables that the statements of a `with` change, and how.
    fn changed(sql: &str) -> Vec<String> {
        let script = parse(sql);
        assert_eq!(script.errors, [], "{sql}");
        let [stmt] = script.statements.as_slice() else { panic!("{sql}") };
        let within = match &stmt.kind {
            StmtKind::Explain(Some(inner)) => inner,
            StmtKind::Copy(copy) => copy.query.as_ref().unwrap(),
            _ => stmt,
        };
        let words = |it: &&crate::sql::ast::Stmt| match &it.kind {
            StmtKind::Insert(it) => format!("insert {}", it.table.object()),
            StmtKind::Update(it) => format!("update {}", it.table.object()),
            StmtKind::Delete(it) => format!("delete {}", it.table.object()),
            StmtKind::Merge(it) => format!("merge {}", it.table.object()),
            _ => "?".to_owned(),
        };
        within.writes().iter().map(words).collect()
    }

    #[test]
    fn what_changes_rows_is_found_wherever_it_stands() {
        let cases: &[(&str, &[&str])] = &[
            ("with d as (delete from a returning 1) select count(*) from d", &["delete a"]),
            ("with x as (select 1) select * from x", &[]),
            ("with d as (delete from a returning *) insert into b select * from d", &["delete a", "insert b"]),
            ("insert into b with d as (delete from a returning *) select * from d", &["delete a", "insert b"]),
            ("with u as (update a set x = 1) delete from b", &["update a", "delete b"]),
            ("with i as (insert into a values (1)) update b set x = 1", &["insert a", "update b"]),
            (
                "with d as (delete from a returning *) merge into b using d on b.id = d.id when matched then delete",
                &["delete a", "merge b"],
            ),
            ("create table c as with d as (delete from a returning *) select * from d", &["delete a"]),
            ("with d as (delete from a returning 1) select 1 union all select 2", &["delete a"]),
            ("with a as (with d as (delete from b returning 1) select * from d) select * from a", &["delete b"]),
            ("explain analyze delete from a", &["delete a"]),
            ("explain (analyze, buffers) with d as (delete from a) select 1", &["delete a"]),
            ("explain (costs off, analyze true) update a set x = 1", &["update a"]),
            ("copy (delete from a returning *) to '/dev/null'", &["delete a"]),
        ];
        for (sql, expected) in cases {
            assert_eq!(changed(sql), *expected, "{sql}");
        }
        for sql in ["explain delete from a", "explain (analyze off) delete from a", "explain verbose delete from a"] {
            assert_eq!(parse(sql).statements[0].kind, StmtKind::Explain(None), "{sql}");
        }
    }
}
