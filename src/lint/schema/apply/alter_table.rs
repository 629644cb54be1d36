//! `alter table` and its kin, action by action.

use super::Cx;
use super::column::set_default;
use super::constraint::New;
use super::name::value;
use super::table::set_not_null;
use crate::lint::schema::{Column, ConstraintDef, QName, Schema};
use crate::sql::ast::{self, AlterColumn, AlterTable, Ident, ObjectKind, Relation, TableAction, TableActionKind};

impl Schema {
    /// `alter table | view | index | sequence | type …`. What the name stands for decides, not the word, as in PostgreSQL.
    pub(super) fn alter_table(&mut self, cx: &Cx<'_>, alter: &AlterTable) {
        let name = self.resolve(&alter.name);
        if alter.relation == Relation::Type {
            alter.actions.iter().for_each(|action| self.alter_composite(&name, &action.kind));
            return;
        }
        let mut actions: Vec<&TableAction> = alter.actions.iter().collect();
        actions.sort_by_key(|action| phase(&action.kind));
        for action in actions {
            match &action.kind {
                TableActionKind::Rename(to) => {
                    self.rename_relation(&name, &QName::new(name.schema.as_str(), value(to)));
                }
                TableActionKind::SetSchema(to) => {
                    self.rename_relation(&name, &QName::new(value(to), name.name.as_str()));
                }
                kind if self.tables.contains_key(&name) => self.alter_known(cx, &name, alter.only, action, kind),
                kind if self.views.contains_key(&name) => self.alter_view(&name, kind),
                TableActionKind::AttachPartition { .. } => self.change_parent(cx, &name, &action.kind),
                TableActionKind::Other(words) if words.starts_with("owned") => {
                    self.own_sequence_by(&name, cx.written(action.span));
                }
                TableActionKind::DropColumn { if_exists, name: column, .. } => {
                    self.note_drop(cx, ObjectKind::Column, &name, Some(column), *if_exists, false);
                }
                TableActionKind::DropConstraint { if_exists, name: constraint, .. } => {
                    self.note_drop(cx, ObjectKind::Constraint, &name, Some(constraint), *if_exists, false);
                }
                _ => {}
            }
        }
    }

    fn alter_known(&mut self, cx: &Cx<'_>, name: &QName, only: bool, action: &TableAction, kind: &TableActionKind) {
        self.touch(cx, name);
        match kind {
            TableActionKind::AddColumn { column, if_not_exists } => self.add_column(cx, name, column, *if_not_exists),
            TableActionKind::DropColumn { if_exists, name: column, cascade } => {
                let existed = self.tables.get(name).is_some_and(|it| it.column(&value(column)).is_some());
                self.note_drop(cx, ObjectKind::Column, name, Some(column), *if_exists, existed);
                self.remove_column(name, &value(column), *cascade, only);
            }
            TableActionKind::AlterColumn { name: column, change } => {
                self.alter_column(cx, name, only, &value(column), change);
            }
            TableActionKind::AddConstraint(constraint) => match New::of_table(constraint) {
                Some(new) => {
                    self.add_constraint(cx, name, &new);
                }
                None => {
                    if let (ast::ConstraintKind::NotNull(column), Some(table)) =
                        (&constraint.kind, self.tables.get_mut(name))
                    {
                        set_not_null(table, &column.value);
                    }
                }
            },
            TableActionKind::DropConstraint { if_exists, name: constraint, cascade } => {
                let existed = self.tables.get(name).is_some_and(|it| it.constraint(&value(constraint)).is_some());
                self.note_drop(cx, ObjectKind::Constraint, name, Some(constraint), *if_exists, existed);
                self.remove_constraint(name, &value(constraint), *cascade);
            }
            TableActionKind::ValidateConstraint(constraint) => self.validate(name, constraint),
            TableActionKind::RenameColumn { from, to } => self.rename_column(name, &value(from), &value(to)),
            TableActionKind::RenameConstraint { from, to } => {
                self.rename_constraint(name, &value(from), &value(to));
            }
            TableActionKind::RowSecurity(on) => {
                if let Some(table) = self.tables.get_mut(name) {
                    table.row_security = *on;
                    table.row_security_at = Some(cx.place(action.span));
                }
            }
            TableActionKind::ForceRowSecurity(on) => {
                if let Some(table) = self.tables.get_mut(name) {
                    table.force_row_security = *on;
                }
            }
            TableActionKind::SetLogged(on) => {
                if let Some(table) = self.tables.get_mut(name) {
                    table.unlogged = !on;
                }
            }
            TableActionKind::AttachPartition { .. }
            | TableActionKind::DetachPartition { .. }
            | TableActionKind::Inherit { .. } => self.change_parent(cx, name, kind),
            // Of these nothing is kept; names and schemas are changed before the table is looked at.
            TableActionKind::AlterConstraint(_)
            | TableActionKind::Rename(_)
            | TableActionKind::SetSchema(_)
            | TableActionKind::Owner(_)
            | TableActionKind::Trigger { .. }
            | TableActionKind::SetTablespace(_)
            | TableActionKind::SetAccessMethod(_)
            | TableActionKind::SetOptions(_)
            | TableActionKind::ResetOptions(_)
            | TableActionKind::ReplicaIdentity(_)
            | TableActionKind::Other(_) => {}
        }
    }

