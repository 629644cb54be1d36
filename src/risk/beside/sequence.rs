//! The sequence itself: expand, migrate, contract.

use super::carry::{Carry, carry};
use super::text::free;
use super::{Facts, Retype};
use crate::text::bare_ident;

/// The sequence; or why there is none that ends the same.
pub(super) fn sequence(retype: &Retype, facts: &Facts) -> Result<Vec<String>, String> {
    let Retype { table, column, type_name, value, new_value, .. } = retype;
    let columns = facts.names("other column");
    let new_column = free(&format!("new_{column}"), |name| columns.contains(name));
    let Carry { before, inside, last, after } = carry(retype, facts, &new_column)?;
    let (old, new) = (bare_ident(column), bare_ident(&new_column));
    let relations = facts.names("taken");
    let trigger = trigger_name(&format!("{}_{new_column}", retype.name), facts)?;
    let function_name = free(&format!("{}_{new_column}", retype.name), |name| relations.contains(name));
    let function = format!("{}.{}", bare_ident(&retype.schema), bare_ident(&function_name));
    let trigger = bare_ident(&trigger);
    let quotes = if new_value.contains("$$") { "$body$" } else { "$$" };
    let key = facts
        .one("key")
        .map_or_else(|| "where …".to_owned(), |key| format!("where {} between … and …", bare_ident(&key.name)));
    let others: Vec<String> = facts.all("trigger").map(|it| bare_ident(&it.name).into_owned()).collect();
    let fires = match others.as_slice() {
        [] => String::new(),
        names => format!("; it fires {} too", names.join(", ")),
    };
    let mut lines = Vec::new();
    if let Some(earlier) = &retype.earlier {
        lines
            .push(format!("-- as {table} is on the target now, without what {earlier} changes there before: add that"));
    }
    lines.extend([
        format!("alter table {table} add column {new} {type_name}; -- expand"),
        format!(
            "create function {function}() returns trigger language plpgsql set search_path from current as {quotes} begin \
             new.{new} := {new_value}; return new; end {quotes};"
        ),
        format!(
            "create trigger {trigger} before insert or update on {table} for each row execute function {function}();"
        ),
        format!(
            "update {table} set {new} = {value} {key}; -- migrate: in batches, each its own transaction{fires}"
        ),
    ]);
    lines.extend(before);
    lines.push("begin; -- contract: when no running code minds the new type; every step of it is short".to_owned());
    lines.push(format!("drop trigger {trigger} on {table};"));
    lines.push(format!("drop function {function}();"));
    lines.extend(inside);
    lines.push(format!("alter table {table} drop column {old}; -- with its indexes and constraints"));
    lines.push(format!("alter table {table} rename column {new} to {old};"));
    lines.extend(last);
    lines.push("commit;".to_owned());
    lines.extend(after);
    Ok(lines)
}

/// A name for the trigger by which it fires behind all others: PostgreSQL goes by the bytes of the names.
fn trigger_name(name: &str, facts: &Facts) -> Result<String, String> {
    let names = facts.names("trigger");
    let name = free(name, |name| names.contains(name));
    let before = facts.all("trigger").filter(|it| it.more == "before").map(|it| it.name.as_str());
    match before.max().filter(|last| *last > name.as_str()) {
        Some(last) if last.len() > 50 => Err(format!("no trigger can fire behind its trigger `{last}`")),
        Some(last) => Ok(free(&format!("{last}_new"), |name| names.contains(name))),
        None => Ok(name),
    }
}
