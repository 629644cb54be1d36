//! What the actions of `alter table` cost.

use super::foreign::Joint;
use super::{Look, of};
use crate::lint::ask::in_use::{Altered, altered_at_all as altered, is_emptied};
use crate::lint::ask::lock::action_mode;
use crate::lint::ask::partition_bound::{default_partition, is_proven};
use crate::lint::schema::{ConstraintDef, QName, TableKind};
use crate::risk::{Cost, Danger, LockMode, Phase, Reversible};
use crate::sql::ast::{AlterTable, Ident, Name, ObjectKind, PartitionBound, Relation, TableAction, TableActionKind};
use crate::text::bare_ident;

impl Look<'_, '_> {
    /// `alter table` and its kin.
    pub(super) fn alter(&mut self, alter: &AlterTable) {
        match alter.relation {
            Relation::Table => {
                let at = self.at;
                let Some(known) = altered(&at) else { return };
                if is_emptied(&at, &known.name) {
                    // There is nothing to read and nothing to lose, but the locks are the same.
                    let mut cost = Cost::default();
                    Look { cost: &mut cost, retyped: Vec::new(), part: None, ..*self }.actions(&known);
                    cost.locks.into_iter().for_each(|(name, mode)| self.hold(name, mode));
                } else {
                    self.actions(&known);
                }
            }
            relation => self.other_relation(alter, relation),
        }
    }

    fn actions(&mut self, altered: &Altered<'_>) {
        if Self::cascades(altered) {
            self.cascade();
        }
        let mut parts = Vec::with_capacity(altered.alter.actions.len());
        for action in &altered.alter.actions {
            self.part = None;
            self.action(altered, action);
            parts.push((action, self.part.take()));
        }
        self.sequence_of(altered, parts);
        self.joined_anew(altered);
    }

    fn action(&mut self, altered: &Altered<'_>, action: &TableAction) {
        let table = altered.name.clone();
        match &action.kind {
            TableActionKind::AddColumn { if_not_exists, column } => self.add_column(altered, column, *if_not_exists),
            TableActionKind::DropColumn { if_exists, name, cascade } => {
                self.drop_column(altered, name, *if_exists, *cascade);
            }
            TableActionKind::AlterColumn { name, change } => self.alter_column(altered, action, name, change),
            TableActionKind::AddConstraint(constraint) => self.add_constraint(altered, action, constraint),
            TableActionKind::DropConstraint { name, .. } => self.drop_constraint(altered, name),
            TableActionKind::ValidateConstraint(name) => self.validate(altered, name),
            TableActionKind::Rename(to) => {
                let new = QName::new(table.schema.as_str(), to.value.as_str());
                self.renamed("table", &table, &new);
                self.view_behind(&table, &new, &format!("alter table {table} rename to {}", bare_ident(&to.value)));
            }
            TableActionKind::SetSchema(to) => {
                let new = QName::new(to.value.as_str(), table.name.as_str());
                self.renamed("table", &table, &new);
                self.view_behind(&table, &new, &format!("alter table {table} set schema {}", bare_ident(&to.value)));
            }
            TableActionKind::RenameColumn { from, to } => self.rename_column(altered, from, to),
            TableActionKind::RowSecurity(on) => self.row_security(altered, *on),
            TableActionKind::Trigger { enable: false, name } => {
                let text =
                    format!("switches off trigger {name} of {table}: what it keeps up is not kept up from then on");
                self.cost.reason(Danger::LosesGuard, format!("disable-trigger:{}", of(&table, name)), text);
            }
            TableActionKind::AttachPartition { table: child, bound } => self.attach(altered, child, bound.as_ref()),
            TableActionKind::DetachPartition { table: child, .. } => self.detach(&table, child),
            TableActionKind::SetLogged(logged) => {
                // What is logged already is left as it is.
                if altered.table.is_none_or(|it| it.unlogged == *logged) {
                    self.copied(&table, if *logged { "set logged" } else { "set unlogged" });
                }
            }
            TableActionKind::SetTablespace(_) if !altered.is_partitioned() => self.copied(&table, "set tablespace"),
            // Every table has this one unless it was made otherwise: nothing is copied.
            TableActionKind::SetAccessMethod(method) if method == "heap" => {}
            TableActionKind::SetAccessMethod(_) if !altered.is_partitioned() => {
                self.copied(&table, "set access method");
            }
            TableActionKind::AlterConstraint(_)
            | TableActionKind::RenameConstraint { .. }
            | TableActionKind::Owner(_)
            | TableActionKind::ForceRowSecurity(_)
            | TableActionKind::Trigger { enable: true, .. }
            | TableActionKind::Inherit { .. }
            | TableActionKind::SetTablespace(_)
            | TableActionKind::SetAccessMethod(_)
            | TableActionKind::SetOptions(_)
            | TableActionKind::ResetOptions(_)
            | TableActionKind::ReplicaIdentity(_)
            | TableActionKind::Other(_) => {}
        }
    }