    fn add_column(&mut self, cx: &Cx<'_>, table: &QName, defined: &ast::Column, if_not_exists: bool) {
        let name = value(&defined.name);
        let exists = self.tables.get(table).is_some_and(|it| it.column(&name).is_some());
        if self.is_kept(cx, exists, if_not_exists) {
            return;
        }
        self.remove_column(table, &name, true, false);
        let mut news = Vec::new();
        let column = self.column(cx, table, defined, &mut news);
        self.push_column(table, &column);
        self.add_constraints(cx, table, news);
    }

    fn push_column(&mut self, table: &QName, column: &Column) {
        for child in self.children(table) {
            if self.tables.get(&child).is_some_and(|it| it.column(&column.name).is_none()) {
                self.push_column(&child, column);
            }
        }
        if let Some(table) = self.tables.get_mut(table) {
            table.columns.push(column.clone());
        }
    }

    fn alter_column(&mut self, cx: &Cx<'_>, table: &QName, only: bool, name: &str, change: &AlterColumn) {
        if !only {
            for child in self.children(table) {
                // An identity is the parent's own affair.
                if !matches!(change, AlterColumn::AddIdentity { .. } | AlterColumn::DropIdentity { .. }) {
                    self.alter_column(cx, &child, false, name, change);
                }
            }
        }
        let new_type = match change {
            AlterColumn::Type { type_name, .. } => Some(self.resolved_type(type_name)),
            _ => None,
        };
        let Some(it) = self.tables.get_mut(table) else { return };
        let Some(column) = it.columns.iter_mut().find(|column| column.name == name) else { return };
        match change {
            AlterColumn::Type { .. } => column.type_name = new_type,
            AlterColumn::SetDefault(expr) => set_default(column, expr),
            AlterColumn::DropDefault => column.default = None,
            AlterColumn::SetNotNull => column.not_null = true,
            AlterColumn::DropNotNull => column.not_null = false,
            AlterColumn::AddIdentity { identity } => {
                if column.identity.replace(*identity).is_none() {
                    let place = column.created.span;
                    self.own_sequence(cx, table, name, place);
                }
            }
            AlterColumn::DropIdentity { .. } => {
                if column.identity.take().is_some() {
                    self.remove_owned(table, Some(name));
                }
            }
            AlterColumn::DropExpression { .. } => (column.generated, column.generation) = (None, None),
            AlterColumn::SetExpression(expr) => column.generation = Some(expr.clone()),
            AlterColumn::Planner | AlterColumn::Other => {}
        }
    }

    fn validate(&mut self, table: &QName, name: &Ident) {
        let name = value(name);
        for child in self.children(table) {
            self.validate_in(&child, &name);
        }
        self.validate_in(table, &name);
    }

    fn validate_in(&mut self, table: &QName, name: &str) {
        let Some(it) = self.tables.get_mut(table) else { return };
        let named = it.constraints.iter_mut().filter(|constraint| constraint.name == name);
        named.for_each(|constraint| constraint.valid = true);
    }

    /// `rename constraint`: its index and what children have of it follow.
    pub(super) fn rename_constraint(&mut self, table: &QName, from: &str, to: &str) {
        for child in self.children(table) {
            let inherited = self.tables.get(&child).and_then(|it| it.constraint(from));
            if inherited.is_some_and(|it| matches!(it.def, ConstraintDef::Check(_))) {
                self.rename_constraint(&child, from, to);
            }
        }
        self.note_constraint(table, to);
        let Some(it) = self.tables.get_mut(table) else { return };
        let Some(constraint) = it.constraints.iter_mut().find(|constraint| constraint.name == from) else { return };
        to.clone_into(&mut constraint.name);
        let (old, new) = (QName::new(table.schema.as_str(), from), QName::new(table.schema.as_str(), to));
        if self.indexes.get(&old).is_some_and(|it| it.table == *table && it.constraint.is_some()) {
            self.rename_index(&old, &new);
            if let Some(index) = self.indexes.get_mut(&new) {
                index.constraint = Some(to.to_owned());
            }
        }
    }
}

/// When PostgreSQL does an action, among those of one statement.
fn phase(action: &TableActionKind) -> u8 {
    match action {
        TableActionKind::DropColumn { .. } | TableActionKind::DropConstraint { .. } => 0,
        TableActionKind::AlterColumn { change: AlterColumn::Type { .. }, .. } => 1,
        TableActionKind::AddColumn { .. } => 2,
        _ => 3,
    }
}
