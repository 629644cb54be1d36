//! Columns that count: how far each has counted is kept with what is dropped, and set again.

use super::trash::TRASH;
use crate::catalog::{Catalog, Entry, Id, Kind, Object, SequenceOptions};
use crate::text::quote_literal;

/// The table that has how far each column had counted that was dropped.
pub(super) fn list() -> String {
    format!(
        "create table if not exists {TRASH}.counters (\n  held_in text not null,\n  of_column text not null,\n  \
         last_value bigint,\n  primary key (held_in, of_column)\n)"
    )
}

/// The columns of a table that count by a sequence of their own.
pub(super) fn counting(table: &Id, catalog: &Catalog) -> Vec<Id> {
    let columns = catalog.columns(table).into_iter();
    let counts = columns.filter(|(id, _, column)| column.identity.is_some() || options(id, catalog).is_some());
    counts.map(|(id, ..)| id.clone()).collect()
}

/// The columns that count and that the way back of a migration drops, alone or with their table; `after` names them.
pub fn counters_lost(before: &Catalog, after: &Catalog, back: &super::Names) -> Vec<Id> {
    let tables = after.entries.keys().filter(|id| id.kind == Kind::Table);
    let columns = tables.flat_map(|table| counting(table, after));
    columns.filter(|id| !before.entries.contains_key(&back.id(id))).collect()
}

/// The query that says how far such a column has counted, where that is beyond its rows; 0 where not.
pub fn counted_beyond(column: &Id) -> String {
    let name = crate::text::bare_ident(&column.part);
    format!(
        "select case when it.counted > coalesce(it.last, 0) then it.counted else 0 end from (select \
         pg_catalog.pg_sequence_last_value({}) as counted, (select max({name})::bigint from {}) as last) as it",
        sequence(column),
        column.qualified()
    )
}

/// Writes down how far a column has counted; `now` is what it is called at that time.
pub(super) fn write_down(held: &str, column: &Id, now: &Id) -> String {
    format!(
        "insert into {TRASH}.counters (held_in, of_column, last_value)\n  values ({}, {}, \
         pg_catalog.pg_sequence_last_value({}))",
        quote_literal(held),
        quote_literal(&column.part),
        sequence(now)
    )
}

/// Lets a column that counts go on behind what is there, behind where it was when it was dropped, and never back; `held`
/// has the table in the trash, and what the column is called there.
pub(super) fn go_on(column: &Id, held: Option<(&str, &str)>, catalog: &Catalog) -> String {
    let options = options(column, catalog);
    let is_down = options.is_some_and(|it| it.increment < 0);
    let (far, last) = if is_down { ("least", "min") } else { ("greatest", "max") };
    let kept = held.map_or_else(String::new, |(held, name)| {
        format!(
            ",\n    (select last_value from {TRASH}.counters where held_in = {} and of_column = {})",
            quote_literal(held),
            quote_literal(name)
        )
    });
    let bounds = options.map_or_else(String::new, |it| format!(" between {} and {}", it.min, it.max));
    let bounds = if bounds.is_empty() { " is not null".to_owned() } else { bounds };
    format!(
        "select pg_catalog.setval(it.counter, it.far) from (select {sequence} as counter, {far}(\n    \
         (select {last}({name})::bigint from {table}),\n    pg_catalog.pg_sequence_last_value({sequence}){kept}) as far\n  \
         ) as it where it.far{bounds};\n",
        sequence = sequence(column),
        name = crate::text::bare_ident(&column.part),
        table = column.qualified(),
    )
}

/// The sequence of a column that counts, as an expression.
fn sequence(column: &Id) -> String {
    format!(
        "pg_catalog.pg_get_serial_sequence({}, {})::pg_catalog.regclass",
        quote_literal(&column.qualified()),
        quote_literal(&column.part)
    )
}

/// How the sequence of a column counts.
fn options<'a>(column: &Id, catalog: &'a Catalog) -> Option<&'a SequenceOptions> {
    let owner = (column.schema.clone(), column.name.clone(), column.part.clone());
    let of = |(_, entry): (&'a Id, &'a Entry)| match &entry.object {
        Object::Sequence(it) if it.owned_by.as_ref() == Some(&owner) => Some(&it.options),
        _ => None,
    };
    catalog.parts_of_kind(Kind::Sequence).find_map(of)
}