    /// The rows are copied as they are.
    fn copied(&mut self, table: &QName, words: &str) {
        self.rewrites_own(table);
        let text = format!("`{words}` writes {table} with all its indexes anew while reads and writes wait");
        self.cost.reason(Danger::BlocksAllRewriting, format!("rewrite:{table}"), text);
    }

    /// An object has another name from then on.
    pub(super) fn renamed(&mut self, noun: &str, old: &QName, new: &QName) {
        self.is(Phase::Contract);
        let text = format!("code that uses the {noun} {old} fails from then on: it is {new}");
        self.cost.reason(Danger::BreaksCode, format!("rename-{}:{old}", noun.replace(' ', "-")), text);
    }

    fn drop_column(&mut self, altered: &Altered<'_>, name: &Ident, if_exists: bool, cascade: bool) {
        let table = altered.name.clone();
        let known = altered.table.and_then(|it| it.column(&name.value));
        let is_new = known.is_some_and(|it| it.created.is_in(self.at.file.id));
        let is_absent = known.is_none() && if_exists && altered.table.is_some_and(|it| it.complete);
        if is_new || is_absent {
            return;
        }
        let own: Vec<Joint> =
            self.joints(&table, Some(&name.value)).into_iter().filter(|it| it.table == table).collect();
        self.lock_joints(&own, LockMode::AccessExclusive);
        let shown = bare_ident(&name.value);
        let approval = format!("drop-column:{}", of(&table, &name.value));
        self.is(Phase::Contract);
        let with = if cascade { " and all that depends on it" } else { "" };
        if known.is_some_and(|it| it.generated.is_some()) {
            self.cost.returns(Reversible::Exact, "its values are computed again; the column comes back last");
        } else {
            self.cost.returns(Reversible::DataLost, format!("the values of `{shown}` of {table} are gone"));
            let text = format!("drops the column `{shown}` of {table} with its values{with}");
            self.cost.reason(Danger::LosesData, approval.as_str(), text);
        }
        let text = format!("code that names `{shown}` of {table} fails from then on");
        self.cost.reason(Danger::BreaksCode, approval, text);
    }

    fn rename_column(&mut self, altered: &Altered<'_>, from: &Ident, to: &Ident) {
        let table = altered.name.clone();
        let known = altered.table.and_then(|it| it.column(&from.value));
        if known.is_some_and(|it| it.created.is_in(self.at.file.id)) {
            return;
        }
        self.is(Phase::Contract);
        let (old, new) = (bare_ident(&from.value), bare_ident(&to.value));
        let text = format!("code that names `{old}` of {table} fails from then on: it is `{new}`");
        self.cost.reason(Danger::BreaksCode, format!("rename-column:{}", of(&table, &from.value)), text);
        self.renamed_column(altered, from, to);
    }

    fn row_security(&mut self, altered: &Altered<'_>, on: bool) {
        let table = altered.name.clone();
        let is_on = altered.table.is_some_and(|it| it.row_security);
        if on == is_on && altered.table.is_some() {
            return;
        }
        if on {
            self.is(Phase::Contract);
            let text = format!("roles without a policy on {table} no longer see its rows");
            self.cost.reason(Danger::Revokes, format!("enable-rls:{table}"), text);
        } else {
            let text = format!("all rows of {table} are open to whoever may use the table");
            self.cost.reason(Danger::Opens, format!("disable-rls:{table}"), text);
        }
    }

