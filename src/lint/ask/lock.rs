//! Which locks the statements of a file take on tables that others may be using, and which statements share a transaction.

use std::collections::{BTreeMap, BTreeSet};

use super::created;
use crate::lint::schema::{ConstraintDef, QName, Schema};
use crate::lint::{Config, Event, FileCx, LintFile, Origin};
use crate::risk::LockMode;
use crate::sql::Mode;
use crate::sql::ast::{
    AlterColumn, AlterTable, ColumnConstraintKind, ConstraintKind, Drop, ExprKind, InsertSource, Name, ObjectKind,
    Query, Relation, Stmt, StmtKind, TableActionKind, TransactionStmt,
};
use crate::text::Span;

/// A lock that keeps somebody waiting.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Taken {
    /// The table, by the name it had before the file.
    pub(in crate::lint) name: QName,
    /// How strong.
    pub(in crate::lint) mode: LockMode,
    /// The clause that takes it.
    pub(in crate::lint) span: Span,
}

/// A statement of a file that runs when the migration runs.
#[derive(Debug)]
pub(in crate::lint) struct Step<'a> {
    /// The statement.
    pub(in crate::lint) event: &'a Event,
    /// The locks it takes on tables in use, SHARE and stronger.
    pub(in crate::lint) locks: Vec<Taken>,
    /// The locks weaker than SHARE, which keep neither reads nor writes waiting.
    pub(in crate::lint) light: Vec<Taken>,
    /// The table in use whose rows it changes by the rows of a table: `update`, `delete`, `merge`, `insert … select`.
    pub(in crate::lint) written: Option<QName>,
    /// Whether it reads or writes rows of tables in use.
    pub(in crate::lint) uses_rows: bool,
    /// The number of its transaction within the file.
    pub(in crate::lint) transaction: usize,
}

impl Step<'_> {
    /// The first lock that keeps everybody off.
    pub(in crate::lint) fn exclusive(&self) -> Option<&Taken> {
        self.locks.iter().find(|lock| lock.mode == LockMode::AccessExclusive)
    }

    /// The strongest lock.
    pub(in crate::lint) fn strongest(&self) -> Option<&Taken> {
        self.locks.iter().reduce(|one, other| if other.mode > one.mode { other } else { one })
    }
}

/// The statements of the file that run, with the locks they take.
pub(in crate::lint) fn steps<'a>(cx: &FileCx<'a>) -> Vec<Step<'a>> {
    steps_of(cx.file, cx.schema, cx.config)
}

/// The same, of a file on the state before it.
pub(in crate::lint) fn steps_of<'a>(file: &'a LintFile, schema: &Schema, config: &Config) -> Vec<Step<'a>> {
    let mut tables = Tables { schema, created: BTreeSet::new(), former: BTreeMap::new() };
    let runner =
        config.in_transaction && !file.no_transaction && !matches!(file.transaction.mode, Mode::NoTransaction { .. });
    // Until the file says otherwise everything runs in the runner's transaction, or each statement by itself.
    let (mut shared, mut transaction, mut top) = (runner, 0, 0);
    let mut steps = Vec::new();
    for event in file.events.iter().filter(|event| event.origin != Origin::Routine) {
        if !shared && event.top != top {
            transaction += 1;
        }
        top = event.top;
        if let StmtKind::Transaction(control) = &event.stmt.kind {
            match control {
                TransactionStmt::Begin => {
                    shared = true;
                    transaction += 1;
                }
                TransactionStmt::Commit | TransactionStmt::Rollback => {
                    shared = false;
                    transaction += 1;
                }
                _ => {}
            }
        }
        let taken = if event.dynamic.is_some() { Vec::new() } else { tables.locks(&event.stmt) };
        let (locks, light) = taken.into_iter().partition(|lock| lock.mode >= LockMode::Share);
        let (written, uses_rows) = tables.rows(&event.stmt);
        tables.play(&event.stmt);
        steps.push(Step { event, locks, light, written, uses_rows, transaction });
    }
    steps
}

/// What is known of the tables while the file is walked.
struct Tables<'a> {
    /// The state before the file.
    schema: &'a Schema,
    /// What the file has created.
    created: BTreeSet<QName>,
    /// The names that renamed tables had before the file.
    former: BTreeMap<QName, QName>,
}

