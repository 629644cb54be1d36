//! What it costs to add a column, or to change one.

use super::cast::cast;
use super::foreign::Retyped;
use super::{Look, of};
use crate::lint::ask::column_type::{Cost as Change, change, is_plain_cast, known_type, over};
use crate::lint::ask::in_use::{Altered, is_filled, is_known_not_null, is_settled, numbered};
use crate::lint::ask::volatile::volatile_call;
use crate::lint::schema::TypeKind;
use crate::risk::{Danger, Phase, Reversible};
use crate::sql::ast::{
    AlterColumn, Column, ColumnConstraint, ColumnConstraintKind, Expr, Ident, TableAction, TypeName,
};
use crate::text::bare_ident;

impl Look<'_, '_> {
    /// `add column`.
    pub(super) fn add_column(&mut self, altered: &Altered<'_>, column: &Column, if_not_exists: bool) {
        let name = &column.name.value;
        if if_not_exists && altered.table.is_some_and(|table| table.column(name).is_some()) {
            return;
        }
        let table = altered.name.clone();
        let approval = format!("add-column:{}", of(&table, name));
        let shown = bare_ident(name);
        let has = |wanted: fn(&ColumnConstraintKind) -> bool| column.constraints.iter().any(|it| wanted(&it.kind));
        let said = self.cost.reasons.len();
        let required = has(|kind| matches!(kind, ColumnConstraintKind::NotNull | ColumnConstraintKind::PrimaryKey));
        if required && !is_filled(column) {
            self.is(Phase::Contract);
            self.scans(&table);
            self.cost.fails(format!("fails as soon as {table} has a row, which has no value for `{shown}`"));
            self.cost.reason(
                Danger::FailsOnRows,
                approval.as_str(),
                format!("adds the required column `{shown}`, for which rows of {table} have no value"),
            );
        }
        if let Some(why) = self.written_for_each(column) {
            self.rewrites(&table);
            self.cost.reason(
                Danger::BlocksAllRewriting,
                approval.as_str(),
                format!("the new column `{shown}` rewrites {table} while reads and writes wait: {why}"),
            );
        }
        let value = is_filled(column) && !has(|kind| matches!(kind, ColumnConstraintKind::Generated { .. }));
        for constraint in &column.constraints {
            self.column_constraint(altered, column, constraint, value);
        }
        if self.cost.reasons.len() > said {
            self.column_first(altered, column, if_not_exists);
        }
    }

    /// Whether every row gets another value by the default of a new column.
    pub(super) fn has_volatile_default(&self, column: &Column) -> bool {
        column.constraints.iter().any(|it| match &it.kind {
            ColumnConstraintKind::Default(value) => volatile_call(&self.at, value).is_some(),
            _ => false,
        })
    }

    /// Why every row gets a value of its own for a new column.
    fn written_for_each(&self, column: &Column) -> Option<String> {
        if numbered(column).is_some() {
            return Some("every row gets its number".to_owned());
        }
        for constraint in &column.constraints {
            match &constraint.kind {
                ColumnConstraintKind::Generated { stored: true, .. } => {
                    return Some("its value is computed and stored for every row".to_owned());
                }
                ColumnConstraintKind::Default(value) => {
                    if let Some((_, function, _)) = volatile_call(&self.at, value) {
                        return Some(format!("`{function}` gives another value for every row"));
                    }
                }
                _ => {}
            }
        }
        let domain = column.type_name.as_ref().filter(|it| self.is_checked_domain(it))?;
        Some(format!("the checks of the domain `{domain}` are tested for every row"))
    }

    /// Whether a type is a domain with checks, which PostgreSQL tests by writing each row.
    pub(super) fn is_checked_domain(&self, type_name: &TypeName) -> bool {
        let schemas: Vec<&str> = match &type_name.schema {
            Some(schema) => vec![schema.as_str()],
            None => self.at.schema.search_path.iter().map(String::as_str).collect(),
        };
        schemas.iter().any(|schema| {
            let name = crate::lint::schema::QName::new(*schema, type_name.name.as_str());
            let known = self.at.schema.types.get(&name);
            matches!(known.map(|it| &it.kind), Some(TypeKind::Domain { checks, .. }) if !checks.is_empty())
        })
    }

