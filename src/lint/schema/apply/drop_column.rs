//! Taking a column away, with what is made of it.

use super::constraint::mentioned;
use crate::lint::schema::{ConstraintDef, IndexKey, QName, Schema};
use crate::sql::ast::Expr;

impl Schema {
    /// Takes a column away: its constraints, indexes and sequences go with it; with `cascade` views, policies, generated
    /// columns and foreign keys of others too.
    pub(super) fn remove_column(&mut self, table: &QName, column: &str, cascade: bool, only: bool) {
        let Some(it) = self.tables.get(table) else { return };
        if it.column(column).is_none() {
            return;
        }
        if !only {
            for child in self.children(table) {
                self.remove_column(&child, column, cascade, false);
            }
        }
        let Some(it) = self.tables.get(table) else { return };
        let uses = |expr: &Expr| mentioned(expr, it).iter().any(|it| it == column);
        let constraints: Vec<String> = it
            .constraints
            .iter()
            .filter(|it| it.columns.iter().any(|it| it == column))
            .map(|it| it.name.clone())
            .collect();
        let indexes: Vec<QName> = self
            .indexes_of(table)
            .filter(|index| {
                index.include.iter().any(|it| it == column)
                    || index.filter.as_ref().is_some_and(uses)
                    || index.keys.iter().any(|key| match key {
                        IndexKey::Column(name) => name == column,
                        IndexKey::Expr(expr) => uses(expr),
                    })
            })
            .map(|index| index.name.clone())
            .collect();
        let generated: Vec<String> = it
            .columns
            .iter()
            .filter(|other| other.generation.as_ref().is_some_and(uses))
            .map(|other| other.name.clone())
            .collect();
        let policies: Vec<String> = it
            .policies
            .iter()
            .filter(|policy| policy.using.iter().chain(&policy.check).any(uses))
            .map(|policy| policy.name.clone())
            .collect();
        for name in constraints {
            self.remove_constraint(table, &name, cascade);
        }
        for name in indexes {
            self.remove_index(&name);
        }
        self.remove_owned(table, Some(column));
        if cascade {
            if let Some(it) = self.tables.get_mut(table) {
                it.policies.retain(|policy| !policies.contains(&policy.name));
            }
            self.remove_users_of_column(table, column);
        }
        if let Some(it) = self.tables.get_mut(table) {
            it.columns.retain(|it| it.name != column);
        }
        if cascade {
            for name in generated {
                self.remove_column(table, &name, true, only);
            }
        }
    }

    fn remove_users_of_column(&mut self, table: &QName, column: &str) {
        let used = (table.clone(), column.to_owned());
        for user in self.users(table) {
            if self.views.get(&user).is_some_and(|view| view.uses.contains(&used)) {
                self.remove_view(&user, true);
            }
            let Some(it) = self.tables.get(&user) else { continue };
            let foreign: Vec<String> = it
                .constraints
                .iter()
                .filter(|it| match &it.def {
                    ConstraintDef::ForeignKey(to) => to.table == *table && to.columns.iter().any(|it| it == column),
                    _ => false,
                })
                .map(|it| it.name.clone())
                .collect();
            let keep: Vec<bool> = it.policies.iter().map(|it| !self.policy_uses(it).contains(&used)).collect();
            for name in foreign {
                self.remove_constraint(&user, &name, true);
            }
            if let Some(it) = self.tables.get_mut(&user) {
                let mut keep = keep.into_iter();
                it.policies.retain(|_| keep.next().unwrap_or(true));
            }
        }
    }
}
