//! What changes of a composite type cost the tables that are made of it or have columns of it.

use super::cast::cast;
use super::{Look, of};
use crate::lint::ask::column_type::{Cost, cost as change};
use crate::lint::ask::reach::users;
use crate::lint::schema::{QName, TypeKind};
use crate::risk::{Danger, LockMode, Phase, Reversible};
use crate::sql::ast::{AlterColumn, AlterTable, TableActionKind};

impl Look<'_, '_> {
    /// `alter type` of attributes.
    pub(super) fn composite(&mut self, alter: &AlterTable, action: &TableActionKind) {
        let name = self.named(&alter.name);
        let typed = self.typed(&name);
        match action {
            TableActionKind::DropColumn { name: attribute, .. } => {
                for table in &typed {
                    self.lock(table, LockMode::AccessExclusive);
                    let column = of(table, &attribute.value);
                    self.gone(
                        &format!("drop-column:{column}"),
                        &format!("the values of {column}, a column of its type"),
                    );
                }
                let own = of(&name, &attribute.value);
                for table in users(&self.at, &alter.name).unwrap_or_default() {
                    self.gone(&format!("drop-attribute:{own}"), &format!("the values of {own} in columns of {table}"));
                }
            }
            TableActionKind::AlterColumn { name: attribute, change: AlterColumn::Type { type_name, .. } } => {
                let old = match self.at.schema.types.get(&name).map(|it| &it.kind) {
                    Some(TypeKind::Composite(fields)) => fields.iter().find(|(it, _)| *it == attribute.value),
                    _ => None,
                };
                let cast = old.map(|(_, old)| cast(old, type_name, false)).unwrap_or_default();
                let is_rewritten = old.is_none_or(|(_, old)| change(old, type_name) == Cost::Rewrite);
                for table in &typed {
                    self.lock(table, LockMode::AccessExclusive);
                    if !is_rewritten {
                        continue;
                    }
                    let column = of(table, &attribute.value);
                    self.rewrites_own(table);
                    let approval = format!("change-type:{column}");
                    let text = format!("writes {table}, a table of its type, with all its indexes anew");
                    self.is(Phase::Contract);
                    self.cost.reason(Danger::BlocksAllRewriting, approval.as_str(), text);
                    if let Some(fails) = &cast.fails {
                        let why = format!("fails where {fails} in {column}");
                        self.cost.fails(why.as_str());
                        self.cost.reason(Danger::FailsOnRows, approval.as_str(), why);
                    }
                    if let Some(loses) = &cast.loses {
                        self.cost.returns(Reversible::DataLost, format!("{loses} in {column}"));
                    }
                }
            }
            _ => typed.iter().for_each(|table| self.lock(table, LockMode::AccessExclusive)),
        }
    }

    /// The tables of a type that were there before the file.
    fn typed(&self, name: &QName) -> Vec<QName> {
        let is_it = |of: Option<&QName>| of == Some(name);
        let tables = self.at.schema.tables.values();
        let typed = tables.filter(|it| is_it(it.of_type.as_ref()) && !it.created.is_in(self.at.file.id));
        typed.map(|it| it.name.clone()).collect()
    }

    fn gone(&mut self, approval: &str, what: &str) {
        self.is(Phase::Contract);
        self.cost.returns(Reversible::DataLost, format!("{what} are gone"));
        self.cost.reason(Danger::LosesData, approval, format!("drops {what}"));
    }
}