impl Tables<'_> {
    /// The name before the file of a table that others may be using.
    fn in_use(&self, name: &Name) -> Option<QName> {
        let name = self.schema.resolve(name);
        self.known(name)
    }

    fn known(&self, name: QName) -> Option<QName> {
        if name.schema == "pg_temp" || self.created.contains(&name) {
            return None;
        }
        let name = self.former.get(&name).cloned().unwrap_or(name);
        match self.schema.tables.get(&name) {
            Some(table) => !table.is_temporary(),
            None => self.schema.views.get(&name).is_none_or(|view| view.materialized),
        }
        .then_some(name)
    }

    /// Whether earlier files have made tables.
    fn has_history(&self) -> bool {
        self.schema.tables.values().any(|table| !table.is_platform())
    }

    /// Whose rows a statement changes by those of a table, and whether it works on rows of tables in use at all.
    fn rows(&self, stmt: &Stmt) -> (Option<QName>, bool) {
        if let Some(carried) = stmt.carried().into_iter().find_map(|it| self.rows(it).0) {
            return (Some(carried), true);
        }
        let reads = |query: &Query| query.relations().iter().any(|name| self.in_use(name).is_some());
        let written = match &stmt.kind {
            StmtKind::Update(update) => self.in_use(&update.table),
            StmtKind::Delete(delete) => self.in_use(&delete.table),
            StmtKind::Merge(merge) => self.in_use(&merge.table),
            StmtKind::Insert(insert) => {
                let read = matches!(&insert.source, InsertSource::Query(query) if reads(query));
                let into = self.in_use(&insert.table);
                return (into.clone().filter(|_| read), read || into.is_some());
            }
            StmtKind::Copy(copy) => {
                return (None, copy.table.as_ref().is_some_and(|table| self.in_use(table).is_some()));
            }
            StmtKind::Select(query) => return (None, reads(query) || self.calls(query)),
            StmtKind::CreateTableAs(create) => return (None, create.query.as_ref().is_some_and(reads)),
            StmtKind::CreateView(view) => return (None, view.materialized && !view.no_data && reads(&view.query)),
            StmtKind::Call(_) => return (None, true),
            _ => return (None, false),
        };
        let uses = written.is_some();
        (written, uses)
    }

    /// Whether a query calls a function of the chain's own, which may do anything.
    fn calls(&self, query: &Query) -> bool {
        query.exprs().iter().any(|expr| {
            matches!(&expr.kind, ExprKind::Call { name, .. } if self.schema.functions(name).iter().any(|it| it.created.file.is_some()))
        })
    }

    fn play(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::CreateTable(create) => self.create(&create.name),
            StmtKind::CreateTableAs(create) => self.create(&create.name),
            StmtKind::CreateView(create) => self.create(&create.name),
            StmtKind::CreateIndex(index) => {
                if let Some(name) = &index.name {
                    let table = self.schema.resolve(&index.table);
                    self.created.insert(QName::new(table.schema, name.value.as_str()));
                }
            }
            StmtKind::AlterTable(alter) => {
                for action in &alter.actions {
                    let old = self.schema.resolve(&alter.name);
                    let new = match &action.kind {
                        TableActionKind::Rename(to) => QName::new(old.schema.as_str(), to.value.as_str()),
                        TableActionKind::SetSchema(to) => QName::new(to.value.as_str(), old.name.as_str()),
                        _ => continue,
                    };
                    if self.created.contains(&old) {
                        self.created.insert(new);
                    } else {
                        let first = self.former.get(&old).cloned().unwrap_or(old);
                        self.former.insert(new, first);
                    }
                }
            }
            _ => {}
        }
    }

    fn create(&mut self, name: &Name) {
        let created = self.schema.creation(name);
        // What was there before and is to be created only where it is missing stays in use.
        if !self.schema.has_relation(&created) {
            self.created.insert(created);
        }
    }

    fn locks(&self, stmt: &Stmt) -> Vec<Taken> {
        let mut found = Vec::new();
        let mut take = |name: &Name, mode: LockMode, span: Span| {
            if let Some(name) = self.in_use(name) {
                found.push(Taken { name, mode, span });
            }
        };
        let (whole, all) = (stmt.span, LockMode::AccessExclusive);
        for carried in stmt.carried() {
            if let Some(table) = written(carried) {
                take(table, LockMode::RowExclusive, carried.span);
            }
        }
        if let Some(table) = written(stmt) {
            take(table, LockMode::RowExclusive, whole);
        }
        match &stmt.kind {
            StmtKind::AlterTable(alter) => altered(alter, &mut take),
            StmtKind::CreateTable(create) => created::created(create, &mut take),
            StmtKind::CreateIndex(index) => {
                let mode = if index.concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
                take(&index.table, mode, index.keyword);
            }
            StmtKind::CreateTrigger(trigger) => take(&trigger.table, LockMode::ShareRowExclusive, whole),
            StmtKind::CreatePolicy(policy) => take(&policy.table, all, whole),
            StmtKind::AlterPolicy(policy) => take(&policy.table, all, whole),
            StmtKind::CreateObject(it) if it.kind == ObjectKind::Rule => {
                it.on.iter().for_each(|on| take(on, all, whole));
            }
            StmtKind::CreateObject(it) if matches!(it.kind, ObjectKind::Statistics | ObjectKind::Publication) => {
                it.tables.iter().for_each(|table| take(table, LockMode::ShareUpdateExclusive, whole));
            }
            StmtKind::AlterObject(it)
                if matches!(it.kind, ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule) =>
            {
                it.on.iter().for_each(|on| take(on, all, whole));
            }
            StmtKind::Truncate { tables, .. } => tables.iter().for_each(|table| take(table, all, table.span)),
            StmtKind::Lock { tables, mode } => tables.iter().for_each(|table| take(table, lock_mode(mode), table.span)),
            StmtKind::RefreshView { name, concurrently, .. } => {
                take(name, if *concurrently { LockMode::Exclusive } else { all }, whole);
            }
            StmtKind::Reindex { what, name: Some(name), concurrently: true, .. } if what == "table" => {
                take(name, LockMode::ShareUpdateExclusive, whole);
            }
            StmtKind::Reindex { what, name: Some(name), concurrently: false, .. } => match what.as_str() {
                "table" => take(name, LockMode::Share, whole),
                // The index keeps off whoever would read it.
                "index" => take(name, all, whole),
                _ => {}
            },
            StmtKind::Cluster { table: Some(table), concurrently: false } => take(table, all, whole),
            StmtKind::Vacuum { full: true, tables } => tables.iter().for_each(|table| take(table, all, whole)),
            StmtKind::Vacuum { tables, .. } | StmtKind::Analyze { tables } => {
                for table in tables {
                    take(table, LockMode::ShareUpdateExclusive, whole);
                }
            }
            StmtKind::CommentOn(comment) if comment.kind == ObjectKind::Table => {
                comment.name.iter().for_each(|name| take(name, LockMode::ShareUpdateExclusive, whole));
            }
            StmtKind::CommentOn(comment) if comment.kind == ObjectKind::Column => {
                let table = comment.name.as_ref().and_then(|name| name.parts.split_last());
                if let Some((_, table)) = table.filter(|(_, table)| !table.is_empty()) {
                    let span = table.first().map_or(whole, |first| first.span);
                    take(&Name { parts: table.to_vec(), span }, LockMode::ShareUpdateExclusive, whole);
                }
            }
            StmtKind::Insert(_) | StmtKind::Update(_) | StmtKind::Delete(_) | StmtKind::Merge(_) => {
                if let Some(table) = written(stmt) {
                    take(table, LockMode::RowExclusive, whole);
                }
            }
            StmtKind::Drop(drop) => found.extend(self.dropped(drop, whole)),
            _ => {}
        }
        found
    }

    /// Whether a table before the file is known to have no such policy, trigger or rule.
    fn lacks(&self, kind: ObjectKind, on: &Name, name: &Name) -> bool {
        self.schema.table(on).is_some_and(|table| match kind {
            ObjectKind::Policy => !table.policies.iter().any(|policy| policy.name == name.object()),
            ObjectKind::Trigger => !table.triggers.iter().any(|trigger| trigger.name == name.object()),
            ObjectKind::Rule => {
                let rule = QName::new(&*table.name.schema, format!("{}.{}", table.name.name, name.object()));
                !self.schema.objects.contains_key(&(kind, rule))
            }
            _ => false,
        })
    }

    fn dropped(&self, drop: &Drop, span: Span) -> Vec<Taken> {
        let mut found = Vec::new();
        let mut take = |name: QName| {
            if let Some(name) = self.known(name) {
                found.push(Taken { name, mode: LockMode::AccessExclusive, span });
            }
        };
        match drop.kind {
            ObjectKind::Table => {
                for name in &drop.names {
                    let name = self.schema.resolve(name);
                    let table = self.schema.tables.get(&name);
                    // Of a chain that is known, what is not there is not locked.
                    if drop.if_exists && table.is_none() && !self.former.contains_key(&name) && self.has_history() {
                        continue;
                    }
                    take(name);
                    if let Some(parent) = table.and_then(|table| table.partition_of.clone()) {
                        take(parent);
                    }
                    // A partition's foreign keys are its parent's, which stay.
                    let alone = table.filter(|table| table.partition_of.is_none());
                    for constraint in alone.into_iter().flat_map(|table| &table.constraints) {
                        if let ConstraintDef::ForeignKey(reference) = &constraint.def {
                            take(reference.table.clone());
                        }
                    }
                }
            }
            ObjectKind::Index if !drop.concurrently => {
                for name in &drop.names {
                    let name = self.schema.resolve(name);
                    let name = self.former.get(&name).cloned().unwrap_or(name);
                    match self.schema.indexes.get(&name) {
                        Some(index) => take(index.table.clone()),
                        None if drop.if_exists && self.has_history() => {}
                        None => take(name),
                    }
                }
            }
            ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
                let gone = |on: &Name| drop.if_exists && drop.names.iter().all(|name| self.lacks(drop.kind, on, name));
                drop.on.iter().filter(|on| !gone(on)).for_each(|on| take(self.schema.resolve(on)));
            }
            _ => {}
        }
        found
    }
}

