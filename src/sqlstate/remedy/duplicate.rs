//! What is there already: tables, columns, types, policies and the rest, each with its guarded form.

use super::failure::{Failure, requote};
use crate::text::{quote_ident, quote_literal};

/// The kinds of object whose `create` takes `if not exists`.
const IF_NOT_EXISTS: &[&str] =
    &["create table", "create sequence", "create materialized view", "create extension", "create foreign table"];

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    let name = failure.named(0).map_or_else(|| "NAME".to_owned(), quote_ident);
    match failure.sqlstate() {
        "42P06" => vec![format!("write `create schema if not exists {name};`")],
        "42P04" => vec![format!("leave it out: the database {name} is there")],
        "42723" => function(failure, &name),
        "42701" => column(failure, &name),
        "42P07" => relation(failure, &name),
        _ => object(failure, &name),
    }
}

fn relation(failure: &Failure<'_>, name: &str) -> Vec<String> {
    if failure.has("rename to") {
        return vec![format!("choose another name, or drop or rename the {name} that is there first")];
    }
    if failure.is("create view") {
        let view = failure.name_after("view").unwrap_or_else(|| name.to_owned());
        return vec![
            format!("write `create or replace view {view} as …;` when it keeps its columns"),
            format!("else drop the old one before: `drop view if exists {view};`"),
        ];
    }
    if failure.has("create index") || failure.has("create unique index") {
        return vec![
            format!("write `create index if not exists {name} …;` when the index that is there is the same one"),
            format!(
                "see it with `select indexdef from pg_indexes where indexname = {};`",
                quote_literal(failure.named(0).unwrap_or_default())
            ),
        ];
    }
    if let Some(constraint) = failure.name_after("add constraint") {
        return vec![
            format!("name the constraint otherwise: an index or table is called {constraint} already"),
            format!("or drop the old one before: {}", drop_constraint(failure, &constraint)),
        ];
    }
    let kind = IF_NOT_EXISTS.iter().find(|kind| failure.is(kind));
    let kind = kind.map_or("table", |kind| kind.trim_start_matches("create "));
    let object = failure.name_after(&format!("create {kind}")).unwrap_or_else(|| name.to_owned());
    vec![
        format!("write `create {kind} if not exists {object} …;`, which keeps what is there and does not compare it"),
        format!("when it is left over from a trial, drop it first: `drop {kind} {object};`, which loses its data"),
    ]
}

fn drop_constraint(failure: &Failure<'_>, constraint: &str) -> String {
    format!("`alter table {} drop constraint if exists {constraint};`", failure.table_or_word())
}

fn column(failure: &Failure<'_>, name: &str) -> Vec<String> {
    if failure.says("more than once") {
        return vec![format!("name the column {name} once only")];
    }
    let table = failure.table_or_word();
    if failure.has("rename column") || failure.has("rename") {
        return vec![format!(
            "choose another name, or drop the old one before: `alter table {table} drop column {name};`"
        )];
    }
    vec![format!("write `alter table {table} add column if not exists {name} …;`, which keeps the one that is there")]
}

fn function(failure: &Failure<'_>, name: &str) -> Vec<String> {
    let kind = if failure.is("create procedure") { "procedure" } else { "function" };
    let function = failure.name_after(kind).unwrap_or_else(|| name.to_owned());
    vec![
        format!("write `create or replace {kind} {function}(…) …;`, which keeps grants and what depends on it"),
        format!(
            "when its return type or parameter names change, drop it before: `drop {kind} if exists {function}(…);`"
        ),
    ]
}

/// Everything that shares `42710`: the message says which kind it is.
fn object(failure: &Failure<'_>, name: &str) -> Vec<String> {
    let on =
        || failure.name_after("on").or_else(|| failure.named(1).map(requote)).unwrap_or_else(|| "TABLE".to_owned());
    let first = failure.error.message.split_whitespace().next().unwrap_or_default();
    match first {
        "policy" => vec![format!("drop it before: `drop policy if exists {name} on {};`", on())],
        "trigger" => vec![
            format!("write `create or replace trigger {name} …;` (PostgreSQL 14 and newer)"),
            format!("or drop it before: `drop trigger if exists {name} on {};`", on()),
        ],
        "rule" => vec![format!("write `create or replace rule {name} as on …;`")],
        "constraint" => vec![
            format!("drop the old one before: {}", drop_constraint(failure, name)),
            format!("or let it pass: `{}`", failure.guarded("duplicate_object")),
        ],
        "extension" => vec![format!("write `create extension if not exists {name};`")],
        "enum" => {
            let kind = failure.name_after("alter type").unwrap_or_else(|| "TYPE".to_owned());
            let label = quote_literal(failure.named(0).unwrap_or("LABEL"));
            vec![format!("write `alter type {kind} add value if not exists {label};`")]
        }
        "relation" => vec![
            format!("leave {name} out: the publication has it"),
            format!("or let it pass: `{}`", failure.guarded("duplicate_object")),
        ],
        "publication" => vec![
            format!("drop it before: `drop publication if exists {name};`"),
            format!("or let it pass: `{}`", failure.guarded("duplicate_object")),
        ],
        // Types, domains, roles, servers, casts and others know no `if not exists`.
        _ => vec![format!(
            "`create` has no `if not exists` here; let it pass: `{}`",
            failure.guarded("duplicate_object")
        )],
    }
}
