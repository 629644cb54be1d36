//! Relations get another name or schema: whatever refers to them follows.

use super::name::cut;
use super::rewrite::{Rewrite, requalify, rewrite, rewrite_query};
use crate::lint::schema::{ConstraintDef, IndexKey, Place, QName, Renamed, Schema};
use crate::sql::ast::{Expr, ExprKind, Ident, LiteralKind, Name};

/// Changes a relation's name where it is read.
struct Relation<'a> {
    schema: &'a Schema,
    from: &'a QName,
    to: &'a QName,
}

impl Rewrite for Relation<'_> {
    fn relation(&mut self, name: &mut Name) {
        if self.schema.resolve(name) == *self.from {
            renamed(name, self.from, self.to);
        }
    }
}

/// Puts another name in place of a written one, with a schema where it needs one.
pub(super) fn renamed(name: &mut Name, from: &QName, to: &QName) {
    let Some(last) = name.parts.last_mut() else { return };
    to.name.clone_into(&mut last.value);
    let last = last.clone();
    if from.schema != to.schema || name.parts.len() > 1 {
        let schema = Ident { value: to.schema.clone(), ..last.clone() };
        name.parts = vec![schema, last];
    }
}

impl Schema {
    /// `rename to`, `set schema` of a relation of any kind.
    pub(super) fn rename_relation(&mut self, from: &QName, to: &QName) {
        if from == to || self.has_relation(to) {
            return;
        }
        if self.tables.contains_key(from) || self.views.contains_key(from) {
            let (from, to) = (from.clone(), to.clone());
            // Whoever plays the statement says where.
            self.renamed.push(Renamed { from, to, column: None, place: Place::PLATFORM });
        }
        if self.tables.contains_key(from) {
            self.rename_table(from, to);
        } else if self.views.contains_key(from) {
            self.rename_view(from, to);
        } else if let Some(index) = self.indexes.get(from) {
            match index.constraint.clone() {
                Some(constraint) => self.rename_constraint(&index.table.clone(), &constraint, &to.name),
                None => self.rename_index(from, to),
            }
        } else if self.sequences.contains_key(from) {
            self.rename_sequence(from, to);
        }
    }

    fn rename_table(&mut self, from: &QName, to: &QName) {
        self.follow_relation(from, to);
        self.edit_exprs(from, &mut |_, expr| requalify(expr, &from.name, &to.name));
        let Some(mut table) = self.tables.remove(from) else { return };
        table.name = to.clone();
        for parent in table.partition_of.iter().chain(&table.inherits) {
            self.depend(parent, to);
        }
        let mut own_names = Vec::with_capacity(table.constraints.len());
        for constraint in &mut table.constraints {
            own_names.push(constraint.name.clone());
            if let ConstraintDef::ForeignKey(reference) = &mut constraint.def {
                if reference.table == *from {
                    reference.table = to.clone();
                } else {
                    self.depend(&reference.table.clone(), to);
                }
            }
        }
        for policy in &table.policies {
            for read in self.policy_reads(policy) {
                self.depend(&read, to);
            }
        }
        let indexes = table.indexes.clone();
        self.tables.insert(to.clone(), table);
        for name in own_names {
            self.note_constraint(to, &name);
        }
        self.move_indexes(&indexes, to);
        self.move_types(from, to);
    }

    fn rename_view(&mut self, from: &QName, to: &QName) {
        self.follow_relation(from, to);
        let Some(mut view) = self.views.remove(from) else { return };
        view.name = to.clone();
        for read in &view.reads {
            self.depend(&read.clone(), to);
        }
        let indexes = view.indexes.clone();
        self.views.insert(to.clone(), view);
        self.move_indexes(&indexes, to);
        self.move_types(from, to);
    }

    /// The indexes of a relation that has a new name follow, into its schema too.
    fn move_indexes(&mut self, indexes: &[QName], to: &QName) {
        for old in indexes {
            if let Some(index) = self.indexes.get_mut(old) {
                index.table = to.clone();
            }
            self.rename_index(old, &QName::new(to.schema.as_str(), old.name.as_str()));
        }
    }