/// The table whose rows a statement changes by its own words, not by those of its `with`.
fn written(stmt: &Stmt) -> Option<&Name> {
    match &stmt.kind {
        StmtKind::Insert(insert) => Some(&insert.table),
        StmtKind::Update(update) => Some(&update.table),
        StmtKind::Delete(delete) => Some(&delete.table),
        StmtKind::Merge(merge) => Some(&merge.table),
        StmtKind::Copy(copy) if copy.from => copy.table.as_ref(),
        _ => None,
    }
}

/// What `alter table` locks.
fn altered(alter: &AlterTable, take: &mut dyn FnMut(&Name, LockMode, Span)) {
    if alter.relation != Relation::Table {
        return;
    }
    for action in &alter.actions {
        take(&alter.name, action_mode(&action.kind), action.span);
        match &action.kind {
            TableActionKind::AddConstraint(constraint) => {
                if let ConstraintKind::ForeignKey { reference, .. } = &constraint.kind {
                    take(&reference.table, LockMode::ShareRowExclusive, action.span);
                }
            }
            TableActionKind::AddColumn { column, .. } => {
                for constraint in &column.constraints {
                    if let ColumnConstraintKind::References(reference) = &constraint.kind {
                        take(&reference.table, LockMode::ShareRowExclusive, constraint.span);
                    }
                }
            }
            TableActionKind::Inherit { table, add: true } => {
                take(table, LockMode::ShareUpdateExclusive, action.span);
            }
            TableActionKind::AttachPartition { table, .. }
            | TableActionKind::DetachPartition { table, concurrently: false, .. } => {
                take(table, LockMode::AccessExclusive, action.span);
            }
            _ => {}
        }
    }
}

