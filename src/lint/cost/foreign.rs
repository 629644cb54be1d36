//! What a statement locks and reads besides the table that it names: the other side of a foreign key, and what goes with `cascade`.

use super::Look;
use crate::lint::ask::depend::dependants;
use crate::lint::ask::facts::{Key, Part};
use crate::lint::ask::in_use::Altered;
use crate::lint::ask::reach::children;
use crate::lint::schema::{ConstraintDef, QName, Table};
use crate::risk::{Danger, LockMode};
use crate::sql::ast::{ColumnConstraintKind, ConstraintKind, CreateTable, ObjectKind, TableActionKind};
use crate::text::bare_ident;

/// A foreign key.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    /// Its name.
    name: String,
    /// The table that has it.
    pub(super) table: QName,
    /// The table that it refers to.
    pub(super) other: QName,
    /// Whether existing rows are known to obey it.
    valid: bool,
}

/// A column that gets another type.
#[derive(Debug)]
pub(super) struct Retyped {
    pub(super) column: String,
    /// Whether its rows are written anew for it.
    pub(super) rewritten: bool,
    /// Whether PostgreSQL compares its values otherwise from then on.
    pub(super) compared_anew: bool,
    /// Whether a value may be another one from then on.
    pub(super) changed: bool,
}

impl Look<'_, '_> {
    /// The name that a relation had before the file.
    pub(super) fn former(&self, name: &QName) -> QName {
        let mut name = name;
        let renamed = self.at.schema.renamed.iter().rev().take_while(|it| it.place.is_in(self.at.file.id));
        for it in renamed.filter(|it| it.column.is_none()) {
            if it.to == *name {
                name = &it.from;
            }
        }
        name.clone()
    }

    /// Whether the file has made the relation, or nobody else can see it.
    pub(super) fn is_own(&self, name: &QName) -> bool {
        let (schema, file) = (self.at.schema, self.at.file.id);
        if let Some(table) = schema.tables.get(name) {
            return table.created.is_in(file) || table.is_temporary();
        }
        if let Some(view) = schema.views.get(name) {
            let is_gone = || schema.dropped_in(file).any(|it| it.name == *name && it.sub.is_none());
            return view.created.is_in(file) && (!self.before.views.contains_key(&self.former(name)) || is_gone());
        }
        schema.sequences.get(name).is_some_and(|(place, _)| place.is_in(file))
    }

    /// A lock on a relation, by the name that it has at this statement.
    pub(super) fn lock_now(&mut self, name: &QName, mode: LockMode) {
        if !self.is_own(name) {
            self.lock(&self.former(name), mode);
        }
    }

    /// A lock on a table and all its partitions.
    pub(super) fn lock_whole(&mut self, name: &QName, mode: LockMode) {
        self.lock_now(name, mode);
        let below = children(self.at.schema, name).into_iter().filter(|it| it.partition_of.is_some());
        let below: Vec<QName> = below.map(|it| it.name.clone()).collect();
        for partition in &below {
            self.lock_now(partition, mode);
        }
    }

    /// The foreign keys of a table, from it and to it; with a column only those over it.
    pub(super) fn joints(&self, table: &QName, column: Option<&str>) -> Vec<Joint> {
        let has = |columns: &[String]| column.is_none_or(|column| columns.iter().any(|it| it == column));
        let key = self.at.schema.tables.get(table).and_then(Table::primary_key);
        let key: &[String] = key.map_or(&[], |key| &key.columns);
        let all = self.at.schema.tables.iter().flat_map(|(owner, it)| it.constraints.iter().map(move |it| (owner, it)));
        let joint = |(owner, constraint): (&QName, &crate::lint::schema::Constraint)| {
            let ConstraintDef::ForeignKey(reference) = &constraint.def else { return None };
            let referred = if reference.columns.is_empty() { key } else { &reference.columns };
            let is_meant = owner == table && has(&constraint.columns) || reference.table == *table && has(referred);
            is_meant.then(|| Joint {
                name: constraint.name.clone(),
                table: owner.clone(),
                other: reference.table.clone(),
                valid: constraint.valid,
            })
        };
        all.filter_map(joint).collect()
    }

    /// Both sides of these foreign keys.
    pub(super) fn lock_joints(&mut self, joints: &[Joint], mode: LockMode) {
        for joint in joints {
            self.lock_whole(&joint.table, mode);
            self.lock_whole(&joint.other, mode);
        }
    }

