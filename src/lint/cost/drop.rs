//! What `drop` takes away, and who misses it.

use super::foreign::Joint;
use super::{Look, is_made_again, of};
use crate::lint::ask::depend::{Made, list};
use crate::lint::ask::facts::{Part, noun};
use crate::lint::schema::QName;
use crate::risk::{Danger, LockMode, Phase, Reversible};
use crate::sql::ast::{Drop, Name, ObjectKind};
use crate::text::bare_ident;

impl Look<'_, '_> {
    /// `drop` of any kind.
    pub(super) fn dropped(&mut self, drop: &Drop) {
        if drop.on.is_some() {
            drop.names.iter().for_each(|name| self.drop_within(drop, name));
            return;
        }
        let named: Vec<&Name> = if drop.names.is_empty() {
            drop.routines.iter().map(|routine| &routine.name).collect()
        } else {
            drop.names.iter().collect()
        };
        if named.is_empty() {
            let text = format!("drops {} {}", noun(drop.kind), self.line(drop.written));
            self.is(Phase::Contract);
            self.cost.reason(Danger::BreaksCode, format!("drop-{}:{}", slug(drop.kind), self.line(drop.written)), text);
        }
        if drop.kind == ObjectKind::Index {
            return self.drop_indexes(drop, &named);
        }
        for name in named {
            self.drop_object(drop, name);
        }
    }

    /// Several indexes cannot be dropped by one `drop index concurrently`.
    fn drop_indexes(&mut self, drop: &Drop, names: &[&Name]) {
        let mut plain = Vec::new();
        for name in names {
            let known = self.cost.instead.len();
            self.drop_object(drop, name);
            if self.cost.instead.len() == known {
                plain.push(self.full(name));
            }
        }
        if !self.cost.instead.is_empty() && !plain.is_empty() {
            let if_exists = if drop.if_exists { "if exists " } else { "" };
            self.cost.instead.push(format!("drop index {if_exists}{};", plain.join(", ")));
        }
    }

    /// A policy, trigger or rule of a table.
    fn drop_within(&mut self, drop: &Drop, name: &Name) {
        let Some(on) = &drop.on else { return };
        let (table, sub) = (self.named(on), name.object());
        let made = if drop.kind == ObjectKind::Policy { Made::Policy } else { Made::Trigger };
        let known = self.at.table(on);
        let is_there = known.is_none_or(|table| match drop.kind {
            ObjectKind::Policy => table.policies.iter().any(|it| it.name == sub),
            ObjectKind::Trigger => table.triggers.iter().any(|it| it.name == sub),
            _ => true,
        });
        if !self.at.is_in_use(on) || !is_there && drop.if_exists || is_made_again(&self.at, made, sub) {
            return;
        }
        let (approval, shown) = (format!("drop-{}:{}", slug(drop.kind), of(&table, sub)), bare_ident(sub));
        let text = match drop.kind {
            ObjectKind::Policy => format!("the policy `{shown}` no longer says who sees which rows of {table}"),
            ObjectKind::Trigger => {
                format!("what the trigger `{shown}` of {table} keeps up is not kept up from then on")
            }
            _ => format!("the {} `{shown}` of {table} is gone", noun(drop.kind)),
        };
        self.is(Phase::Contract);
        self.cost.reason(Danger::LosesGuard, approval, text);
    }