/// The lock of one action on the table itself, as PostgreSQL takes it.
pub(in crate::lint) fn action_mode(action: &TableActionKind) -> LockMode {
    match action {
        TableActionKind::ValidateConstraint(_)
        | TableActionKind::AttachPartition { .. }
        | TableActionKind::DetachPartition { concurrently: true, .. }
        | TableActionKind::ResetOptions(_)
        | TableActionKind::AlterColumn { change: AlterColumn::Planner, .. } => LockMode::ShareUpdateExclusive,
        TableActionKind::SetOptions(options)
            if !options.iter().any(|option| option.starts_with("user_catalog_table")) =>
        {
            LockMode::ShareUpdateExclusive
        }
        TableActionKind::Other(words) if words.starts_with("cluster") || words == "set without" => {
            LockMode::ShareUpdateExclusive
        }
        TableActionKind::Trigger { .. } => LockMode::ShareRowExclusive,
        TableActionKind::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey { .. }) => {
            LockMode::ShareRowExclusive
        }
        _ => LockMode::AccessExclusive,
    }
}

/// The mode that `lock table` names.
pub(in crate::lint) fn lock_mode(words: &str) -> LockMode {
    LockMode::ALL.into_iter().find(|mode| mode.sql().eq_ignore_ascii_case(words)).unwrap_or(LockMode::AccessExclusive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Config, example, lint, parse_all};

    /// Tables, indexes, triggers and policies that are there before.
    const HISTORY: &str = "create table users (id bigint primary key);
        create table orders (id bigint primary key, user_id bigint references users, total numeric);
        create index orders_total_idx on orders (total);
        create policy own on orders using (true);
        create view totals as select total from orders;
        create materialized view sums as select sum(total) from orders;
        create table logs (at date) partition by range (at);
        create table logs_old partition of logs default;
        -- then
        ";

    #[test]
    fn locks_are_those_that_a_server_takes() {
        use LockMode::{AccessExclusive, Exclusive, Share, ShareRowExclusive};
        let cases: &[(&str, Option<(LockMode, &str)>)] = &[
            ("alter table orders add column note text", Some((AccessExclusive, "orders"))),
            ("alter table orders alter total set statistics 10", None),
            ("alter table orders alter total set default 1", Some((AccessExclusive, "orders"))),
            ("alter table orders set (fillfactor = 70)", None),
            ("alter table orders cluster on orders_total_idx", None),
            ("alter table orders validate constraint c", None),
            ("alter table orders disable trigger user", Some((ShareRowExclusive, "orders"))),
            ("alter table logs detach partition logs_old", Some((AccessExclusive, "logs"))),
            ("create table paid (order_id bigint references orders)", Some((ShareRowExclusive, "orders"))),
            (
                "create table logs_new partition of logs for values from ('2025-01-01') to ('2026-01-01')",
                Some((AccessExclusive, "logs")),
            ),
            ("create index on orders (total)", Some((Share, "orders"))),
            ("create index concurrently on orders (total)", None),
            ("drop index orders_total_idx", Some((AccessExclusive, "orders"))),
            ("drop policy own on orders", Some((AccessExclusive, "orders"))),
            ("drop policy if exists other on orders", None),
            ("drop table if exists gone", None),
            ("drop view totals", None),
            ("alter view totals rename to sums_of", None),
            ("refresh materialized view sums", Some((AccessExclusive, "sums"))),
            ("refresh materialized view concurrently sums", Some((Exclusive, "sums"))),
            ("reindex table orders", Some((Share, "orders"))),
            ("lock table orders in share mode", Some((Share, "orders"))),
            ("comment on table orders is 'a'", None),
            ("update orders set total = 1 where id = 1", None),
            ("create temporary table t (id bigint); alter table t add column note text", None),
            ("do $$ begin alter table orders add column note text; end $$", Some((AccessExclusive, "orders"))),
            ("alter table orders rename to sales; create index on sales (total)", Some((AccessExclusive, "orders"))),
            ("alter table unheard_of add column note text", Some((AccessExclusive, "unheard_of"))),
        ];
        let mut config = Config { timeouts_set: false, ..Config::default() };
        config.only.insert("lock-timeout".to_owned());
        for (sql, expected) in cases {
            let files = parse_all(example::inputs(&format!(
                "{}\n{sql};",
                HISTORY.trim_end_matches(' ').replace("        -- then", "-- then")
            )));
            let found = lint(&files, &config).findings;
            let found = found.first().map(|it| (it.lock, it.object.clone()));
            let expected = expected.map(|(mode, name)| (Some(mode), Some(format!("public.{name}"))));
            assert_eq!(found, expected, "{sql}");
        }
    }
}
