//! Taking tables, views and constraints away, with what goes with them.

use crate::lint::schema::{ConstraintDef, QName, Schema};

impl Schema {
    /// Takes a table away. Its partitions, indexes and sequences go with it; with `cascade` all that depends on it.
    pub(super) fn remove_table(&mut self, name: &QName, cascade: bool) {
        let children = self.children(name);
        let partitions = self.partitions(name);
        let Some(table) = self.tables.remove(name) else { return };
        for index in &table.indexes {
            self.indexes.remove(index);
        }
        self.remove_owned(name, None);
        for child in children {
            if cascade || partitions.contains(&child) {
                self.remove_table(&child, cascade);
            }
        }
        if cascade {
            self.remove_users(name);
            self.remove_users_of_type(name);
        }
        self.play.used_by.remove(name);
    }

    /// Takes a view away.
    pub(super) fn remove_view(&mut self, name: &QName, cascade: bool) {
        let Some(view) = self.views.remove(name) else { return };
        for index in &view.indexes {
            self.indexes.remove(index);
        }
        if cascade {
            self.remove_users(name);
            self.remove_users_of_type(name);
        }
        self.play.used_by.remove(name);
    }

    /// Takes away what refers to a relation that is gone.
    fn remove_users(&mut self, gone: &QName) {
        for user in self.users(gone) {
            if self.views.get(&user).is_some_and(|view| view.reads.contains(gone)) {
                self.remove_view(&user, true);
            }
            self.remove_constraints(&user, |def| match def {
                ConstraintDef::ForeignKey(reference) => reference.table == *gone,
                _ => false,
            });
            let Some(table) = self.tables.get(&user) else { continue };
            let keep: Vec<bool> =
                table.policies.iter().map(|policy| !self.policy_reads(policy).contains(gone)).collect();
            if let Some(table) = self.tables.get_mut(&user) {
                let mut keep = keep.into_iter();
                table.policies.retain(|_| keep.next().unwrap_or(true));
            }
        }
    }

    fn remove_constraints(&mut self, table: &QName, gone: impl Fn(&ConstraintDef) -> bool) {
        let Some(it) = self.tables.get(table) else { return };
        let names: Vec<String> = it.constraints.iter().filter(|it| gone(&it.def)).map(|it| it.name.clone()).collect();
        for name in names {
            self.remove_constraint(table, &name, true);
        }
    }

    /// Takes the sequences away that a table, or one of its columns, owns.
    pub(super) fn remove_owned(&mut self, table: &QName, column: Option<&str>) {
        for user in self.users(table) {
            let owned = |owner: &Option<(QName, String)>| {
                owner.as_ref().is_some_and(|(of, at)| of == table && column.is_none_or(|column| column == at))
            };
            if self.sequences.get(&user).is_some_and(|(_, owner)| owned(owner)) {
                self.sequences.remove(&user);
            }
        }
    }

    /// Takes a constraint away, from children too; with `cascade` the foreign keys that need it.
    pub(super) fn remove_constraint(&mut self, table: &QName, name: &str, cascade: bool) {
        let Some(it) = self.tables.get_mut(table) else { return };
        let Some(at) = it.constraints.iter().position(|it| it.name == name) else { return };
        let constraint = it.constraints.remove(at);
        match &constraint.def {
            ConstraintDef::PrimaryKey | ConstraintDef::Unique | ConstraintDef::Exclude => {
                self.remove_index(&QName::new(table.schema.as_str(), name));
                if cascade && !matches!(constraint.def, ConstraintDef::Exclude) {
                    for user in self.users(table) {
                        self.remove_constraints(&user, |def| match def {
                            ConstraintDef::ForeignKey(reference) => {
                                reference.table == *table && same_columns(&reference.columns, &constraint.columns)
                            }
                            _ => false,
                        });
                    }
                }
            }
            ConstraintDef::Check(_) => {
                for child in self.children(table) {
                    self.remove_constraint(&child, name, cascade);
                }
            }
            ConstraintDef::ForeignKey(_) => {
                for child in self.partitions(table) {
                    self.remove_constraint(&child, name, cascade);
                }
            }
        }
    }
}

fn same_columns(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|column| other.contains(column))
}
