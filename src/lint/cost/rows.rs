//! What statements cost that read and write rows.

use super::Look;
use crate::lint::ask::in_use::is_emptied;
use crate::lint::ask::reach::reached;
use crate::lint::schema::{QName, TableKind};
use crate::risk::{Danger, LockMode, Phase, Reversible};
use crate::sql::ast::{Delete, Expr, ExprKind, Insert, Name, Query, Stmt, StmtKind, Update, Volatility};
use crate::text::bare_ident;

impl Look<'_, '_> {
    /// `insert`, `update`, `delete`, `merge`, `copy`, `truncate`, `select`, `call`.
    pub(super) fn rows(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Insert(insert) if self.holds_rows(&insert.table) => self.insert(insert),
            StmtKind::Update(update) if self.holds_rows(&update.table) => self.update(update),
            StmtKind::Delete(delete) if self.holds_rows(&delete.table) => self.delete(delete),
            StmtKind::Merge(merge) if self.holds_rows(&merge.table) => {
                let table = self.full(&merge.table);
                self.is(Phase::Migrate);
                self.cost.returns(Reversible::No, format!("which rows of {table} it changed, and how, is not kept"));
                let text = format!("changes rows of {table}; what they were is not kept");
                self.cost.reason(Danger::Overwrites, format!("merge:{table}"), text);
            }
            StmtKind::Copy(copy) if copy.from => {
                if let Some(table) = copy.table.as_ref().filter(|table| self.holds_rows(table)) {
                    self.added(&self.named(table));
                }
            }
            StmtKind::Truncate { tables, cascade } => self.truncate(tables, *cascade),
            StmtKind::Select(query) => self.select(query),
            StmtKind::Call(call) => {
                if let ExprKind::Call { name, .. } = &call.kind {
                    self.opaque(&format!("procedure `{name}` may do anything"));
                }
            }
            _ => {}
        }
    }

    /// Whether the table was there before the migration, with rows in it.
    fn holds_rows(&self, name: &Name) -> bool {
        self.at.is_in_use(name) && !is_emptied(&self.at, &self.at.resolve(name))
    }

    /// Rows come in.
    fn added(&mut self, table: &QName) {
        self.is(Phase::Migrate);
        self.cost.returns(Reversible::No, format!("which rows of {table} are new is not kept"));
        self.cost.reason(Danger::Touches, format!("insert:{table}"), format!("adds rows to {table}"));
    }

    fn insert(&mut self, insert: &Insert) {
        let table = self.named(&insert.table);
        self.added(&table);
        if insert.conflict.is_some() {
            return;
        }
        for index in self.at.schema.indexes_of(&table).filter(|index| index.unique) {
            let columns = index.leading_columns();
            let is_given =
                |column: &&str| insert.columns.is_empty() || insert.columns.iter().any(|named| named.value == **column);
            // Of what an index computes nobody can tell whether it is given.
            if columns.len() == index.keys.len() && columns.iter().all(is_given) {
                let why = format!("fails where a row of {table} has the same `{}`", columns.join(", "));
                self.cost.fails(why.as_str());
                self.cost.reason(Danger::TestsRows, format!("insert:{table}"), why);
            }
        }
    }

    fn update(&mut self, update: &Update) {
        let table = self.named(&update.table);
        self.is(Phase::Migrate);
        let known = self.at.schema.tables.get(&table);
        let is_new =
            |column: &str| known.and_then(|it| it.column(column)).is_some_and(|it| it.created.is_in(self.at.file.id));
        let old: Vec<String> = update
            .set
            .iter()
            .map(|set| set.column.value.as_str())
            .filter(|column| !is_new(column))
            .map(|column| bare_ident(column).into_owned())
            .collect();
        let is_whole = update.filter.as_ref().is_none_or(Expr::is_always_true) && !update.current_of;
        if is_whole && update.from.is_empty() {
            self.scans(&table);
        }
        let rows = if is_whole { "every row" } else { "some rows" };
        let approval = format!("{}:{table}", if is_whole { "update-all" } else { "update" });
        if old.is_empty() {
            let text = format!("fills new columns of {rows} of {table} in one transaction: writes of those rows wait");
            self.cost.reason(if is_whole { Danger::Overwrites } else { Danger::Touches }, approval, text);
            return;
        }
        let columns = old.join("`, `");
        self.cost.returns(Reversible::No, format!("what `{columns}` of {table} was before is not kept"));
        let text = format!("overwrites `{columns}` of {rows} of {table}; what it was is not kept");
        self.cost.reason(if is_whole { Danger::OverwritesAll } else { Danger::Overwrites }, approval, text);
    }

    fn delete(&mut self, delete: &Delete) {
        let table = self.named(&delete.table);
        self.is(Phase::Migrate);
        self.cost.returns(Reversible::DataLost, format!("the rows that it deletes from {table} are gone"));
        let is_whole = delete.filter.as_ref().is_none_or(Expr::is_always_true) && !delete.current_of;
        if is_whole && delete.using.is_empty() {
            self.is(Phase::Contract);
            self.scans(&table);
            self.cost.reason(Danger::LosesData, format!("delete-all:{table}"), format!("deletes all rows of {table}"));
        } else {
            self.cost.reason(Danger::DeletesRows, format!("delete:{table}"), format!("deletes rows of {table}"));
        }
    }

    fn truncate(&mut self, tables: &[Name], cascade: bool) {
        let named: Vec<QName> =
            tables.iter().filter(|table| self.at.is_in_use(table)).map(|table| self.named(table)).collect();
        let also = if cascade { reached(self.before, &named) } else { Vec::new() };
        for table in also.iter().chain(&named) {
            self.is(Phase::Contract);
            self.lock(table, LockMode::AccessExclusive);
            self.cost.returns(Reversible::DataLost, format!("the rows of {table} are gone"));
            self.cost.reason(Danger::LosesData, format!("truncate:{table}"), format!("deletes all rows of {table}"));
        }
    }

    /// A query may call a function that changes something.
    fn select(&mut self, query: &Query) {
        for expr in query.exprs() {
            let ExprKind::Call { name, .. } = &expr.kind else { continue };
            let own = self.at.schema.functions(name);
            if own.iter().any(|it| it.created.file.is_some() && it.volatility == Volatility::Volatile) {
                self.opaque(&format!("function `{name}` may do anything"));
            }
        }
    }

    /// Whether it is a materialized view that the file has not made.
    pub(super) fn is_stored_view(&self, name: &QName) -> bool {
        self.at.schema.views.get(name).is_some_and(|view| view.materialized) && !self.is_own(name)
    }

    /// `refresh materialized view`.
    pub(super) fn refresh(&mut self, name: &Name, concurrently: bool, no_data: bool) {
        let view = self.named(name);
        if !self.is_stored_view(&view) && self.at.schema.views.contains_key(&view) {
            return;
        }
        self.is(Phase::Migrate);
        if no_data {
            self.cost.rewrites.insert(self.former(&view).to_string());
            let text = format!("takes the rows of {view} away: whoever reads it fails until it is refreshed");
            self.cost.reason(Danger::BreaksCode, format!("refresh:{view}"), text);
            return;
        }
        let reads = self.at.schema.views.get(&view).map(|it| it.reads.clone()).unwrap_or_default();
        reads.iter().filter(|name| self.before.tables.contains_key(*name)).for_each(|name| self.scans(name));
        if concurrently {
            self.cost.scans.insert(self.former(&view).to_string());
            let text = format!("computes {view} anew while its rows can only be read");
            self.cost.reason(Danger::BlocksWrites, format!("refresh:{view}"), text);
            return;
        }
        self.cost.rewrites.insert(self.former(&view).to_string());
        let text = format!("computes {view} anew while all who read it wait");
        self.cost.reason(Danger::BlocksAllRewriting, format!("refresh:{view}"), text);
        self.cost.instead = vec![
            format!(
                "create unique index concurrently … on {view} (…); -- once, on columns that tell its rows apart; it stays"
            ),
            format!("refresh materialized view concurrently {view};"),
        ];
    }

    /// `vacuum full`, `cluster`.
    pub(super) fn rewritten(&mut self, name: &Name, words: &str) {
        let table = self.named(name);
        if !self.holds_rows(name) && !self.is_stored_view(&table) {
            return;
        }
        if self.at.schema.tables.get(&table).is_some_and(|it| it.kind == TableKind::Foreign) {
            return;
        }
        self.rewrites_own(&table);
        let text = format!("`{words}` writes {table} with all its indexes anew while reads and writes wait");
        self.cost.reason(Danger::BlocksAllRewriting, format!("rewrite:{table}"), text);
    }
}
