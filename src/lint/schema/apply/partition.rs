//! What a table has from others: parents, partitioned tables, `like`.

use super::Cx;
use super::constraint::{New, What};
use super::rewrite::requalify;
use crate::lint::schema::{Constraint, ConstraintDef, Index, IndexKey, QName, Schema, Table};
use crate::sql::ast::{Like, TableActionKind};

impl Schema {
    /// The columns of a parent.
    pub(super) fn inherit_columns(&mut self, table: &mut Table, parent: &QName) {
        self.depend(parent, &table.name);
        let Some(parent) = self.tables.get(parent) else {
            table.complete = false;
            return;
        };
        table.complete &= parent.complete;
        let partition = table.partition_of.is_some();
        for column in &parent.columns {
            if let Some(own) = table.columns.iter_mut().find(|own| own.name == column.name) {
                own.not_null |= column.not_null;
                continue;
            }
            let mut column = column.clone();
            column.comment = None;
            // Heirs do not take part in the parent's identity; partitions do from PostgreSQL 17 on.
            if !partition {
                column.identity = None;
            }
            table.columns.push(column);
        }
    }

    /// What parents bring beside columns: checks, and for a partition its parts of indexes, keys and triggers.
    pub(super) fn inherit_rest(&mut self, cx: &Cx<'_>, name: &QName) {
        let Some(table) = self.tables.get(name) else { return };
        for parent in table.partition_of.iter().chain(&table.inherits).cloned().collect::<Vec<_>>() {
            self.take_part(cx, name, &parent);
        }
    }

    /// Makes a table a child of another: what it must have and has not is made.
    pub(super) fn take_part(&mut self, cx: &Cx<'_>, child: &QName, parent: &QName) {
        self.depend(parent, child);
        let (Some(own), Some(from)) = (self.tables.get(child), self.tables.get(parent)) else { return };
        let is_partition = own.partition_of.as_ref() == Some(parent);
        let has = |name: &str| own.constraint(name).is_some();
        let checks: Vec<Constraint> = from
            .constraints
            .iter()
            .filter(|it| matches!(it.def, ConstraintDef::Check(_)) && !has(&it.name))
            .cloned()
            .collect();
        for check in checks {
            self.put_constraint(child, check);
        }
        if is_partition {
            self.take_indexes(cx, child, parent);
            self.take_references(child, parent);
            self.take_triggers(child, parent);
        }
    }

    fn take_indexes(&mut self, cx: &Cx<'_>, child: &QName, parent: &QName) {
        let indexes: Vec<Index> = self.indexes_of(parent).cloned().collect();
        for index in indexes {
            let constraint = index.constraint.as_ref().and_then(|name| self.tables.get(parent)?.constraint(name));
            let Some(constraint) = constraint.cloned() else {
                self.index_of_partition(cx, &index, child);
                continue;
            };
            let same =
                |own: &&Index| own.parent.is_none() && own.constraint.is_some() && super::index::is_same(own, &index);
            let own = self.indexes_of(child).find(same).map(|own| own.name.clone());
            if let Some(own) = own {
                if let Some(own) = self.indexes.get_mut(&own) {
                    own.parent = Some(index.name.clone());
                }
                continue;
            }
            let Some(new) = again(&constraint, &index) else { continue };
            if let Some(made) = self.add_constraint(cx, child, &new)
                && let Some(part) = self.indexes.get_mut(&QName::new(child.schema.as_str(), made))
            {
                (part.parent, part.created) = (Some(index.name.clone()), index.created);
            }
        }
    }

    fn take_references(&mut self, child: &QName, parent: &QName) {
        let (Some(own), Some(from)) = (self.tables.get(child), self.tables.get(parent)) else { return };
        let mut taken: Vec<Constraint> = Vec::new();
        for constraint in &from.constraints {
            let ConstraintDef::ForeignKey(reference) = &constraint.def else { continue };
            let same = |it: &Constraint| match &it.def {
                ConstraintDef::ForeignKey(own) => own.table == reference.table && it.columns == constraint.columns,
                _ => false,
            };
            if !own.constraints.iter().any(same) {
                taken.push(constraint.clone());
            }
        }
        for mut constraint in taken {
            if self.tables.get(child).is_some_and(|it| it.constraint(&constraint.name).is_some()) {
                let columns = super::name::joined(&constraint.columns);
                constraint.name = self.free_constraint(child, Some(&columns), "fkey");
            }
            self.put_constraint(child, constraint);
        }
    }

    fn take_triggers(&mut self, child: &QName, parent: &QName) {
        let Some(from) = self.tables.get(parent) else { return };
        let triggers: Vec<_> = from.triggers.iter().filter(|it| it.for_each_row).cloned().collect();
        if let Some(own) = self.tables.get_mut(child) {
            for trigger in triggers {
                if !own.triggers.iter().any(|it| it.name == trigger.name) {
                    own.triggers.push(trigger);
                }
            }
        }
    }

