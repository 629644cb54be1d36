//! What each statement costs on a database in use, without one: locks, scans, rewrites, failures, and whether it comes back.
//!
//! The rules of `locking` say the same of single mistakes; what both know of PostgreSQL stands in [`super::ask`].

mod alter;
mod cast;
mod column;
mod composite;
mod constraint;
mod drop;
mod foreign;
mod instead;
mod instead_beside;
mod instead_new;
mod object;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::ask::lock::{Step, steps_of};
use super::ask::reach::children;
use super::ask::timeouts::setting;
use super::schema::{ConstraintDef, QName, Schema, Table, TableKind};
use super::{At, Config, Event, LintFile, Origin};
use crate::risk::{Cost, Danger, LockMode, Phase, Reversible};
use crate::sql::ast::{AlterTable, ConstraintKind, Name, ObjectKind, StmtKind, TableAction, TableActionKind};
use crate::text::{Span, bare_ident};

/// The cost of a statement of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementCost {
    /// The path of its file.
    pub path: String,
    /// Its number in the file, from 1.
    pub number: usize,
    /// What it costs.
    pub cost: Cost,
}

/// What the statements of the selected files cost.
pub fn costs(files: &[LintFile], config: &Config) -> Vec<StatementCost> {
    let mut schema = Schema::new(config);
    let mut found = Vec::new();
    for file in files {
        if file.selected {
            found.extend(of_file(files, file, &mut schema, config));
        } else {
            super::engine::play(&mut schema, file);
        }
    }
    found
}

fn of_file(files: &[LintFile], file: &LintFile, schema: &mut Schema, config: &Config) -> Vec<StatementCost> {
    let before = schema.clone();
    let steps = steps_of(file, &before, config);
    let mut steps = steps.iter().peekable();
    let mut by_statement: BTreeMap<usize, Cost> = BTreeMap::new();
    let mut waiting = Waiting::new(config);
    schema.begin_file(file);
    for (index, event) in file.events.iter().enumerate() {
        if event.origin != Origin::Routine {
            let at = At { file, index, event, schema, config };
            let cost = by_statement.entry(event.top).or_default();
            let mut look = Look { at, files, before: &before, cost, retyped: Vec::new(), part: None };
            look.event();
            if let Some(step) = steps.next_if(|step| std::ptr::eq(step.event, event)) {
                look.locks(step);
                waiting.step(&mut look, step);
            }
        }
        schema.apply(file, event);
    }
    schema.end_file(file);
    let path = file.path();
    let told = |(top, mut cost): (usize, Cost)| {
        // Whatever is looked for in rows that are written anew is looked for on the way.
        cost.scans.retain(|name| !cost.rewrites.contains(name));
        StatementCost { path: path.to_owned(), number: top + 1, cost }
    };
    by_statement.into_iter().map(told).collect()
}

/// A statement that is looked at, and what is found.
struct Look<'a, 'c> {
    /// The statement in its place.
    at: At<'a>,
    /// The chain.
    files: &'a [LintFile],
    /// The state before the file.
    before: &'a Schema,
    /// What it costs.
    cost: &'c mut Cost,
    /// The columns that get another type.
    retyped: Vec<foreign::Retyped>,
    /// What the action that is looked at becomes where nobody is to wait.
    part: Option<instead::Part>,
}

impl Look<'_, '_> {
    fn event(&mut self) {
        if self.at.event.dynamic.is_some() {
            self.opaque("the text of its `execute` is put together when it runs");
            return;
        }
        let stmt = &self.at.event.stmt;
        // What its `with` changes it changes as well, and first.
        stmt.carried().into_iter().for_each(|it| self.rows(it));
        match &stmt.kind {
            StmtKind::Execute(name) if !self.is_prepared(&name.value) => {
                self.opaque(&format!("nothing in its file prepares `{}`", name.value));
            }
            StmtKind::AlterTable(alter) => self.alter(alter),
            StmtKind::Drop(drop) => self.dropped(drop),
            StmtKind::Insert(_)
            | StmtKind::Update(_)
            | StmtKind::Delete(_)
            | StmtKind::Merge(_)
            | StmtKind::Copy(_)
            | StmtKind::Truncate { .. }
            | StmtKind::Select(_)
            | StmtKind::Call(_) => self.rows(stmt),
            _ => self.object(stmt),
        }
    }

    /// Whether the file has prepared a statement by this name before.
    fn is_prepared(&self, name: &str) -> bool {
        self.at.earlier().any(|it| matches!(&it.stmt.kind, StmtKind::Prepare { name: own, .. } if own.value == name))
    }

    /// What nobody can tell from the text.
    fn opaque(&mut self, why: &str) {
        let stem = self.at.file.path().rsplit('/').next().unwrap_or_default().trim_end_matches(".sql");
        self.cost.reason(Danger::Opaque, format!("opaque:{stem}"), format!("nobody can tell what it does: {why}"));
        self.cost.returns(Reversible::No, format!("nobody can tell what it does: {why}"));
    }

