//! What it costs to add a constraint to a table in use, or to validate one.

use super::{Look, of};
use crate::lint::ask::in_use::{Altered, is_known_not_null, list};
use crate::lint::schema::{ConstraintDef, IndexKey, QName};
use crate::risk::{Danger, Phase};
use crate::sql::ast::{ConstraintKind, Expr, Ident, TableAction, TableConstraint};
use crate::text::{Span, bare_ident};

impl Look<'_, '_> {
    /// `add constraint`.
    pub(super) fn add_constraint(&mut self, altered: &Altered<'_>, action: &TableAction, it: &TableConstraint) {
        self.is(Phase::Contract);
        let table = altered.name.clone();
        let later = it.not_valid || it.not_enforced;
        match &it.kind {
            ConstraintKind::ForeignKey { columns, reference } if !later => {
                let name = Self::name_of(altered, it, columns, "fkey");
                let (other, columns) = (self.full(&reference.table), list(columns));
                self.scans_own(&table);
                self.looked_up(&self.named(&reference.table));
                let why = format!("fails where `{columns}` of a row of {table} has no counterpart in {other}");
                let approval = approval(&table, name.as_deref());
                self.cost.fails(why.as_str());
                self.cost.reason(Danger::FailsOnRows, approval.as_str(), why);
                let text = format!("looks up every row of {table} in {other} while writes of both wait");
                self.cost.reason(Danger::BlocksWrites, approval, text);
                if !altered.is_partitioned() || self.at.config.pg_version >= 18 {
                    self.validated_later(&table, name.as_deref(), &self.written(action, it, name.as_deref()));
                }
            }
            ConstraintKind::Check { expr, no_inherit } if !later => {
                let name = Self::check_name(altered, it, expr);
                let condition = self.line(expr.span);
                self.tested(&table, name.as_deref(), &condition, !no_inherit);
                self.validated_later(&table, name.as_deref(), &self.written(action, it, name.as_deref()));
            }
            ConstraintKind::NotNull(column) if !later => {
                self.set_not_null(altered, column);
                if let Some(name) = it.name.as_ref().filter(|_| self.part.is_some()) {
                    self.validated_later(&table, Some(&name.value), &self.written(action, it, Some(&name.value)));
                }
            }
            ConstraintKind::Unique { columns, using_index: None, .. } => {
                let name = Self::name_of(altered, it, columns, "key");
                let why = format!("fails where two rows of {table} have the same `{}`", list(columns));
                self.index_built(&table, name.as_deref(), Some(why).filter(|_| !self.is_unique(&table, columns)));
                if !altered.is_partitioned() {
                    let rest = self.around_columns(action);
                    self.index_first(altered, name.as_deref(), &list(columns), ("unique", &rest));
                }
            }
            ConstraintKind::PrimaryKey { columns, using_index: None } => {
                let name = Self::name_of(altered, it, &[], "pkey");
                let nullable = |column: &Ident| altered.table.is_none_or(|it| !is_known_not_null(it, &column.value));
                let (unique, nullable) = (self.is_unique(&table, columns), columns.iter().any(nullable));
                let columns_shown = list(columns);
                let why = match (unique, nullable) {
                    (true, true) => Some(format!("fails where `{columns_shown}` is null in a row of {table}")),
                    (true, false) => None,
                    (false, true) => Some(format!(
                        "fails where two rows of {table} have the same `{columns_shown}`, or one has null there"
                    )),
                    (false, false) => Some(format!("fails where two rows of {table} have the same `{columns_shown}`")),
                };
                self.index_built(&table, name.as_deref(), why);
                if nullable {
                    self.scans(&table);
                }
                if !altered.is_partitioned() {
                    let rest = self.around_columns(action);
                    self.key_first(altered, name.as_deref(), columns, &rest);
                }
            }
            ConstraintKind::PrimaryKey { using_index: Some(index), .. } => self.key_of_index(altered, index),
            ConstraintKind::Exclude { .. } => {
                let name = it.name.as_ref().map(|name| name.value.clone());
                let written = self.line(action.span);
                let why = format!("fails where two rows of {table} exclude each other: `{written}`");
                self.index_built(&table, name.as_deref(), Some(why));
            }
            ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::NotNull(_)
            | ConstraintKind::Unique { .. } => {}
        }
    }

    /// A constraint as it is written, all of it, with its name.
    fn written(&self, action: &TableAction, it: &TableConstraint, name: Option<&str>) -> String {
        let written = self.sql(Span::new(it.span.start, action.span.end));
        match name.filter(|_| it.name.is_none()) {
            Some(name) => format!("constraint {} {written}", bare_ident(name)),
            None => written,
        }
    }