    /// `attach`, `detach partition`, `inherit`, `no inherit`.
    pub(super) fn change_parent(&mut self, cx: &Cx<'_>, table: &QName, action: &TableActionKind) {
        match action {
            TableActionKind::AttachPartition { table: child, .. } => {
                let child = self.resolve(child);
                if let Some(index) = self.indexes.get_mut(&child) {
                    index.parent = Some(table.clone());
                } else if let Some(it) = self.tables.get_mut(&child) {
                    it.partition_of = Some(table.clone());
                    self.touch(cx, &child);
                    self.take_part(cx, &child, table);
                }
            }
            TableActionKind::DetachPartition { table: child, .. } => {
                let child = self.resolve(child);
                let of_parent: Vec<String> = self.triggers(table).iter().map(|it| it.name.clone()).collect();
                if let Some(it) = self.tables.get_mut(&child) {
                    it.partition_of = None;
                    it.triggers.retain(|it| !it.for_each_row || !of_parent.contains(&it.name));
                    for index in it.indexes.clone() {
                        if let Some(index) = self.indexes.get_mut(&index) {
                            index.parent = None;
                        }
                    }
                    self.touch(cx, &child);
                }
            }
            TableActionKind::Inherit { table: parent, add } => {
                let parent = self.resolve(parent);
                let Some(it) = self.tables.get_mut(table) else { return };
                it.inherits.retain(|it| *it != parent);
                if *add {
                    it.inherits.push(parent.clone());
                    self.take_part(cx, table, &parent);
                }
            }
            _ => {}
        }
    }

    /// The columns of `like`.
    pub(super) fn like_columns(&mut self, cx: &Cx<'_>, table: &mut Table, like: &Like) {
        let source = self.resolve(&like.table);
        let place = cx.place(like.table.span);
        let with = |what: &str| like.including.iter().any(|it| it == what);
        let Some(source) = self.tables.get(&source) else {
            match self.views.get(&source).and_then(|view| view.columns.clone()) {
                Some(columns) => {
                    table.columns.extend(columns.iter().map(|name| super::table::plain_column(name, None, place)));
                }
                None => table.complete = false,
            }
            return;
        };
        table.complete &= source.complete;
        let mut identities = Vec::new();
        for original in &source.columns {
            let mut column = original.clone();
            column.created = place;
            if !with("defaults") {
                column.default = None;
            }
            if !with("generated") {
                (column.generated, column.generation) = (None, None);
            }
            if !with("identity") {
                column.identity = None;
            }
            if !with("comments") {
                column.comment = None;
            }
            if column.identity.is_some() {
                identities.push(column.name.clone());
            }
            table.columns.push(column);
        }
        for column in identities {
            self.own_sequence(cx, &table.name, &column, like.table.span);
        }
    }

    /// The checks and indexes of `like including …`.
    pub(super) fn like_rest(&mut self, cx: &Cx<'_>, name: &QName, like: &Like) {
        let source = self.resolve(&like.table);
        let with = |what: &str| like.including.iter().any(|it| it == what);
        let place = cx.place(like.table.span);
        if with("constraints") {
            let checks = self.tables.get(&source).map(|it| it.constraints.clone()).unwrap_or_default();
            for mut check in checks {
                if let ConstraintDef::Check(expr) = &mut check.def {
                    requalify(expr, &source.name, &name.name);
                    check.created = place;
                    self.put_constraint(name, check);
                }
            }
        }
        if with("indexes") {
            let indexes: Vec<Index> = self.indexes_of(&source).cloned().collect();
            for index in indexes {
                let constraint = index.constraint.as_ref().and_then(|it| self.tables.get(&source)?.constraint(it));
                match constraint.and_then(|it| again(it, &index)) {
                    Some(new) => {
                        self.add_constraint(cx, name, &New { span: like.table.span, ..new });
                    }
                    None => self.index_of_partition(cx, &index, name),
                }
            }
            for index in self.tables.get(name).map(|it| it.indexes.clone()).unwrap_or_default() {
                if let Some(index) = self.indexes.get_mut(&index) {
                    (index.parent, index.created) = (None, place);
                }
            }
        }
    }
}

/// A constraint with an index once more, for another table.
fn again(constraint: &Constraint, index: &Index) -> Option<New> {
    let what = match &constraint.def {
        ConstraintDef::PrimaryKey => What::PrimaryKey(constraint.columns.clone()),
        ConstraintDef::Unique => What::Unique(constraint.columns.clone()),
        ConstraintDef::Exclude => What::Exclude(
            index
                .keys
                .iter()
                .filter_map(|key| match key {
                    IndexKey::Expr(expr) => Some(expr.clone()),
                    IndexKey::Column(_) => None,
                })
                .collect(),
        ),
        ConstraintDef::ForeignKey(_) | ConstraintDef::Check(_) => return None,
    };
    Some(New { name: None, span: constraint.created.span, valid: true, what })
}