    fn attach(&mut self, altered: &Altered<'_>, child: &Name, bound: Option<&PartitionBound>) {
        let Some(bound) = bound else { return };
        let name = self.named(child);
        self.joined_by_parent(&altered.name);
        let words = match bound {
            PartitionBound::Default => "",
            PartitionBound::Values(span) => self.at.text(*span),
        };
        let approval = format!("attach-partition:{name}");
        let known = self.at.table(child);
        let is_read = self.at.is_in_use(child)
            && !known.is_some_and(|table| table.kind == TableKind::Foreign || is_proven(table, words));
        if is_read {
            self.scans(&name);
            self.cost.fails(format!("fails where a row of {name} does not fit the bound"));
            let text = format!("reads every row of {name}, to see that it fits, while reads and writes of it wait");
            self.cost.reason(Danger::BlocksAllReading, approval.as_str(), text);
            let check = bare_ident(&format!("{}_bound", name.name)).into_owned();
            let parent = &altered.name;
            let line = self.sql(self.at.event.stmt.span);
            self.attached_later(vec![
                format!(
                    "alter table {name} add constraint {check} check (…) not valid; -- what the bound says, and not null"
                ),
                format!("alter table {name} validate constraint {check}; -- in a later migration"),
                format!("{line}; -- which reads no row any more"),
                format!("alter table {name} drop constraint {check}; -- of {parent}'s partition"),
            ]);
        }
        self.default_partition(&altered.name.clone(), words, &approval);
    }

    fn detach(&mut self, parent: &QName, child: &Name) {
        let child = self.named(child);
        // `concurrently` waits for those who use the partition, and keeps them off at the end.
        self.lock_now(&child, LockMode::AccessExclusive);
        self.lock_default(parent);
        self.is(Phase::Contract);
        let approval = format!("detach-partition:{child}");
        let text = format!("code that reads {parent} no longer sees the rows of {child}");
        self.cost.reason(Danger::BreaksCode, approval.as_str(), text);
        for joint in self.joints(parent, None).into_iter().filter(|it| it.table != it.other) {
            if joint.table == *parent {
                self.lock_now(&joint.other, LockMode::ShareRowExclusive);
            } else if joint.other == *parent {
                self.lock_whole(&joint.table, LockMode::AccessExclusive);
                self.scans_own(&child);
                self.scans_own(&joint.table);
                let why = format!("fails where a row of {} refers to one of {child}", joint.table);
                self.cost.fails(why.as_str());
                self.cost.reason(Danger::FailsOnRows, approval.as_str(), why);
            }
        }
    }

    /// The default partition is locked where another one comes or goes.
    pub(super) fn lock_default(&mut self, parent: &QName) {
        if let Some(default) = default_partition(self.before, self.files, parent) {
            self.lock(&default.name.clone(), LockMode::AccessExclusive);
        }
    }

    /// A new partition takes rows that the default partition may have.
    pub(super) fn default_partition(&mut self, parent: &QName, bound: &str, approval: &str) {
        let Some(default) = default_partition(self.before, self.files, parent) else { return };
        let name = default.name.clone();
        self.lock(&name, LockMode::AccessExclusive);
        if bound.is_empty() || is_proven(default, bound) {
            return;
        }
        self.scans(&name);
        self.cost.fails(format!("fails where a row of {name} belongs to the new partition"));
        let text = format!("reads the default partition {name} while reads and writes of it wait");
        self.cost.reason(Danger::BlocksAllReading, approval, text);
    }

