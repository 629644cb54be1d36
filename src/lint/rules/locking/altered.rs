//! What the rules about `alter table` have in common: the table that others are using, and what is known of its columns.

use super::transaction::companions;
use crate::lint::EventCx;
use crate::lint::schema::{ConstraintDef, QName, Table, TableKind};
use crate::sql::ast::{AlterTable, Column, Expr, ExprKind, Ident, Relation, StmtKind, TableAction, TableActionKind};
use crate::text::bare_ident;

/// An `alter table` of a table that others may be using.
pub(super) struct Altered<'a> {
    /// The statement.
    pub(super) alter: &'a AlterTable,
    /// The table's name.
    pub(super) name: QName,
    /// The table, where the chain knows it.
    pub(super) table: Option<&'a Table>,
}

/// The statement as an `alter table` of a table in use that holds its own rows.
pub(super) fn altered<'a>(cx: &EventCx<'a>) -> Option<Altered<'a>> {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return None };
    if alter.relation != Relation::Table || !cx.is_in_use(&alter.name) {
        return None;
    }
    let table = cx.table(&alter.name);
    let name = cx.resolve(&alter.name);
    if table.is_some_and(|table| table.kind == TableKind::Foreign) || is_emptied(cx, &name) {
        return None;
    }
    Some(Altered { alter, name, table })
}

/// How far back a `truncate` is looked for: it stands close to what it is done for.
const NEAR: usize = 100;

/// Whether the transaction has truncated the table before: it is locked by that already, and there are no rows to read.
pub(super) fn is_emptied(cx: &EventCx<'_>, name: &QName) -> bool {
    companions(cx).rev().take(NEAR).any(|event| match &event.stmt.kind {
        StmtKind::Truncate { tables, .. } => tables.iter().any(|table| cx.resolve(table) == *name),
        _ => false,
    })
}

impl<'a> Altered<'a> {
    /// The columns it adds.
    pub(super) fn added(&self) -> impl Iterator<Item = (&'a TableAction, &'a Column)> {
        self.alter.actions.iter().filter_map(|action| match &action.kind {
            TableActionKind::AddColumn { column, .. } => Some((action, column)),
            _ => None,
        })
    }

    /// Whether the table is partitioned.
    pub(super) fn is_partitioned(&self) -> bool {
        self.table.is_some_and(|table| table.kind == TableKind::Partitioned)
    }

    /// The name that PostgreSQL gives a constraint without one, or `None` where it would be cut.
    pub(super) fn constraint_name(&self, columns: &[&str], suffix: &str) -> Option<String> {
        let mut name = self.name.name.clone();
        for column in columns {
            name.push('_');
            name.push_str(column);
        }
        name.push('_');
        name.push_str(suffix);
        (name.len() <= 63).then_some(name)
    }
}

/// A list of columns as SQL.
pub(super) fn list(columns: &[Ident]) -> String {
    columns.iter().map(|column| bare_ident(&column.value).into_owned()).collect::<Vec<_>>().join(", ")
}

/// Whether a condition cannot hold while the column is null: `column is not null`, alone or with `and`.
pub(super) fn excludes_null(condition: &Expr, column: &str) -> bool {
    match &condition.kind {
        ExprKind::Is { expr, not: true, what } if what == "null" => {
            expr.as_column().and_then(<[Ident]>::last).is_some_and(|last| last.value == column)
        }
        ExprKind::Binary { op, left, right } if op == "and" => {
            excludes_null(left, column) || excludes_null(right, column)
        }
        _ => false,
    }
}

/// Whether PostgreSQL knows without a look at the rows that the column holds no null: it is `not null`, or a validated check
/// says so.
pub(super) fn is_known_not_null(table: &Table, column: &str) -> bool {
    table.column(column).is_some_and(|it| it.not_null)
        || table.constraints.iter().any(|constraint| match &constraint.def {
            ConstraintDef::Check(condition) => constraint.valid && excludes_null(condition, column),
            ConstraintDef::PrimaryKey => constraint.columns.iter().any(|it| it == column),
            _ => false,
        })
}
