//! Whose rows are they? The table of tenants, and the tables that belong to them.

use super::tables;
use crate::lint::ChainCx;
use crate::lint::schema::{Column, Constraint, ConstraintDef, QName, Reference, Table};

/// The table of tenants, where a migration made it.
pub(super) fn tenants<'a>(cx: &ChainCx<'a>) -> Option<&'a Table> {
    let wanted = std::slice::from_ref(&cx.config.tenant_table);
    let mut found = cx.tables().filter(|table| tables::named(wanted, &table.name));
    let first = found.next()?;
    // Of two with the same name the one that clients see.
    Some(
        found
            .find(|table| cx.config.is_exposed(&table.name.schema))
            .filter(|_| !cx.config.is_exposed(&first.name.schema))
            .unwrap_or(first),
    )
}

/// Whether rows of the table should say whose they are: not tenants themselves, no exempt table, and none whose rows extend
/// one row of a tenant or of the platform's (a user's profile).
pub(super) fn belongs(cx: &ChainCx<'_>, table: &Table, tenants: &Table) -> bool {
    if table.name == tenants.name || tables::named(&cx.config.tenant_exempt, &table.name) {
        return false;
    }
    let Some(key) = table.primary_key() else { return true };
    !foreign_keys(table).any(|(constraint, reference)| {
        constraint.columns == key.columns && (reference.table == tenants.name || is_platform(cx, &reference.table))
    })
}

fn is_platform(cx: &ChainCx<'_>, name: &QName) -> bool {
    match cx.schema.tables.get(name) {
        Some(table) => table.is_platform(),
        None => cx.schema.managed.contains(&name.schema),
    }
}

/// The foreign keys of a table.
pub(super) fn foreign_keys(table: &Table) -> impl Iterator<Item = (&Constraint, &Reference)> {
    table.constraints.iter().filter_map(|constraint| match &constraint.def {
        ConstraintDef::ForeignKey(reference) => Some((constraint, reference)),
        _ => None,
    })
}

/// The column that says whose a row is: the one of the configuration, else the only one that refers to the tenants.
pub(super) fn column<'a>(cx: &ChainCx<'_>, table: &'a Table, tenants: &Table) -> Option<&'a Column> {
    if let Some(column) = table.column(&cx.config.tenant_column) {
        return Some(column);
    }
    let mut referring = foreign_keys(table).filter(|(_, reference)| reference.table == tenants.name);
    match (referring.next(), referring.next()) {
        (Some((constraint, _)), None) => constraint.columns.first().and_then(|name| table.column(name)),
        _ => None,
    }
}
