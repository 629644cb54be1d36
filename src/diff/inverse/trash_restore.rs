//! What is kept, brought back: the statements that fill a table or columns that are there again.

use super::counters::{counting, go_on};
use super::trash::{Kept, Present, TRASH, held, is_foreign};
use crate::catalog::{Catalog, Column, Enabled, Entry, Id, Kind, Object};
use crate::text::{bare_ident, quote_literal};

/// A column that is kept, and the one that it comes back to.
struct Pair<'a> {
    /// Its name in the trash.
    held: &'a str,
    /// Whether it is kept as text.
    as_text: bool,
    /// What it is called when it comes back.
    id: Id,
    /// What it is then.
    column: &'a Column,
}

impl Pair<'_> {
    fn name(&self) -> String {
        bare_ident(&self.id.part).into_owned()
    }

    /// Its value in the trash, as what it was.
    fn value(&self) -> String {
        let name = format!("held.{}", bare_ident(self.held));
        let is_other = self.as_text || is_foreign(self.column);
        if is_other { format!("{name}::{}", self.column.data_type) } else { name }
    }

    fn is_always(&self) -> bool {
        self.column.identity.as_ref().is_some_and(|it| it.always)
    }
}

/// What the columns of a table come back to; those that are not there then, or are computed, are left out.
fn pairs<'a>(table: &'a Id, after: &'a Catalog, present: Present<'a>) -> Vec<Pair<'a>> {
    let pair = |(id, _, before): (&'a Id, _, &'a Column)| {
        let there = present.names.id(id);
        let column = present.catalog.column(&there, &there.part)?;
        let is_kept = before.generated.is_none() && column.generated.is_none();
        is_kept.then(|| Pair { held: &id.part, as_text: is_foreign(before), id: there, column })
    };
    after.columns(table).into_iter().filter_map(pair).collect()
}

/// The table that it comes back to.
fn table(it: &Kept, present: Present<'_>) -> Option<Id> {
    let there = present.names.id(&it.table);
    present.catalog.entries.contains_key(&there).then_some(there)
}

/// The statements that put the rows of a table back; none where it is not there then. Rows that a migration has put there
/// itself give way to those kept under the same key.
pub(super) fn restore_table(it: &Kept, after: &Catalog, present: Present<'_>) -> Option<String> {
    let table = table(it, present)?;
    let columns = pairs(&it.table, after, present);
    if columns.is_empty() {
        return Some(done(it));
    }
    let names: Vec<String> = columns.iter().map(Pair::name).collect();
    let values: Vec<String> = columns.iter().map(Pair::value).collect();
    let is_key = |pair: &&Pair<'_>| it.key.iter().any(|name| name == pair.held);
    let key: Vec<&Pair<'_>> = columns.iter().filter(is_key).collect();
    let others = columns.iter().filter(|pair| !is_key(pair) && !pair.is_always());
    let set: Vec<String> = others.map(|pair| format!("{name} = excluded.{name}", name = pair.name())).collect();
    let key_names: Vec<String> = key.iter().map(|pair| pair.name()).collect();
    let conflict = match (key.len() == it.key.len() && can_conflict(&table, &key, present.catalog), set.is_empty()) {
        (false, _) => String::new(),
        (true, true) => format!("\n  on conflict ({}) do nothing", key_names.join(", ")),
        (true, false) => format!("\n  on conflict ({}) do update set {}", key_names.join(", "), set.join(", ")),
    };
    let insert = format!(
        "insert into {} ({}) overriding system value\n  select {} from {} as held{conflict};\n",
        table.qualified(),
        names.join(", "),
        values.join(", "),
        held(it),
    );
    let counters: String = columns.iter().map(|pair| counter(pair, it, present)).collect();
    Some(quietly(&table, present.catalog, &(insert + &counters)) + &done(it))
}

/// Why it does not come back by statements of dbctl's; none where it does.
pub(super) fn stuck(it: &Kept, after: &Catalog, present: Present<'_>) -> Option<String> {
    if it.restore.is_some() {
        return None;
    }
    let name = it.table.qualified();
    let Some(table) = table(it, present) else {
        return Some(format!("{name} is not there in the schema that it would come back to"));
    };
    let pairs = pairs(&it.table, after, present);
    let is_there = |name: &String| pairs.iter().any(|pair| pair.held == name);
    Some(if it.key.is_empty() {
        format!("{name} has no key, and nobody can tell which row each value belongs to")
    } else if it.key.iter().all(is_there) {
        format!("{} does not have its columns in the schema that it would come back to", table.qualified())
    } else {
        format!("{} does not have its key in the schema that it would come back to", table.qualified())
    })
}