    /// A foreign key over a column with another type is made anew; its rows are looked up where values are compared otherwise, or
    /// one of its tables is rewritten.
    pub(super) fn joined_anew(&mut self, altered: &Altered<'_>) {
        let table = altered.name.clone();
        let is_rewritten = self.retyped.iter().any(|it| it.rewritten);
        for retyped in std::mem::take(&mut self.retyped) {
            for joint in self.joints(&table, Some(&retyped.column)) {
                self.lock_joints(std::slice::from_ref(&joint), LockMode::AccessExclusive);
                // A partition's foreign key is its parent's.
                let is_part = self.at.schema.tables.get(&joint.table).is_some_and(|it| it.partition_of.is_some());
                if !joint.valid || is_part || !(retyped.compared_anew || is_rewritten) {
                    continue;
                }
                self.scans_own(&joint.table);
                self.looked_up(&joint.other);
                let (owner, other, shown) = (&joint.table, &joint.other, bare_ident(&retyped.column));
                let approval = format!("change-type:{table}.{shown}");
                let text = format!(
                    "looks up every row of {owner} in {other} again for `{}` while reads and writes of both wait",
                    bare_ident(&joint.name)
                );
                self.cost.reason(Danger::BlocksAllReading, approval.as_str(), text);
                if retyped.changed {
                    let why = format!("fails where a row of {owner} has no counterpart in {other} by the new values");
                    self.cost.fails(why.as_str());
                    self.cost.reason(Danger::FailsOnRows, approval, why);
                }
            }
        }
    }

    /// What goes with what is dropped; the relations that it is taken from are locked.
    pub(super) fn cascade(&mut self) -> Vec<Key> {
        let needing = dependants(self.at.schema, self.at.file, &self.at.event.stmt);
        for key in &needing {
            match key.part {
                Part::Within(ObjectKind::Constraint) => {
                    self.lock_whole(&key.name, LockMode::AccessExclusive);
                    let other = self.at.schema.tables.get(&key.name).and_then(|it| it.constraint(&key.sub));
                    if let Some(ConstraintDef::ForeignKey(reference)) = other.map(|it| &it.def) {
                        self.lock_whole(&reference.table.clone(), LockMode::AccessExclusive);
                    }
                }
                Part::Within(_) if self.at.schema.tables.contains_key(&key.name) => {
                    self.lock_whole(&key.name, LockMode::AccessExclusive);
                }
                Part::Object(
                    ObjectKind::Table
                    | ObjectKind::ForeignTable
                    | ObjectKind::View
                    | ObjectKind::MaterializedView
                    | ObjectKind::Sequence,
                ) => self.lock_now(&key.name, LockMode::AccessExclusive),
                Part::Object(ObjectKind::Index) => {
                    if let Some(index) = self.at.schema.indexes.get(&key.name) {
                        self.lock_whole(&index.table.clone(), LockMode::AccessExclusive);
                    }
                }
                _ => {}
            }
        }
        needing
    }

    /// Whether an `alter table` takes something away with all that depends on it.
    pub(super) fn cascades(altered: &Altered<'_>) -> bool {
        altered.alter.actions.iter().any(|action| {
            matches!(
                action.kind,
                TableActionKind::DropColumn { cascade: true, .. }
                    | TableActionKind::DropConstraint { cascade: true, .. }
            )
        })
    }

    /// A new table refers to others with all their partitions; as a partition it has the foreign keys of its parent, and those that
    /// refer to the parent refer to it.
    pub(super) fn joined_new(&mut self, create: &CreateTable) {
        let in_columns = create.columns.iter().flat_map(|it| &it.constraints).filter_map(|it| match &it.kind {
            ColumnConstraintKind::References(reference) => Some(&reference.table),
            _ => None,
        });
        let of_table = create.constraints.iter().filter_map(|it| match &it.kind {
            ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
            _ => None,
        });
        let referred: Vec<QName> = in_columns.chain(of_table).map(|name| self.named(name)).collect();
        for table in referred.iter().filter(|it| self.at.schema.tables.contains_key(*it)) {
            self.lock_whole(table, LockMode::ShareRowExclusive);
        }
        if let Some(parent) = create.partition_of.as_ref().map(|parent| self.named(parent)) {
            self.joined_by_parent(&parent);
        }
    }

    /// A partition that comes gets the foreign keys of its parent.
    pub(super) fn joined_by_parent(&mut self, parent: &QName) {
        for joint in self.joints(parent, None) {
            let far = if joint.table == *parent { joint.other } else { joint.table };
            if far != *parent {
                self.lock_now(&far, LockMode::ShareRowExclusive);
            }
        }
    }
}