    fn column_constraint(&mut self, altered: &Altered<'_>, column: &Column, it: &ColumnConstraint, value: bool) {
        let table = altered.name.clone();
        let (name, shown) = (&column.name.value, bare_ident(&column.name.value));
        let approval = format!("add-column:{}", of(&table, name));
        match &it.kind {
            ColumnConstraintKind::Check { expr, .. } => {
                self.scans(&table);
                if value {
                    self.cost.fails(format!("fails where `{}` is false in a row of {table}", self.line(expr.span)));
                }
                self.cost.reason(
                    Danger::BlocksAllReading,
                    approval,
                    format!("the check of the new column `{shown}` reads {table} while reads and writes wait"),
                );
            }
            ColumnConstraintKind::Unique | ColumnConstraintKind::PrimaryKey => {
                self.scans_own(&table);
                if value && numbered(column).is_none() {
                    self.cost.fails(format!("fails where two rows of {table} get the same `{shown}`"));
                    self.cost.reason(
                        Danger::FailsOnRows,
                        approval.as_str(),
                        format!("fails where two rows of {table} get the same `{shown}`"),
                    );
                }
                self.cost.reason(
                    Danger::BlocksAllReading,
                    approval,
                    format!("the index of the new column `{shown}` is built while reads and writes of {table} wait"),
                );
            }
            ColumnConstraintKind::References(reference) if value => {
                self.scans_own(&table);
                self.looked_up(&self.named(&reference.table));
                let other = self.full(&reference.table);
                self.cost.fails(format!("fails where `{shown}` of a row of {table} has no counterpart in {other}"));
                self.cost.reason(
                    Danger::FailsOnRows,
                    approval,
                    format!("looks up the default of `{shown}` in {other} for {table} while writes of both wait"),
                );
            }
            // Only where no default is written PostgreSQL knows that there is nothing to look up.
            ColumnConstraintKind::References(_) if has_default(column) => {
                self.scans_own(&table);
                let text = format!("reads {table} for the foreign key of `{shown}` while reads and writes wait");
                self.cost.reason(Danger::BlocksAllReading, approval, text);
            }
            _ => {}
        }
    }

    /// `alter column`.
    pub(super) fn alter_column(
        &mut self,
        altered: &Altered<'_>,
        action: &TableAction,
        name: &Ident,
        alteration: &AlterColumn,
    ) {
        match alteration {
            AlterColumn::Type { type_name, using } => {
                self.alter_type(altered, action, name, type_name, using.as_ref());
            }
            AlterColumn::SetNotNull => self.set_not_null(altered, name),
            AlterColumn::DropDefault => self.drop_default(altered, name),
            AlterColumn::SetExpression(_) => {
                let table = altered.name.clone();
                let stored =
                    altered.table.and_then(|it| it.column(&name.value)).is_none_or(|it| it.generated != Some(false));
                if stored {
                    self.rewrites(&table);
                    let text = format!(
                        "computes and stores `{}` for every row of {table} while reads and writes wait",
                        bare_ident(&name.value)
                    );
                    self.cost.reason(Danger::BlocksAllRewriting, format!("rewrite:{table}"), text);
                }
            }
            AlterColumn::SetDefault(_)
            | AlterColumn::DropNotNull
            | AlterColumn::AddIdentity { .. }
            | AlterColumn::DropIdentity { .. }
            | AlterColumn::DropExpression { .. }
            | AlterColumn::Planner
            | AlterColumn::Other => {}
        }
    }