    /// A name as it is written in SQL, of a relation as it was called before the file.
    fn named(&self, name: &Name) -> QName {
        self.at.resolve(name)
    }

    /// The name of an object for approvals and texts, with its schema.
    fn full(&self, name: &Name) -> String {
        self.at.resolve(name).to_string()
    }

    /// The relations that hold the rows of a table, by their names before the file: its partitions, or itself, and with `heirs` what
    /// inherits from it.
    fn holders(&self, name: &QName, heirs: bool) -> Vec<QName> {
        let is_partitioned = |table: &Table| table.kind == TableKind::Partitioned;
        let own = self.at.schema.tables.get(name);
        let mut found = if own.is_some_and(is_partitioned) { Vec::new() } else { vec![self.former(name)] };
        let below = children(self.at.schema, name).into_iter().filter(|it| heirs || it.partition_of.is_some());
        let below = below.filter(|it| own.is_some() && !it.created.is_in(self.at.file.id) && !is_partitioned(it));
        found.extend(below.map(|it| self.former(&it.name)));
        found
    }

    /// Every row is read, those of heirs too.
    fn scans(&mut self, name: &QName) {
        self.cost.scans.extend(self.holders(name, true).iter().map(ToString::to_string));
    }

    /// Every row is read but for those of heirs.
    fn scans_own(&mut self, name: &QName) {
        self.cost.scans.extend(self.holders(name, false).iter().map(ToString::to_string));
    }

    /// Every row is written anew, those of heirs too.
    fn rewrites(&mut self, name: &QName) {
        self.cost.rewrites.extend(self.holders(name, true).iter().map(ToString::to_string));
    }

    /// Every row is written anew but for those of heirs.
    fn rewrites_own(&mut self, name: &QName) {
        self.cost.rewrites.extend(self.holders(name, false).iter().map(ToString::to_string));
    }

    fn locks(&mut self, step: &Step<'_>) {
        let statement = &self.at.event.stmt.kind;
        for lock in step.locks.iter().chain(&step.light) {
            self.lock(&lock.name, lock.mode);
            if !may_reach(statement) {
                continue;
            }
            let below = children(self.before, &lock.name);
            let is_whole = !self.is_only(statement);
            let mode =
                if self.at.config.pg_version < 18 && only_indexes(statement) { LockMode::Share } else { lock.mode };
            for child in below.into_iter().filter(|it| is_whole && reaches(statement, it, self.at.config.pg_version)) {
                self.lock(&child.name, mode);
            }
        }
    }

    /// Whether `truncate` or `lock` are said to leave partitions and heirs alone.
    fn is_only(&self, kind: &StmtKind) -> bool {
        matches!(kind, StmtKind::Truncate { .. } | StmtKind::Lock { .. })
            && self.line(self.at.event.stmt.span).split(' ').any(|word| word.eq_ignore_ascii_case("only"))
    }

    fn lock(&mut self, name: &QName, mode: LockMode) {
        self.hold(name.to_string(), mode);
    }

    fn hold(&mut self, name: String, mode: LockMode) {
        let held = self.cost.locks.entry(name).or_insert(mode);
        *held = mode.max(*held);
    }