    fn drop_object(&mut self, drop: &Drop, name: &Name) {
        if self.is_new(drop.kind, name) || drop.if_exists && self.is_absent(drop.kind, name) {
            return;
        }
        let full = self.shown(drop.kind, name);
        let approval = format!("drop-{}:{full}", slug(drop.kind));
        let noun = noun(drop.kind);
        let needing = if drop.cascade { self.cascade() } else { Vec::new() };
        let with = match needing.as_slice() {
            [] => String::new(),
            needing => format!(" with {}", list(needing)),
        };
        let again = is_made_again(&self.at, Made::Other, name.object());
        if matches!(drop.kind, ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Sequence) {
            self.lock_now(&self.named(name), LockMode::AccessExclusive);
        }
        match drop.kind {
            ObjectKind::Table => self.drop_table(&self.named(name), drop.cascade, &approval),
            ObjectKind::Schema | ObjectKind::Database => {
                self.is(Phase::Contract);
                if drop.cascade || drop.kind == ObjectKind::Database {
                    let (tables, views) = (self.before.tables.keys(), self.before.views.keys());
                    let held = tables.chain(views).chain(self.before.sequences.keys()).filter(|it| it.schema == full);
                    let held: Vec<QName> = held.cloned().collect();
                    for table in &held {
                        self.lock(table, LockMode::AccessExclusive);
                    }
                    self.cost.returns(Reversible::DataLost, format!("the rows of all tables of {full} are gone"));
                    let text = format!("drops the {noun} {full} with all its tables and their rows");
                    self.cost.reason(Danger::LosesData, approval.as_str(), text);
                }
                self.cost.reason(
                    Danger::BreaksCode,
                    approval,
                    format!("code that uses the {noun} {full} fails from then on"),
                );
            }
            ObjectKind::Sequence if !again => {
                self.is(Phase::Contract);
                self.cost.returns(Reversible::DataLost, format!("which number {full} gave last is gone"));
                let text = format!("drops the sequence {full} and what it counted{with}");
                self.cost.reason(Danger::BreaksCode, approval, text);
            }
            ObjectKind::Index => {
                let (index, full) = (self.at.schema.indexes.get(&self.named(name)), &full);
                if let Some(index) = index.filter(|_| drop.concurrently) {
                    self.lock_now(&index.table, LockMode::ShareUpdateExclusive);
                }
                if again {
                    return;
                }
                let what = if index.is_some_and(|it| it.unique) {
                    self.is(Phase::Contract);
                    "rows may be equal, `on conflict` on it fails"
                } else {
                    "queries that used it read the whole table"
                };
                self.cost.reason(Danger::LosesGuard, approval, format!("drops the index {full}: {what}"));
                let is_whole = index.is_none_or(|it| !self.is_partitioned(&it.table));
                if !drop.concurrently && !drop.cascade && is_whole && self.at.config.in_transaction {
                    let line = format!("drop index concurrently if exists {full}; -- outside a transaction");
                    self.cost.instead.push(line);
                }
            }
            ObjectKind::Role => {
                self.is(Phase::Contract);
                self.cost.reason(Danger::BreaksCode, approval, format!("whoever logs in as {full} no longer can"));
            }
            _ if again && !drop.cascade => {
                self.cost.reason(Danger::Touches, approval, format!("makes the {noun} {full} anew"));
            }
            ObjectKind::MaterializedView
            | ObjectKind::View
            | ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Routine
            | ObjectKind::Aggregate
            | ObjectKind::Type
            | ObjectKind::Domain
            | ObjectKind::Extension
            | ObjectKind::ForeignTable
            | ObjectKind::Server => {
                self.is(Phase::Contract);
                if needing.iter().any(|key| key.part == Part::Within(ObjectKind::Column)) {
                    let text = format!("drops the {noun} {full}{with}: the values of the columns are gone");
                    self.cost.returns(Reversible::DataLost, text.as_str());
                    self.cost.reason(Danger::LosesData, approval.as_str(), text);
                }
                let text = format!("code that uses the {noun} {full}{with} fails from then on");
                self.cost.reason(Danger::BreaksCode, approval, text);
            }
            _ => self.cost.reason(Danger::Touches, approval, format!("drops the {noun} {full}{with}")),
        }
    }