    fn alter_type(
        &mut self,
        altered: &Altered<'_>,
        action: &TableAction,
        name: &Ident,
        new: &TypeName,
        using: Option<&Expr>,
    ) {
        let table = altered.name.clone();
        let shown = bare_ident(&name.value);
        let approval = format!("change-type:{}", of(&table, &name.value));
        let old = known_type(altered, name);
        let cost = change(&self.at, altered, action, (name, new, using));
        let plain = using.is_none_or(|using| is_plain_cast(using, name, new));
        let values = match old {
            Some(old) if plain => {
                let (from, to) = (over(&self.at, old), over(&self.at, new));
                let values = cast(from, to, using.is_some());
                // A value that a domain does not take ends the statement; nothing of one that it takes is lost.
                let fails = (to != new && old != new).then(|| format!("a value does not obey the domain {new}"));
                super::cast::Cast { fails: fails.or(values.fails), loses: values.loses }
            }
            _ => super::cast::Cast {
                fails: Some(match using {
                    Some(using) => format!("`{}` fails for a value", self.line(using.span)),
                    None => format!("the cast to {new} does not take a value"),
                }),
                loses: Some("what the new type has no room for".to_owned()),
            },
        };
        let values = if cost == Change::Rewrite || using.is_some() { values } else { super::cast::Cast::default() };
        let is_other = old.is_none_or(|old| old.name != new.name);
        self.retyped.push(Retyped {
            column: name.value.clone(),
            rewritten: cost == Change::Rewrite,
            compared_anew: is_other && cost == Change::Indexes,
            changed: !plain || values.loses.is_some(),
        });
        if let Some(fails) = &values.fails {
            let why =
                format!("fails where {}", fails.replacen("a value", &format!("`{shown}` of a row of {table}"), 1));
            self.cost.fails(why.as_str());
            self.cost.reason(Danger::FailsOnRows, approval.as_str(), why);
        }
        if let Some(loses) = &values.loses {
            self.cost.returns(Reversible::DataLost, format!("of `{shown}` of {table} is lost: {loses}"));
        }
        if cost == Change::Free {
            return;
        }
        self.is(Phase::Contract);
        match cost {
            Change::Free => {}
            Change::Tested => {
                self.scans(&table);
                let text = format!(
                    "the new type of `{shown}` tests its check for every row of {table} while reads and writes wait"
                );
                self.cost.reason(Danger::BlocksAllReading, approval.as_str(), text);
            }
            Change::Indexes => {
                self.scans(&table);
                let text =
                    format!("the new type of `{shown}` rebuilds its indexes while reads and writes of {table} wait");
                self.cost.reason(Danger::BlocksAllReading, approval.as_str(), text);
            }
            Change::Rewrite => {
                self.rewrites(&table);
                let text = format!(
                    "the new type of `{shown}` rewrites {table} with all its indexes while reads and writes wait"
                );
                self.cost.reason(Danger::BlocksAllRewriting, approval.as_str(), text);
                self.column_beside(altered, action, (name, new, using));
            }
        }
        if matches!(cost, Change::Rewrite) {
            let text = format!("code that is running may not expect the new type of `{shown}` of {table}");
            self.cost.reason(Danger::BreaksCode, approval, text);
        }
    }

    pub(super) fn set_not_null(&mut self, altered: &Altered<'_>, name: &Ident) {
        let table = altered.name.clone();
        let shown = bare_ident(&name.value);
        self.is(Phase::Contract);
        let known = altered.table.is_some_and(|it| is_known_not_null(it, &name.value));
        let is_filled_now = altered.added().any(|(_, column)| column.name.value == name.value && is_filled(column));
        if known || is_filled_now {
            return;
        }
        // A column that the file has added is looked at all the same, but was made for it.
        let is_new = is_settled(&self.at, altered, name);
        self.scans(&table);
        let why = format!("fails where `{shown}` is null in a row of {table}");
        self.cost.fails(why.as_str());
        let approval = format!("set-not-null:{}", of(&table, &name.value));
        self.cost.reason(
            Danger::BlocksAllReading,
            approval.as_str(),
            format!("looks for nulls in `{shown}` of every row of {table} while reads and writes wait"),
        );
        self.cost.reason(Danger::FailsOnRows, approval, why);
        if !is_new {
            self.not_null_instead(&table, &name.value);
        }
    }

    fn drop_default(&mut self, altered: &Altered<'_>, name: &Ident) {
        let known = altered.table.and_then(|table| table.column(&name.value));
        if known.is_some_and(|column| column.default.is_none() || column.created.is_in(self.at.file.id)) {
            return;
        }
        self.is(Phase::Contract);
        if known.is_some_and(|column| column.not_null) {
            let table = &altered.name;
            self.cost.reason(
                Danger::BreaksCode,
                format!("drop-default:{}", of(table, &name.value)),
                format!("inserts into {table} that do not name `{}` fail from then on", bare_ident(&name.value)),
            );
        }
    }
}

/// Whether a default is written, be it `null`.
fn has_default(column: &Column) -> bool {
    column.constraints.iter().any(|it| matches!(it.kind, ColumnConstraintKind::Default(_)))
}
