//! Objects that hang together: extensions that a server lacks, dependents that keep an object, files.

use super::failure::{Failure, requote};
use crate::text::{quote_ident, quote_literal};

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    if failure.sqlstate() == "2BP01" {
        return dependents(failure);
    }
    if let Some(extension) = missing_extension(failure) {
        return vec![
            format!(
                "for the local database, let dbctl put a documented stub in its place: `stub_extensions = [\"{extension}\"]` \
                 under `[local]` in `dbctl.toml`"
            ),
            format!(
                "or install the package of `{extension}` for the server that runs it: the local one, or what `[local]` or `[shadow]` names"
            ),
            "on a hosted server, see what there is: `select name from pg_available_extensions order by name;`"
                .to_owned(),
        ];
    }
    if failure.sqlstate() == "58P01" {
        return vec![
            "write the rows into the migration as `insert`: a file's path is the server's, not this machine's"
                .to_owned(),
        ];
    }
    unsupported(failure)
}

/// Before PostgreSQL 15 a missing extension is a missing control file, `58P01`.
fn missing_extension<'a>(failure: &Failure<'a>) -> Option<&'a str> {
    if failure.says("extension control file") {
        return failure.named(0)?.rsplit('/').next()?.strip_suffix(".control");
    }
    let named = failure.named(0);
    if failure.says("is not available") || failure.has("create extension") { named } else { None }
}

fn unsupported(failure: &Failure<'_>) -> Vec<String> {
    if failure.says("cannot alter type of a column used") {
        return column_in_use(failure);
    }
    if failure.says("cannot insert multiple commands") {
        return vec!["write one statement at a time".to_owned()];
    }
    if failure.says("subquery") {
        return vec!["put the query into a function, or into a trigger, and call that".to_owned()];
    }
    if failure.says("on partitioned table") || failure.says("partitioned tables") {
        return vec![
            "do it on each partition, or on the partitioned table without `concurrently` or `not valid`".to_owned(),
        ];
    }
    Vec::new()
}

/// `cannot alter type of a column used by a view or rule`, `… in a policy definition`, `… by a generated column`.
fn column_in_use(failure: &Failure<'_>) -> Vec<String> {
    let detail = failure.error.detail.as_deref().unwrap_or_default();
    let dependent = detail.split_once(" depends on ").map(|(dependent, _)| dependent);
    if let Some((_, view)) = dependent.and_then(|dependent| dependent.split_once("on view ")) {
        let view = requote(view);
        return vec![
            format!("keep the view's definition: `select pg_get_viewdef({}::regclass);`", quote_literal(&view)),
            format!("then `drop view {view};`, alter the column, and `create view {view} as …;` with its grants"),
        ];
    }
    let what = dependent.unwrap_or("what depends on the column");
    vec![format!("drop it before (`{what}`), alter the column, and create it again, in one migration")]
}

fn dependents(failure: &Failure<'_>) -> Vec<String> {
    let detail = failure.error.detail.as_deref().unwrap_or_default();
    let lines: Vec<&str> = detail.lines().collect();
    if failure.is("drop role") || failure.is("drop user") {
        let role = failure.named(0).map_or_else(|| "ROLE".to_owned(), quote_ident);
        return vec![
            format!(
                "give away what it owns, then what it may do: `reassign owned by {role} to current_user; drop owned by {role};`"
            ),
            "in every database where it owns something".to_owned(),
        ];
    }
    let mut hints: Vec<String> = drops(&lines);
    if hints.is_empty() {
        hints.push("drop what depends on it first; the detail names it".to_owned());
    }
    hints.push(
        "or add `cascade`, which drops every object of that list, tables with their rows among them, without asking"
            .to_owned(),
    );
    hints
}

/// The statements that drop the dependents which the detail names, a few at most.
fn drops(lines: &[&str]) -> Vec<String> {
    const SHOWN: usize = 5;
    let statements = lines.iter().filter_map(|line| {
        let (dependent, _) = line.split_once(" depends on ")?;
        drop_statement(dependent)
    });
    let all: Vec<String> = statements.collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut hints: Vec<String> =
        all.into_iter().take(SHOWN).map(|statement| format!("drop it first, or change it: `{statement}`")).collect();
    if more > 0 {
        hints.push(format!("and {more} more, which the detail names"));
    }
    hints
}

/// `view app.v` → `drop view "app"."v";`, `constraint c on table app.t` → `alter table … drop constraint …;`
fn drop_statement(dependent: &str) -> Option<String> {
    let on_table = |what: &str| {
        let (name, table) = dependent.strip_prefix(what)?.split_once(" on table ")?;
        Some((requote(name), requote(table)))
    };
    if let Some((name, table)) = on_table("constraint ") {
        return Some(format!("alter table {table} drop constraint {name};"));
    }
    for kind in ["trigger", "policy", "rule"] {
        if let Some((name, table)) = on_table(&format!("{kind} ")) {
            return Some(format!("drop {kind} {name} on {table};"));
        }
    }
    if let Some(column) = dependent.strip_prefix("column ") {
        let (name, table) = column.split_once(" of table ")?;
        return Some(format!("alter table {} drop column {};", requote(table), requote(name)));
    }
    if let Some(value) = dependent.strip_prefix("default value for column ") {
        let (name, table) = value.split_once(" of table ")?;
        return Some(format!("alter table {} alter column {} drop default;", requote(table), requote(name)));
    }
    for kind in ["materialized view", "view", "table", "sequence", "index", "type"] {
        if let Some(name) = dependent.strip_prefix(kind).and_then(|rest| rest.strip_prefix(' ')) {
            return Some(format!("drop {kind} {};", requote(name)));
        }
    }
    // A function's signature is quoted by the server where it has to be.
    dependent.strip_prefix("function ").map(|signature| format!("drop function {signature};"))
}