    fn drop_table(&mut self, name: &QName, cascade: bool, approval: &str) {
        self.is(Phase::Contract);
        self.cost.returns(Reversible::DataLost, format!("the rows of {name} are gone"));
        let with = if cascade { " and the foreign keys and views that need it" } else { "" };
        self.cost.reason(Danger::LosesData, approval, format!("drops the table {name} with its rows{with}"));
        self.cost.reason(Danger::BreaksCode, approval, format!("code that uses the table {name} fails from then on"));
        let parent = self.at.schema.tables.get(name).and_then(|it| it.partition_of.clone());
        // What refers to the parent refers to each partition; a partition's own foreign keys are its parent's, which stay.
        let whole = parent.as_ref().unwrap_or(name);
        let is_taken = |it: &Joint| if parent.is_some() { cascade && it.other == *whole } else { it.table == *name };
        let joints: Vec<Joint> = self.joints(whole, None).into_iter().filter(is_taken).collect();
        self.lock_joints(&joints, LockMode::AccessExclusive);
        if let Some(parent) = &parent {
            self.lock_default(parent);
        }
        self.lock_whole(name, LockMode::AccessExclusive);
    }

    /// The name with its schema, for kinds that stand in one.
    fn shown(&self, kind: ObjectKind, name: &Name) -> String {
        match kind {
            ObjectKind::Schema
            | ObjectKind::Database
            | ObjectKind::Extension
            | ObjectKind::Role
            | ObjectKind::Server
            | ObjectKind::Publication
            | ObjectKind::Subscription
            | ObjectKind::EventTrigger
            | ObjectKind::ForeignDataWrapper
            | ObjectKind::Language
            | ObjectKind::Tablespace => bare_ident(name.object()).into_owned(),
            _ => self.full(name),
        }
    }

    /// Whether the file itself has made the object.
    pub(super) fn is_new(&self, kind: ObjectKind, name: &Name) -> bool {
        let (schema, file) = (self.at.schema, self.at.file.id);
        let full = self.at.resolve(name);
        match kind {
            ObjectKind::Table | ObjectKind::ForeignTable => {
                schema.tables.get(&full).is_some_and(|it| it.created.is_in(file) || it.is_temporary())
            }
            ObjectKind::View | ObjectKind::MaterializedView => {
                schema.views.get(&full).is_some_and(|it| it.created.is_in(file))
                    && !self.before.views.contains_key(&full)
            }
            ObjectKind::Index => schema.indexes.get(&full).is_some_and(|it| it.created.is_in(file)),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                schema.functions.contains_key(&full) && !self.before.functions.contains_key(&full)
            }
            ObjectKind::Type | ObjectKind::Domain => schema.types.get(&full).is_some_and(|it| it.created.is_in(file)),
            ObjectKind::Sequence => schema.sequences.get(&full).is_some_and(|(place, _)| place.is_in(file)),
            ObjectKind::Schema => schema.schemas.get(name.object()).is_some_and(|place| place.is_in(file)),
            ObjectKind::Extension => schema.extensions.get(name.object()).is_some_and(|(place, _)| place.is_in(file)),
            ObjectKind::Role => schema.roles.get(name.object()).is_some_and(|place| place.is_in(file)),
            _ => schema.objects.get(&(kind, full)).is_some_and(|place| place.is_in(file)),
        }
    }

    /// Whether a chain that is known has no such object.
    fn is_absent(&self, kind: ObjectKind, name: &Name) -> bool {
        let schema = self.at.schema;
        let full = self.at.resolve(name);
        let has_history = schema.tables.values().any(|table| !table.is_platform());
        has_history
            && !schema.may_exist(&full)
            && match kind {
                ObjectKind::Table | ObjectKind::ForeignTable => !schema.tables.contains_key(&full),
                ObjectKind::View | ObjectKind::MaterializedView => !schema.views.contains_key(&full),
                ObjectKind::Index => !schema.indexes.contains_key(&full),
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                    !schema.functions.contains_key(&full)
                }
                ObjectKind::Type | ObjectKind::Domain => !schema.types.contains_key(&full),
                ObjectKind::Sequence => !schema.sequences.contains_key(&full),
                ObjectKind::Schema => !schema.schemas.contains_key(name.object()),
                _ => false,
            }
    }
}

/// The kind in approvals: `materialized-view`.
pub(super) fn slug(kind: ObjectKind) -> String {
    noun(kind).replace(' ', "-")
}