/// The statements that put the values of columns back, each to the row of its key; none where nobody can tell the rows
/// apart.
pub(super) fn restore_columns(it: &Kept, after: &Catalog, present: Present<'_>) -> Option<String> {
    let table = table(it, present)?;
    let all = pairs(&it.table, after, present);
    let columns: Vec<&Pair<'_>> = all.iter().filter(|pair| it.columns.iter().any(|name| name == pair.held)).collect();
    let key: Vec<&Pair<'_>> = all.iter().filter(|pair| it.key.iter().any(|name| name == pair.held)).collect();
    if columns.is_empty() || it.key.is_empty() || key.len() < it.key.len() {
        return None;
    }
    let name = table.qualified();
    let generated = |word: &str| -> String {
        let always = columns.iter().filter(|pair| pair.is_always());
        let one = |pair: &&Pair<'_>| format!("alter table {name} alter column {} set generated {word};\n", pair.name());
        always.map(one).collect::<Vec<_>>().concat()
    };
    let set: Vec<String> = columns.iter().map(|pair| format!("{} = {}", pair.name(), pair.value())).collect();
    let same: Vec<String> = key.iter().map(|pair| format!("it.{} = {}", pair.name(), pair.value())).collect();
    let update = format!(
        "{}update {name} as it set\n  {}\n  from {} as held where {};\n{}",
        generated("by default"),
        set.join(",\n  "),
        held(it),
        same.join(" and "),
        generated("always"),
    );
    let counters: String = columns.iter().map(|pair| counter(pair, it, present)).collect();
    Some(quietly(&table, present.catalog, &(update + &counters)) + &done(it))
}

/// Whether rows of the same key can be told from new ones: by a key that does not wait for the end of a transaction.
fn can_conflict(table: &Id, key: &[&Pair<'_>], catalog: &Catalog) -> bool {
    let is_key = |entry: &Entry| {
        matches!(&entry.object, Object::Constraint(it) if !it.deferrable && it.what.has_index()
            && it.columns.len() == key.len()
            && key.iter().all(|pair| it.columns.contains(&pair.id.part)))
    };
    // PostgreSQL does not let rules and conflicts meet.
    let has_rules = catalog.parts(table, Kind::Rule).next().is_some();
    !key.is_empty() && !has_rules && catalog.parts(table, Kind::Constraint).any(|(_, entry)| is_key(entry))
}

/// Lets a column that counts go on behind what is there now, and behind where it was.
fn counter(pair: &Pair<'_>, it: &Kept, present: Present<'_>) -> String {
    let id = &pair.id;
    if !counting(&id.beside(Kind::Table, ""), present.catalog).contains(id) {
        return String::new();
    }
    let has = it.counters.iter().any(|name| name == pair.held);
    go_on(id, has.then_some((it.held.as_str(), pair.held)), present.catalog)
}

/// Statements during which the table's own triggers and rules stay silent: what they would do was done when the rows were written.
fn quietly(table: &Id, catalog: &Catalog, sql: &str) -> String {
    let silent = |of: &Id, enabled: Enabled, noun: &str| {
        let what = format!("{noun} {}", bare_ident(&of.part));
        (enabled != Enabled::Disabled).then(|| (what, enabled.sql()))
    };
    let parts = catalog.parts(table, Kind::Trigger).chain(catalog.parts(table, Kind::Rule));
    let triggers: Vec<(String, &str)> = parts
        .filter_map(|(id, entry)| match &entry.object {
            Object::Trigger(it) => silent(id, it.enabled, "trigger"),
            Object::Rule(it) => silent(id, it.enabled, "rule"),
            _ => None,
        })
        .collect();
    if triggers.is_empty() {
        return sql.to_owned();
    }
    let name = table.qualified();
    let off: Vec<String> = triggers.iter().map(|(name, _)| format!("disable {name}")).collect();
    let on: Vec<String> = triggers.iter().map(|(name, word)| format!("{word} {name}")).collect();
    // A table of which a check still waits for the end of the transaction cannot be altered.
    let waiting: Vec<String> = catalog
        .parts(table, Kind::Constraint)
        .filter(|(_, entry)| matches!(&entry.object, Object::Constraint(it) if it.deferrable))
        .map(|(id, _)| format!("{}.{}", bare_ident(&id.schema), bare_ident(&id.part)))
        .collect();
    let settle =
        if waiting.is_empty() { String::new() } else { format!("set constraints {} immediate;\n", waiting.join(", ")) };
    format!("alter table {name} {};\n{sql}{settle}alter table {name} {};\n", off.join(", "), on.join(", "))
}

/// Takes it out of the trash.
fn done(it: &Kept) -> String {
    let name = quote_literal(&it.held);
    let counters = if it.counters.is_empty() {
        String::new()
    } else {
        format!("delete from {TRASH}.counters where held_in = {name};\n")
    };
    format!(
        "{counters}update {TRASH}.kept set restored_at = pg_catalog.now() where held_in = {name};\ndrop table {};\n",
        held(it)
    )
}