    fn drop_constraint(&mut self, altered: &Altered<'_>, name: &Ident) {
        let table = altered.name.clone();
        let Some(known) = altered.table.and_then(|it| it.constraint(&name.value)) else {
            return;
        };
        if let ConstraintDef::ForeignKey(reference) = &known.def {
            self.lock_whole(&reference.table, LockMode::AccessExclusive);
        }
        if known.created.is_in(self.at.file.id) || altered_adds(altered, &name.value) {
            return;
        }
        let shown = bare_ident(&name.value);
        let approval = format!("drop-constraint:{}", of(&table, &name.value));
        match &known.def {
            ConstraintDef::ForeignKey(_) => {
                let text = format!("rows of {table} may lose their counterpart: the foreign key `{shown}` is gone");
                self.cost.reason(Danger::LosesGuard, approval, text);
            }
            ConstraintDef::PrimaryKey | ConstraintDef::Unique | ConstraintDef::Exclude => {
                self.is(Phase::Contract);
                let text = format!("`on conflict` and lookups that count on `{shown}` of {table} fail or get slow");
                self.cost.reason(Danger::LosesGuard, approval, text);
            }
            ConstraintDef::Check(_) => {
                let text = format!("rows of {table} are no longer tested by `{shown}`");
                self.cost.reason(Danger::LosesGuard, approval, text);
            }
        }
    }

    fn other_relation(&mut self, alter: &AlterTable, relation: Relation) {
        let name = self.named(&alter.name);
        if self.is_new(relation.into(), &alter.name) {
            return;
        }
        let noun = crate::lint::ask::facts::noun(ObjectKind::from(relation));
        for action in &alter.actions {
            if let Some(mode) = mode_of(relation, &action.kind) {
                self.lock_now(&name, mode);
            }
            if relation == Relation::Type {
                self.composite(alter, &action.kind);
            }
            match &action.kind {
                TableActionKind::SetTablespace(_) if relation == Relation::Index => {
                    self.lock(&self.former(&name), LockMode::AccessExclusive);
                    let text = format!("copies the index {name} while reads and writes that would use it wait");
                    self.cost.reason(Danger::BlocksAllReading, format!("alter-index:{name}"), text);
                }
                TableActionKind::SetTablespace(_) if relation == Relation::MaterializedView => {
                    self.copied(&name, "set tablespace");
                }
                TableActionKind::Rename(to) if relation != Relation::Index => {
                    self.renamed(noun, &name, &QName::new(name.schema.as_str(), to.value.as_str()));
                }
                TableActionKind::SetSchema(to) => {
                    self.renamed(noun, &name, &QName::new(to.value.as_str(), name.name.as_str()));
                }
                TableActionKind::RenameColumn { from, .. }
                | TableActionKind::DropColumn { name: from, .. }
                | TableActionKind::AlterColumn { name: from, .. }
                    if matches!(relation, Relation::Type | Relation::View | Relation::MaterializedView) =>
                {
                    // The default of a view's column is no change of the column.
                    if matches!(&action.kind, TableActionKind::AlterColumn { .. }) && relation != Relation::Type {
                        continue;
                    }
                    self.is(Phase::Contract);
                    let text = format!("code that names `{}` of {name} fails from then on", bare_ident(&from.value));
                    self.cost.reason(Danger::BreaksCode, format!("change-column:{}", of(&name, &from.value)), text);
                }
                _ => {
                    let text = format!("changes the {noun} {name}");
                    self.cost.reason(Danger::Touches, format!("alter-{}:{name}", noun.replace(' ', "-")), text);
                }
            }
        }
    }
}

/// The lock that an action on another relation than a table takes on it.
fn mode_of(relation: Relation, action: &TableActionKind) -> Option<LockMode> {
    match relation {
        Relation::View => Some(LockMode::AccessExclusive),
        Relation::MaterializedView | Relation::ForeignTable => Some(action_mode(action)),
        Relation::Sequence => Some(match action {
            TableActionKind::Other(_) => LockMode::ShareRowExclusive,
            _ => LockMode::AccessExclusive,
        }),
        Relation::Table | Relation::Index | Relation::Type => None,
    }
}

/// Whether the same statement adds a constraint of this name.
fn altered_adds(altered: &Altered<'_>, name: &str) -> bool {
    altered.alter.actions.iter().any(|action| {
        matches!(&action.kind, TableActionKind::AddConstraint(constraint)
            if constraint.name.as_ref().is_some_and(|it| it.value == name))
    })
}
