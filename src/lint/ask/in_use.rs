//! What the rules about `alter table` have in common: the table that others are using, and what is known of its columns.

use super::transaction::companions;
use crate::lint::At;
use crate::lint::schema::{ConstraintDef, QName, Table, TableKind};
use crate::sql::ast::{
    AlterTable, Column, ColumnConstraint, ColumnConstraintKind, Expr, ExprKind, Ident, Relation, StmtKind, TableAction,
    TableActionKind,
};
use crate::text::{Span, bare_ident};

/// An `alter table` of a table that others may be using.
pub(in crate::lint) struct Altered<'a> {
    /// The statement.
    pub(in crate::lint) alter: &'a AlterTable,
    /// The table's name.
    pub(in crate::lint) name: QName,
    /// The table, where the chain knows it.
    pub(in crate::lint) table: Option<&'a Table>,
}

/// The statement as an `alter table` of a table in use that holds its own rows.
pub(in crate::lint) fn altered<'a>(cx: &At<'a>) -> Option<Altered<'a>> {
    altered_at_all(cx).filter(|altered| !is_emptied(cx, &altered.name))
}

/// The same, also where the transaction has taken all rows away before.
pub(in crate::lint) fn altered_at_all<'a>(cx: &At<'a>) -> Option<Altered<'a>> {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return None };
    if alter.relation != Relation::Table || !cx.is_in_use(&alter.name) {
        return None;
    }
    let table = cx.table(&alter.name);
    let name = cx.resolve(&alter.name);
    if table.is_some_and(|table| table.kind == TableKind::Foreign) {
        return None;
    }
    Some(Altered { alter, name, table })
}

/// How far back a `truncate` is looked for: it stands close to what it is done for.
const NEAR: usize = 100;

/// Whether the transaction has truncated the table before: it is locked by that already, and there are no rows to read.
pub(in crate::lint) fn is_emptied(cx: &At<'_>, name: &QName) -> bool {
    companions(cx).rev().take(NEAR).any(|event| match &event.stmt.kind {
        StmtKind::Truncate { tables, .. } => tables.iter().any(|table| cx.resolve(table) == *name),
        _ => false,
    })
}

impl<'a> Altered<'a> {
    /// The columns it adds.
    pub(in crate::lint) fn added(&self) -> impl Iterator<Item = (&'a TableAction, &'a Column)> {
        self.alter.actions.iter().filter_map(|action| match &action.kind {
            TableActionKind::AddColumn { column, .. } => Some((action, column)),
            _ => None,
        })
    }

    /// Whether the table is partitioned.
    pub(in crate::lint) fn is_partitioned(&self) -> bool {
        self.table.is_some_and(|table| table.kind == TableKind::Partitioned)
    }

    /// The name that PostgreSQL gives a constraint without one, or `None` where it would be cut.
    pub(in crate::lint) fn constraint_name(&self, columns: &[&str], suffix: &str) -> Option<String> {
        let mut name = self.name.name.clone();
        for column in columns {
            name.push('_');
            name.push_str(column);
        }
        name.push('_');
        name.push_str(suffix);
        (name.len() <= 63).then_some(name)
    }

    /// The name that PostgreSQL gives a check: with the column where the condition is about one.
    pub(in crate::lint) fn check_name(&self, expr: &Expr) -> Option<String> {
        let mut columns: Vec<&str> = expr
            .all()
            .into_iter()
            .filter_map(Expr::as_column)
            .filter_map(|parts| Some(parts.last()?.value.as_str()))
            .collect();
        columns.sort_unstable();
        columns.dedup();
        self.constraint_name(if columns.len() == 1 { &columns } else { &[] }, "check")
    }
}

/// A list of columns as SQL.
pub(in crate::lint) fn list(columns: &[Ident]) -> String {
    columns.iter().map(|column| bare_ident(&column.value).into_owned()).collect::<Vec<_>>().join(", ")
}

/// Whether a condition cannot hold while the column is null: `column is not null`, alone or with `and`.
pub(in crate::lint) fn excludes_null(condition: &Expr, column: &str) -> bool {
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
pub(in crate::lint) fn is_known_not_null(table: &Table, column: &str) -> bool {
    table.column(column).is_some_and(|it| it.not_null)
        || table.constraints.iter().any(|constraint| match &constraint.def {
            ConstraintDef::Check(condition) => constraint.valid && excludes_null(condition, column),
            ConstraintDef::PrimaryKey => constraint.columns.iter().any(|it| it == column),
            _ => false,
        })
}

/// Whether PostgreSQL need not look at the rows, or the column is as new as this migration.
pub(in crate::lint) fn is_settled(cx: &At<'_>, altered: &Altered<'_>, name: &Ident) -> bool {
    if altered.added().any(|(_, column)| column.name.value == name.value) {
        return true;
    }
    let Some(table) = altered.table else { return is_added_before(cx, altered, name) };
    is_known_not_null(table, &name.value)
        || table.column(&name.value).is_some_and(|column| column.created.is_in(cx.file.id))
}

/// Whether the file has added the column to a table that the chain does not know.
fn is_added_before(cx: &At<'_>, altered: &Altered<'_>, name: &Ident) -> bool {
    cx.earlier().any(|event| match &event.stmt.kind {
        StmtKind::AlterTable(alter) => {
            let adds = |action: &TableAction| {
                matches!(&action.kind, TableActionKind::AddColumn { column, .. } if column.name.value == name.value)
            };
            alter.actions.iter().any(adds) && cx.resolve(&alter.name) == altered.name
        }
        _ => false,
    })
}

/// Whether PostgreSQL knows a value for the rows there are.
pub(in crate::lint) fn is_filled(column: &Column) -> bool {
    let serial = column.type_name.as_ref().is_some_and(|it| it.any_of(&["serial", "bigserial", "smallserial"]));
    let fills = |constraint: &ColumnConstraint| match &constraint.kind {
        ColumnConstraintKind::Default(value) => !value.is_null(),
        ColumnConstraintKind::Generated { .. } | ColumnConstraintKind::Identity(_) => true,
        _ => false,
    };
    serial || column.constraints.iter().any(fills)
}

/// Where it is said that a new column gives every row a number: a serial type, or `as identity`.
pub(in crate::lint) fn numbered(column: &Column) -> Option<Span> {
    let serial = column
        .type_name
        .as_ref()
        .filter(|it| it.dimensions == 0 && it.schema.is_none() && it.any_of(&["serial", "bigserial", "smallserial"]));
    let identity = column.constraints.iter().find(|it| matches!(it.kind, ColumnConstraintKind::Identity(_)));
    serial.map(|it| it.name_span).or(identity.map(|it| it.span))
}