    /// The table that a foreign key refers to is read too, where it is not new itself.
    pub(super) fn looked_up(&mut self, other: &QName) {
        let known = self.at.schema.tables.get(other);
        if known.is_none_or(|it| !it.created.is_in(self.at.file.id)) {
            self.scans_own(other);
        }
    }

    /// Whether an index says already that no two rows are equal in these columns.
    fn is_unique(&self, table: &QName, columns: &[Ident]) -> bool {
        self.at.schema.indexes_of(table).any(|index| {
            let is_among = |key: &IndexKey| match key {
                IndexKey::Column(name) => columns.iter().any(|column| column.value == *name),
                IndexKey::Expr(_) => false,
            };
            index.unique && index.filter.is_none() && !index.keys.is_empty() && index.keys.iter().all(is_among)
        })
    }

    /// The written name, or the one that PostgreSQL makes up.
    fn name_of(altered: &Altered<'_>, it: &TableConstraint, columns: &[Ident], suffix: &str) -> Option<String> {
        let columns: Vec<&str> = columns.iter().map(|column| column.value.as_str()).collect();
        it.name.as_ref().map(|name| name.value.clone()).or_else(|| altered.constraint_name(&columns, suffix))
    }

    fn check_name(altered: &Altered<'_>, it: &TableConstraint, expr: &Expr) -> Option<String> {
        it.name.as_ref().map(|name| name.value.clone()).or_else(|| altered.check_name(expr))
    }

    /// A check is tested for every row while nobody else may use the table.
    fn tested(&mut self, table: &QName, name: Option<&str>, condition: &str, heirs: bool) {
        if heirs {
            self.scans(table);
        } else {
            self.scans_own(table);
        }
        let why = format!("fails where `{condition}` is false in a row of {table}");
        self.cost.fails(why.as_str());
        self.cost.reason(Danger::FailsOnRows, approval(table, name), why);
        let text = format!("tests `{condition}` for every row of {table} while reads and writes wait");
        self.cost.reason(Danger::BlocksAllReading, approval(table, name), text);
    }

    /// An index is built while nobody else may use the table.
    fn index_built(&mut self, table: &QName, name: Option<&str>, why: Option<String>) {
        self.scans_own(table);
        if let Some(why) = why {
            self.cost.fails(why.as_str());
            self.cost.reason(Danger::FailsOnRows, approval(table, name), why);
        }
        let text = format!("builds an index over {table} while reads and writes wait");
        self.cost.reason(Danger::BlocksAllReading, approval(table, name), text);
    }

    /// `primary key using index`, which makes its columns `not null`.
    fn key_of_index(&mut self, altered: &Altered<'_>, index: &Ident) {
        let table = altered.name.clone();
        let known = self.at.schema.indexes.get(&QName::new(table.schema.as_str(), index.value.as_str()));
        let nullable = |key: &IndexKey| match key {
            IndexKey::Column(name) => altered.table.is_none_or(|it| !is_known_not_null(it, name)),
            IndexKey::Expr(_) => false,
        };
        if !known.is_none_or(|known| known.keys.iter().any(nullable)) {
            return;
        }
        self.scans_own(&table);
        let why = format!("fails where a column of the key is null in a row of {table}");
        self.cost.fails(why.as_str());
        let approval = approval(&table, Some(&index.value));
        self.cost.reason(Danger::FailsOnRows, approval.as_str(), why);
        let text = format!("looks for nulls in every row of {table} while reads and writes wait");
        self.cost.reason(Danger::BlocksAllReading, approval, text);
    }

    /// `validate constraint`.
    pub(super) fn validate(&mut self, altered: &Altered<'_>, name: &Ident) {
        let table = altered.name.clone();
        let known = altered.table.and_then(|it| it.constraint(&name.value));
        if known.is_some_and(|it| it.valid) {
            return;
        }
        self.is(Phase::Contract);
        let shown = bare_ident(&name.value);
        let why = if let Some(ConstraintDef::ForeignKey(reference)) = known.map(|it| &it.def) {
            self.scans_own(&table);
            self.looked_up(&reference.table);
            let columns = known.map(|it| it.columns.join(", ")).unwrap_or_default();
            format!("fails where `{columns}` of a row of {table} has no counterpart in {}", reference.table)
        } else {
            self.scans(&table);
            format!("fails where a row of {table} does not obey `{shown}`")
        };
        self.cost.fails(why.as_str());
        self.cost.reason(Danger::TestsRows, format!("validate:{}", of(&table, &name.value)), why);
    }
}

fn approval(table: &QName, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("add-constraint:{}", of(table, name)),
        None => format!("add-constraint:{table}"),
    }
}