    /// The text of a span, on one line.
    fn line(&self, span: Span) -> String {
        self.at.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whether it may lock partitions and heirs of the table that it names.
fn may_reach(kind: &StmtKind) -> bool {
    match kind {
        StmtKind::Drop(drop) => matches!(drop.kind, ObjectKind::Index | ObjectKind::Trigger),
        StmtKind::AlterObject(alter) => alter.kind == ObjectKind::Trigger,
        StmtKind::AlterTable(_)
        | StmtKind::CreateIndex(_)
        | StmtKind::CreateTrigger(_)
        | StmtKind::Truncate { .. }
        | StmtKind::Lock { .. }
        | StmtKind::Analyze { .. }
        | StmtKind::Vacuum { .. }
        | StmtKind::Cluster { .. }
        | StmtKind::Reindex { concurrently: false, .. } => true,
        _ => false,
    }
}

/// Whether it only makes unique constraints, for which the partitions are locked as for any index.
fn only_indexes(kind: &StmtKind) -> bool {
    let is_index = |action: &TableAction| match &action.kind {
        TableActionKind::AddConstraint(it) => {
            matches!(it.kind, ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. })
        }
        _ => false,
    };
    matches!(kind, StmtKind::AlterTable(alter) if alter.actions.iter().all(is_index))
}

/// Whether a lock on a table is one on this partition or heir too.
fn reaches(kind: &StmtKind, child: &Table, version: u32) -> bool {
    let is_partition = child.partition_of.is_some();
    match kind {
        StmtKind::AlterTable(alter) => alter.actions.iter().any(|it| reaches_below(alter, &it.kind, child, version)),
        StmtKind::CreateIndex(index) => !index.only && is_partition,
        StmtKind::CreateTrigger(trigger) => trigger.for_each_row && is_partition,
        StmtKind::Truncate { .. } | StmtKind::Lock { .. } => true,
        _ => is_partition,
    }
}

/// Whether an action on a table is one on a partition or heir too.
fn reaches_below(alter: &AlterTable, action: &TableActionKind, child: &Table, version: u32) -> bool {
    let is_partition = child.partition_of.is_some();
    match action {
        // Without `only` the columns go; with it they become the heirs' own.
        TableActionKind::DropColumn { .. } => true,
        TableActionKind::DropConstraint { if_exists: true, name, .. } if child.constraint(&name.value).is_none() => {
            false
        }
        // Each partition's foreign key is validated with it.
        TableActionKind::ValidateConstraint(name) => {
            let known = child.constraint(&name.value).map(|it| &it.def);
            !alter.only && !matches!(known, Some(ConstraintDef::ForeignKey(_)))
        }
        TableActionKind::AddConstraint(constraint) => match &constraint.kind {
            // Since PostgreSQL 18 heirs are locked although they do not get it.
            ConstraintKind::Check { no_inherit, .. } => !alter.only && (!no_inherit || version >= 18),
            // A primary key makes the columns of heirs `not null`.
            ConstraintKind::NotNull(_) | ConstraintKind::PrimaryKey { .. } => !alter.only,
            // An heir has its own keys.
            _ => !alter.only && is_partition,
        },
        TableActionKind::AddColumn { .. }
        | TableActionKind::AlterColumn { .. }
        | TableActionKind::DropConstraint { .. }
        | TableActionKind::RenameColumn { .. } => !alter.only,
        TableActionKind::Trigger { .. } | TableActionKind::AlterConstraint(_) => !alter.only && is_partition,
        _ => false,
    }
}

/// How long others wait for the locks of a file.
struct Waiting {
    /// Whether the session has a `lock_timeout`.
    session: bool,
    /// Whether the transaction has one; as the session, where it says nothing.
    local: Option<bool>,
    /// The transaction.
    transaction: usize,
    /// What nobody else may use until the transaction ends, and the line that locked it.
    held: Option<(String, usize)>,
    /// Whether it has been said that the transaction works on rows meanwhile: one split mends the rest of it.
    is_said: bool,
}

impl Waiting {
    fn new(config: &Config) -> Self {
        Self { session: config.timeouts_set, local: None, transaction: 0, held: None, is_said: false }
    }

    fn step(&mut self, look: &mut Look<'_, '_>, step: &Step<'_>) {
        if step.transaction != self.transaction {
            (self.local, self.held, self.is_said, self.transaction) = (None, None, false, step.transaction);
        }
        if let Some(set) = setting(&step.event.stmt, "lock_timeout") {
            let limits = !set.reset && set.value != Some(0);
            if set.local {
                self.local = Some(limits);
            } else {
                (self.session, self.local) = (limits, None);
            }
            return;
        }
        let takes_time = !look.cost.scans.is_empty() || !look.cost.rewrites.is_empty() || step.uses_rows;
        if let Some((held, line)) = self.held.as_ref().filter(|_| takes_time && !self.is_said) {
            self.is_said = true;
            look.cost.reason(
                Danger::BlocksAllReading,
                format!("hold:{held}"),
                format!("works on rows while {held} stays locked against reads and writes since line {line}"),
            );
        }
        for lock in &step.locks {
            self.lock(look, &lock.name.to_string(), lock.mode);
        }
        if self.held.is_none()
            && let Some(lock) = step.exclusive()
        {
            let line = look.at.file.source.position(step.event.stmt.span.start).line;
            self.held = Some((lock.name.to_string(), line));
        }
    }

    /// A lock is worth a word of its own where nothing worse was said of the statement.
    fn lock(&self, look: &mut Look<'_, '_>, name: &str, mode: LockMode) {
        let (sql, waits) = (mode.sql(), mode.waits());
        if !self.local.unwrap_or(self.session) {
            let text =
                format!("asks for {sql} on {name} without a `lock_timeout`: whoever comes later queues behind it");
            look.cost.reason(Danger::EndlessWait, format!("lock:{name}"), text);
        }
        let is_said = look.cost.reasons.iter().any(|reason| {
            matches!(
                reason.danger,
                Danger::BlocksWrites | Danger::BlocksAllReading | Danger::BlocksAllRewriting | Danger::EndlessWait
            )
        });
        if !is_said {
            let text = format!("takes {sql} on {name} for a moment: {waits} wait");
            look.cost.reason(Danger::ShortLock, format!("lock:{name}"), text);
        }
    }
}

/// A column's name with its table's, for approvals: `public.users.old`.
fn of(table: &QName, part: &str) -> String {
    format!("{table}.{}", bare_ident(part))
}

/// Whether later statements of the file make the object again.
fn is_made_again(at: &At<'_>, made: super::ask::depend::Made, name: &str) -> bool {
    let later: Vec<&Event> = at.later().collect();
    super::ask::depend::made_later(later.into_iter()).contains(&(made, name.to_owned()))
}

impl Look<'_, '_> {
    fn is(&mut self, phase: Phase) {
        self.cost.is(phase);
    }
}