    /// What depends on a relation follows its new name.
    fn follow_relation(&mut self, from: &QName, to: &QName) {
        let users = self.users(from);
        for user in users.iter().chain([from]) {
            if self.tables.contains_key(user) {
                self.edit_exprs(user, &mut |schema, expr| rewrite(expr, &mut Relation { schema, from, to }));
            }
            self.follow_in_view(user, from, to);
            if let Some(table) = self.tables.get_mut(user) {
                if table.partition_of.as_ref() == Some(from) {
                    table.partition_of = Some(to.clone());
                }
                table.inherits.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
                for constraint in &mut table.constraints {
                    if let ConstraintDef::ForeignKey(reference) = &mut constraint.def
                        && reference.table == *from
                    {
                        reference.table = to.clone();
                    }
                }
            }
            if let Some((_, Some(owner))) = self.sequences.get_mut(user)
                && owner.0 == *from
            {
                owner.0 = to.clone();
                if from.schema != to.schema {
                    self.rename_sequence(user, &QName::new(to.schema.as_str(), user.name.as_str()));
                    self.depend(to, &QName::new(to.schema.as_str(), user.name.as_str()));
                }
            }
        }
        if let Some(users) = self.play.used_by.remove(from) {
            self.play.used_by.entry(to.clone()).or_default().extend(users);
        }
    }

    fn follow_in_view(&mut self, view: &QName, from: &QName, to: &QName) {
        let Some(mut query) = self.views.get(view).map(|it| it.query.clone()) else { return };
        rewrite_query(&mut query, &mut Relation { schema: self, from, to });
        if let Some(view) = self.views.get_mut(view) {
            view.query = query;
            view.reads.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
            view.uses = std::mem::take(&mut view.uses)
                .into_iter()
                .map(|(relation, column)| (if relation == *from { to.clone() } else { relation }, column))
                .collect();
        }
    }

    /// Changes every expression that belongs to a table: policies, constraints, columns, indexes, triggers' conditions.
    pub(super) fn edit_exprs(&mut self, table: &QName, edit: &mut dyn FnMut(&Self, &mut Expr)) {
        let Some(it) = self.tables.get_mut(table) else { return };
        let (mut policies, mut constraints) = (std::mem::take(&mut it.policies), std::mem::take(&mut it.constraints));
        let mut of_columns: Vec<_> =
            it.columns.iter_mut().map(|column| (column.default.take(), column.generation.take())).collect();
        let indexes = it.indexes.clone();
        for policy in &mut policies {
            policy.using.iter_mut().chain(&mut policy.check).for_each(|expr| edit(self, expr));
        }
        for constraint in &mut constraints {
            if let ConstraintDef::Check(expr) = &mut constraint.def {
                edit(self, expr);
            }
        }
        for (default, generation) in &mut of_columns {
            default.iter_mut().chain(generation).for_each(|expr| edit(self, expr));
        }
        for name in indexes {
            let Some(index) = self.indexes.get_mut(&name) else { continue };
            let (mut keys, mut filter) = (std::mem::take(&mut index.keys), index.filter.take());
            for key in &mut keys {
                if let IndexKey::Expr(expr) = key {
                    edit(self, expr);
                }
            }
            if let Some(expr) = &mut filter {
                edit(self, expr);
            }
            if let Some(index) = self.indexes.get_mut(&name) {
                (index.keys, index.filter) = (keys, filter);
            }
        }
        if let Some(it) = self.tables.get_mut(table) {
            (it.policies, it.constraints) = (policies, constraints);
            for (column, (default, generation)) in it.columns.iter_mut().zip(of_columns) {
                (column.default, column.generation) = (default, generation);
            }
        }
    }

    /// A sequence gets another name; the default that calls it follows.
    pub(super) fn rename_sequence(&mut self, from: &QName, to: &QName) {
        let Some((place, owner)) = self.sequences.remove(from) else { return };
        if let Some((table, column)) = &owner {
            self.depend(table, to);
            if let Some(table) = self.tables.get_mut(table)
                && let Some(column) = table.columns.iter_mut().find(|it| it.name == *column)
                && let Some(Expr { kind: ExprKind::Call { name, args, .. }, .. }) = &mut column.default
                && cut(name.object()) == "nextval"
                && let Some(sequence) = args.first_mut()
            {
                sequence.kind = ExprKind::Literal(LiteralKind::String(to.to_string()));
            }
        }
        self.sequences.insert(to.clone(), (place, owner));
    }
}
