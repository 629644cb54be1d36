//! What is kept, brought back: the statements that fill a table or columns that are there again.

use super::trash::{Kept, TRASH, held, is_foreign};
use crate::catalog::{Catalog, Column, Enabled, Id, Kind, Object};
use crate::text::{bare_ident, quote_literal};

/// The statements that put the rows of a table back. Rows that the migration has put there itself give way to those kept
/// under the same key.
pub(super) fn restore_table(it: &Kept, catalog: &Catalog) -> String {
    let table = it.table.qualified();
    let columns: Vec<(&Id, &Column)> = catalog
        .columns(&it.table)
        .into_iter()
        .filter(|(_, _, column)| column.generated.is_none())
        .map(|(id, _, column)| (id, column))
        .collect();
    if columns.is_empty() {
        return done(it);
    }
    let names: Vec<String> = columns.iter().map(|(id, _)| bare_ident(&id.part).into_owned()).collect();
    let values: Vec<String> = columns.iter().map(|(id, column)| back(&id.part, column)).collect();
    let is_key = |name: &&(&Id, &Column)| it.key.contains(&name.0.part);
    let others: Vec<String> = columns
        .iter()
        .filter(|it| !is_key(it) && it.1.identity.as_ref().is_none_or(|it| !it.always))
        .map(|(id, _)| format!("{name} = excluded.{name}", name = bare_ident(&id.part)))
        .collect();
    let key: Vec<_> = it.key.iter().map(|name| bare_ident(name)).collect();
    let conflict = match (can_conflict(it, catalog), others.is_empty()) {
        (false, _) => String::new(),
        (true, true) => format!("\n  on conflict ({}) do nothing", key.join(", ")),
        (true, false) => format!("\n  on conflict ({}) do update set {}", key.join(", "), others.join(", ")),
    };
    let insert = format!(
        "insert into {table} ({}) overriding system value\n  select {} from {}{conflict};\n",
        names.join(", "),
        values.join(", "),
        held(it)
    );
    let counters: String = columns.iter().map(|(id, column)| counter(id, column, catalog)).collect();
    quietly(it, catalog, &(insert + &counters)) + &done(it)
}

/// The statements that put the values of columns back, each to the row of its key.
pub(super) fn restore_columns(it: &Kept, catalog: &Catalog) -> String {
    let table = it.table.qualified();
    let columns: Vec<(&String, &Column)> =
        it.columns.iter().filter_map(|name| Some((name, catalog.column(&it.table, name)?))).collect();
    let always: Vec<String> = columns
        .iter()
        .filter(|(_, column)| column.identity.as_ref().is_some_and(|it| it.always))
        .map(|(name, _)| bare_ident(name).into_owned())
        .collect();
    let generated = |word: &str| -> String {
        always.iter().map(|name| format!("alter table {table} alter column {name} set generated {word};\n")).collect()
    };
    let set: Vec<String> =
        columns.iter().map(|(name, column)| format!("{} = {}", bare_ident(name), from_held(name, column))).collect();
    let same: Vec<String> = it
        .key
        .iter()
        .filter_map(|name| Some((name, catalog.column(&it.table, name)?)))
        .map(|(name, column)| format!("it.{} = {}", bare_ident(name), from_held(name, column)))
        .collect();
    let update = format!(
        "{}update {table} as it set\n  {}\n  from {} as held where {};\n{}",
        generated("by default"),
        set.join(",\n  "),
        held(it),
        same.join(" and "),
        generated("always"),
    );
    let ids = columns.iter().map(|(name, column)| (it.table.beside(Kind::Column, *name), *column));
    let counters: String = ids.map(|(id, column)| counter(&id, column, catalog)).collect();
    quietly(it, catalog, &(update + &counters)) + &done(it)
}

/// A value of the copy, as what it was.
fn from_held(name: &str, column: &Column) -> String {
    let name = bare_ident(name);
    if is_foreign(column) { format!("held.{name}::{}", column.data_type) } else { format!("held.{name}") }
}

fn back(name: &str, column: &Column) -> String {
    let name = bare_ident(name);
    if is_foreign(column) { format!("{name}::{}", column.data_type) } else { name.into_owned() }
}

/// Whether rows of the same key can be told from new ones: by a key that does not wait for the end of a transaction.
fn can_conflict(it: &Kept, catalog: &Catalog) -> bool {
    let is_key = |entry: &crate::catalog::Entry| matches!(&entry.object, Object::Constraint(key) if key.columns == it.key && !key.deferrable && key.what.has_index());
    !it.key.is_empty() && catalog.parts(&it.table, Kind::Constraint).any(|(_, entry)| is_key(entry))
}

/// Lets a column that counts go on behind what is there now.
fn counter(id: &Id, column: &Column, catalog: &Catalog) -> String {
    let owns = |entry: &crate::catalog::Entry| {
        matches!(&entry.object, Object::Sequence(it) if it.owned_by.as_ref()
            == Some(&(id.schema.clone(), id.name.clone(), id.part.clone())))
    };
    let sequences = || catalog.parts_of_kind(Kind::Sequence).any(|(_, entry)| owns(entry));
    if column.identity.is_none() && !sequences() {
        return String::new();
    }
    let (table, name) = (id.qualified(), bare_ident(&id.part));
    format!(
        "select pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {}), max({name})) from {table} having max({name}) \
         is not null;\n",
        quote_literal(&table),
        quote_literal(&id.part),
    )
}

/// Statements during which the table's own triggers stay silent: what they would do was done when the rows were written.
fn quietly(it: &Kept, catalog: &Catalog, sql: &str) -> String {
    let table = it.table.qualified();
    let triggers: Vec<(String, &str)> = catalog
        .parts(&it.table, Kind::Trigger)
        .filter_map(|(id, entry)| match &entry.object {
            Object::Trigger(it) if it.enabled != Enabled::Disabled => {
                Some((bare_ident(&id.part).into_owned(), it.enabled.sql()))
            }
            _ => None,
        })
        .collect();
    if triggers.is_empty() {
        return sql.to_owned();
    }
    let off: Vec<String> = triggers.iter().map(|(name, _)| format!("disable trigger {name}")).collect();
    let on: Vec<String> = triggers.iter().map(|(name, word)| format!("{word} trigger {name}")).collect();
    format!("alter table {table} {};\n{sql}alter table {table} {};\n", off.join(", "), on.join(", "))
}

/// Takes it out of the trash.
fn done(it: &Kept) -> String {
    format!(
        "update {TRASH}.kept set restored_at = pg_catalog.now() where held_in = {};\ndrop table {};\n",
        quote_literal(&it.held),
        held(it)
    )
}
