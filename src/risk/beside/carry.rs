//! What is carried over to the new column, and when: before the two change places, in that transaction, or behind it.

use super::text::{Place, free, of_tokens};
use super::{Fact, Facts, Retype};
use crate::text::bare_ident;

/// The statements that carry over, by when they run.
#[derive(Default)]
pub(super) struct Carry {
    /// While everybody works.
    pub(super) before: Vec<String>,
    /// In the last transaction, while there are both columns.
    pub(super) inside: Vec<String>,
    /// In the last transaction, when the new column has the old name.
    pub(super) last: Vec<String>,
    /// Behind it.
    pub(super) after: Vec<String>,
}

/// What is to be carried over; or what cannot be.
pub(super) fn carry(retype: &Retype, facts: &Facts, new_column: &str) -> Result<Carry, String> {
    let Retype { table, column, .. } = retype;
    if facts.one("column").is_none() {
        return Err(format!("the target has no column `{column}` in {table} yet: plan again when it has"));
    }
    if let Some(blocker) = facts.one("blocker") {
        let more = facts.all("blocker").count() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more") };
        return Err(format!("{}{more}", blocker.text));
    }
    let mut carry = Carry::default();
    not_null(&mut carry, retype, facts, new_column);
    numbers(&mut carry, retype, facts, new_column);
    let inbound: Vec<&Fact> = facts.all("inbound").collect();
    for key in &inbound {
        carry.inside.push(format!("alter table {} drop constraint {};", key.more, bare_ident(&key.name)));
    }
    let default = retype.default.clone().unwrap_or_else(|| facts.one("default").map(|it| it.text.clone()));
    if let Some(default) = default {
        carry.last.push(format!("alter table {table} alter column {} set default {default};", bare_ident(column)));
    }
    indexes(&mut carry, retype, facts, new_column)?;
    let keys = facts.all("constraint").filter(|it| !retype.dropped.contains(&it.name));
    let keys = keys.map(|it| (table.as_str(), it)).chain(inbound.iter().map(|it| (it.more.as_str(), *it)));
    for (on, constraint) in keys {
        let name = bare_ident(&constraint.name);
        if constraint.text.ends_with("NOT VALID") || constraint.text.ends_with("NOT ENFORCED") {
            carry.last.push(format!("alter table {on} add constraint {name} {};", constraint.text));
        } else {
            carry.last.push(format!("alter table {on} add constraint {name} {} not valid;", constraint.text));
            carry.after.push(format!("alter table {on} validate constraint {name};"));
        }
    }
    // A comment on a constraint that is dropped has nothing to stand on.
    let last = facts.all("last").filter(|it| !retype.dropped.contains(&it.name));
    carry.last.extend(last.map(|it| it.text.clone()));
    Ok(carry)
}

/// `not null`, which is tested while everybody works.
fn not_null(carry: &mut Carry, retype: &Retype, facts: &Facts, new_column: &str) {
    let known = facts.one("not null");
    if !retype.not_null.unwrap_or(known.is_some()) {
        return;
    }
    let (table, new) = (&retype.table, bare_ident(new_column));
    let taken = facts.names("taken");
    let check = free(&format!("{}_{new_column}_not_null", retype.name), |name| taken.contains(name));
    let check = bare_ident(&check);
    let version = facts.one("version").and_then(|it| it.text.parse::<u32>().ok());
    if version.is_some_and(|it| it >= 180_000) {
        carry.before.push(format!("alter table {table} add constraint {check} not null {new} not valid;"));
        carry.before.push(format!("alter table {table} validate constraint {check};"));
        let own = known.map(|it| it.name.clone()).filter(|it| !it.is_empty());
        let own = own.unwrap_or_else(|| free(&format!("{}_{}_not_null", retype.name, retype.column), |_| false));
        carry.last.push(format!("alter table {table} rename constraint {check} to {};", bare_ident(&own)));
        return;
    }
    carry.before.push(format!("alter table {table} add constraint {check} check ({new} is not null) not valid;"));
    carry.before.push(format!("alter table {table} validate constraint {check};"));
    carry.inside.push(format!("alter table {table} alter column {new} set not null; -- which reads no row any more"));
    carry.inside.push(format!("alter table {table} drop constraint {check};"));
}

/// The sequence of a serial column stays; that of an identity column is the column's own, and counts on in another.
fn numbers(carry: &mut Carry, retype: &Retype, facts: &Facts, new_column: &str) {
    let (table, new) = (&retype.table, bare_ident(new_column));
    for sequence in facts.all("serial") {
        carry.inside.push(format!("alter sequence {} owned by {table}.{new};", sequence.name));
    }
    if let Some(Fact { name, text, more, .. }) = facts.one("identity") {
        let taken = facts.names("taken");
        let schema = bare_ident(&retype.schema);
        let counts = free(&format!("new_{name}"), |name| taken.contains(name));
        let (counts, name) = (bare_ident(&counts), bare_ident(name));
        carry.inside.extend([
            format!(
                "alter table {table} alter column {new} add generated {text} as identity (sequence name {schema}.{counts}{more});"
            ),
            format!("select setval('{schema}.{counts}', last_value, is_called) from {schema}.{name};"),
        ]);
        carry.last.push(format!("alter sequence {schema}.{counts} rename to {name};"));
    }
}

/// Every index of the column is built anew beside the old one, and takes its name and constraint.
fn indexes(carry: &mut Carry, retype: &Retype, facts: &Facts, new_column: &str) -> Result<(), String> {
    let Retype { table, column, .. } = retype;
    let mut taken = facts.names("taken").into_iter().map(str::to_owned).collect::<Vec<String>>();
    for index in facts.all("index") {
        let key = facts.all("key constraint").find(|it| it.name == index.more);
        if key.is_some_and(|it| retype.dropped.contains(&it.name)) {
            continue;
        }
        let beside = free(&format!("{}_new", index.name), |name| taken.iter().any(|it| it == name));
        taken.push(beside.clone());
        let Some((head, tail)) = index.text.split_once(" ON ") else {
            return Err(format!("the index `{}` is not understood", index.name));
        };
        let (tail, found) = of_tokens(tail, column, new_column, Place::InParentheses);
        if found == 0 {
            return Err(format!("the index `{}` needs the column, and it is not seen where", index.name));
        }
        let unique = if head.starts_with("CREATE UNIQUE") { " unique" } else { "" };
        let (beside, name) = (bare_ident(&beside).into_owned(), bare_ident(&index.name));
        carry.before.push(format!("create{unique} index concurrently {beside} on {tail}; -- outside a transaction"));
        carry.last.push(match key {
            Some(key) => format!(
                "alter table {table} add constraint {} {} using index {beside}{};",
                bare_ident(&key.name),
                key.text,
                key.more
            ),
            None => format!("alter index {}.{beside} rename to {name};", bare_ident(&retype.schema)),
        });
    }
    Ok(())
}
