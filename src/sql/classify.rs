//! Names a statement: its command tag and the object that it touches.
//!
//! The tags are those of <https://www.postgresql.org/docs/current/event-trigger-matrix.html> and of psql's output.

use super::cursor::Cursor;
use super::statement::{Object, Statement};
use super::token::Kind;
use super::{hazard, transaction};
use crate::text::Span;

/// The kinds of object that CREATE, ALTER, DROP and COMMENT ON name; a longer one stands before its own beginning.
const OBJECT_KINDS: &[&str] = &[
    "materialized view",
    "foreign table",
    "foreign data wrapper",
    "event trigger",
    "user mapping",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
    "operator class",
    "operator family",
    "access method",
    "large object",
    "table",
    "index",
    "view",
    "sequence",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "type",
    "domain",
    "schema",
    "extension",
    "trigger",
    "policy",
    "role",
    "user",
    "group",
    "database",
    "tablespace",
    "server",
    "publication",
    "subscription",
    "rule",
    "operator",
    "cast",
    "collation",
    "conversion",
    "language",
    "transform",
    "statistics",
    "constraint",
    "column",
];

/// Words that stand between CREATE and the kind of object.
const CREATE_OPTIONS: &[&str] = &[
    "temp",
    "temporary",
    "unlogged",
    "global",
    "local",
    "unique",
    "recursive",
    "constraint",
    "trusted",
    "procedural",
    "default",
];

/// Makes the statement that the cursor stands at.
pub(super) fn statement(number: usize, span: Span, cursor: Cursor<'_>) -> Statement {
    let (kind, object) = name(cursor);
    let control = transaction::control(cursor);
    let alone = transaction::alone(cursor);
    Statement { number, span, kind, object, copy_data: None, control, alone, hazard: hazard::hazard(cursor) }
}

fn name(mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    if cursor.kind() != Some(Kind::Word) {
        // `(select …) union …` is a query; anything else is the server's to refuse.
        return ("SELECT".to_owned(), None);
    }
    let first = cursor.peek().to_ascii_uppercase();
    cursor.advance();
    match first.as_str() {
        "CREATE" => create(cursor),
        "ALTER" | "DROP" => change(&first, cursor),
        "COMMENT" => {
            cursor.take("on");
            (first, object_kind(&mut cursor).and_then(|kind| object(kind, &mut cursor)))
        }
        "GRANT" | "REVOKE" => grant(&first, cursor),
        "WITH" => with(cursor),
        _ => other(first, cursor),
    }
}

fn create(mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    cursor.take_phrase("or replace");
    while cursor.take_any(CREATE_OPTIONS) {}
    let Some(kind) = object_kind(&mut cursor) else { return ("CREATE".to_owned(), None) };
    let tag = match kind {
        "table" if cursor.has(&["as"]) => "CREATE TABLE AS".to_owned(),
        _ => tag("CREATE", kind),
    };
    if kind == "index" {
        return (tag, index(cursor));
    }
    if kind == "schema" && cursor.take("authorization") {
        let name = cursor.name();
        return (tag, name.map(|name| Object { kind, name, on: None }));
    }
    (tag, object(kind, &mut cursor))
}

/// `CREATE INDEX [CONCURRENTLY] [[IF NOT EXISTS] name] ON [ONLY] table`; without a name the server makes one.
fn index(mut cursor: Cursor<'_>) -> Option<Object> {
    cursor.take("concurrently");
    cursor.take_if_exists();
    let name = if cursor.is("on") { String::new() } else { cursor.name()? };
    let on = table_behind_on(&mut cursor);
    Some(Object { kind: "index", name, on })
}

fn change(verb: &str, mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    for (phrase, tag) in [("default privileges", "DEFAULT PRIVILEGES"), ("system", "SYSTEM"), ("owned", "OWNED")] {
        if cursor.take_phrase(phrase) {
            return (format!("{verb} {tag}"), None);
        }
    }
    cursor.take("procedural");
    let Some(kind) = object_kind(&mut cursor) else { return (verb.to_owned(), None) };
    if kind == "index" {
        cursor.take("concurrently");
    }
    (tag(verb, kind), object(kind, &mut cursor))
}

fn object_kind(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    OBJECT_KINDS.iter().find(|kind| cursor.take_phrase(kind)).copied()
}

/// USER and GROUP are roles to PostgreSQL, in the tag as well.
fn tag(verb: &str, kind: &str) -> String {
    let kind = if matches!(kind, "user" | "group") { "role" } else { kind };
    format!("{verb} {}", kind.to_ascii_uppercase())
}

fn object(kind: &'static str, cursor: &mut Cursor<'_>) -> Option<Object> {
    if matches!(kind, "cast" | "transform" | "user mapping" | "large object") {
        return None;
    }
    cursor.take_if_exists();
    cursor.take("only");
    let name = cursor.names()?;
    let on = matches!(kind, "trigger" | "policy" | "constraint" | "rule")
        .then(|| {
            let found = if kind == "rule" && cursor.has(&["to"]) && cursor.is("as") {
                cursor.seek(&["to"])
            } else {
                cursor.seek(&["on"])
            };
            if found { table_behind_on(cursor) } else { None }
        })
        .flatten();
    Some(Object { kind, name, on })
}

/// The table behind ON (of a rule: TO), where DOMAIN or ONLY may stand between.
fn table_behind_on(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.take_any(&["on", "to"]).then_some(())?;
    cursor.take_any(&["only", "domain"]);
    cursor.name()
}

fn grant(verb: &str, mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    if !cursor.seek(&["on"]) {
        return (format!("{verb} ROLE"), None);
    }
    cursor.take("on");
    if cursor.take("all") {
        let all = [
            ("tables in schema", "tables in schema"),
            ("sequences in schema", "sequences in schema"),
            ("functions in schema", "functions in schema"),
            ("procedures in schema", "procedures in schema"),
            ("routines in schema", "routines in schema"),
        ];
        let kind = all.iter().find(|(phrase, _)| cursor.take_phrase(phrase)).map(|(_, kind)| *kind);
        let name = cursor.names();
        return (verb.to_owned(), kind.zip(name).map(|(kind, name)| Object { kind, name, on: None }));
    }
    cursor.take_phrase("foreign server");
    let kind = object_kind(&mut cursor).unwrap_or("table");
    (verb.to_owned(), object(kind, &mut cursor))
}

/// The command behind the WITH queries.
fn with(mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    if cursor.seek(&["select", "insert", "update", "delete", "merge", "values", "table"]) {
        let first = cursor.peek().to_ascii_uppercase();
        cursor.advance();
        other(first, cursor)
    } else {
        ("SELECT".to_owned(), None)
    }
}

fn other(first: String, mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    let fixed = |kind: &str| (kind.to_owned(), None);
    let mut named = |tag: &str, skip: &[&str], kind: &'static str| {
        cursor.skip_parens();
        while cursor.take_any(skip) {}
        cursor.take_if_exists();
        let name = cursor.names();
        (tag.to_owned(), name.map(|name| Object { kind, name, on: None }))
    };
    match first.as_str() {
        "INSERT" | "MERGE" => named(&first, &["into", "only"], "table"),
        "UPDATE" => named(&first, &["only"], "table"),
        "DELETE" => named(&first, &["from", "only"], "table"),
        "COPY" => named(&first, &["binary"], "table"),
        "TRUNCATE" => named("TRUNCATE TABLE", &["table", "only"], "table"),
        "LOCK" => named("LOCK TABLE", &["table", "only"], "table"),
        "REFRESH" => named("REFRESH MATERIALIZED VIEW", &["materialized", "view", "concurrently"], "materialized view"),
        "VACUUM" => named(&first, &["full", "freeze", "verbose", "analyze", "analyse"], "table"),
        "ANALYZE" | "ANALYSE" => named("ANALYZE", &["verbose"], "table"),
        "CLUSTER" => named(&first, &["verbose"], "table"),
        "CALL" => named(&first, &[], "procedure"),
        "REINDEX" => reindex(cursor),
        "SELECT" | "VALUES" | "TABLE" => fixed("SELECT"),
        "START" => fixed("START TRANSACTION"),
        "END" => fixed("COMMIT"),
        "ABORT" => fixed("ROLLBACK"),
        "COMMIT" | "ROLLBACK" if cursor.is("prepared") => (format!("{first} PREPARED"), None),
        "PREPARE" if cursor.is("transaction") => fixed("PREPARE TRANSACTION"),
        "SET" if cursor.is("constraints") => fixed("SET CONSTRAINTS"),
        "SECURITY" => fixed("SECURITY LABEL"),
        "IMPORT" => fixed("IMPORT FOREIGN SCHEMA"),
        "REASSIGN" => fixed("REASSIGN OWNED"),
        "DECLARE" => fixed("DECLARE CURSOR"),
        "CLOSE" => fixed("CLOSE CURSOR"),
        "DISCARD" => (format!("{first} {}", cursor.peek().to_ascii_uppercase()).trim_end().to_owned(), None),
        _ => (first, None),
    }
}

fn reindex(mut cursor: Cursor<'_>) -> (String, Option<Object>) {
    cursor.skip_parens();
    let kinds = ["index", "table", "schema", "database", "system"];
    let kind = kinds.into_iter().find(|kind| cursor.take(kind));
    cursor.take("concurrently");
    let name = cursor.name();
    ("REINDEX".to_owned(), kind.zip(name).map(|(kind, name)| Object { kind, name, on: None }))
}

#[cfg(test)]
mod tests {
    use super::super::split;

    fn named(sql: &str) -> String {
        let statement = split(sql).unwrap().remove(0);
        match statement.object {
            Some(object) => {
                let on = object.on.map(|on| format!(" on {on}")).unwrap_or_default();
                format!("{}: {} {}{on}", statement.kind, object.kind, object.name)
            }
            None => statement.kind,
        }
    }

    #[test]
    fn names_statements_as_postgresql_does() {
        for (sql, expected) in [
            ("create table if not exists public.\"Users\" (a int)", "CREATE TABLE: table public.\"Users\""),
            ("create temp table t as select 1", "CREATE TABLE AS: table t"),
            ("create table t (a int generated always as (1) stored)", "CREATE TABLE: table t"),
            ("create unique index concurrently if not exists i on only s.t (a)", "CREATE INDEX: index i on s.t"),
            ("create index on t (a)", "CREATE INDEX: index  on t"),
            (
                "create or replace function a.f(x int) returns int language sql as $$ $$",
                "CREATE FUNCTION: function a.f",
            ),
            (
                "create constraint trigger g after insert on a.t for each row execute function f()",
                "CREATE TRIGGER: trigger g on a.t",
            ),
            (
                "create policy \"Users can read\" on profiles for select using (true)",
                "CREATE POLICY: policy \"Users can read\" on profiles",
            ),
            ("create rule r as on insert to s.t do nothing", "CREATE RULE: rule r on s.t"),
            ("drop rule r on s.t", "DROP RULE: rule r on s.t"),
            ("create user u", "CREATE ROLE: user u"),
            (
                "create extension if not exists \"uuid-ossp\" with schema extensions",
                "CREATE EXTENSION: extension \"uuid-ossp\"",
            ),
            ("create schema authorization joe", "CREATE SCHEMA: schema joe"),
            ("create materialized view m as select 1", "CREATE MATERIALIZED VIEW: materialized view m"),
            ("create operator === (function = f)", "CREATE OPERATOR: operator ==="),
            ("alter table if exists only a.t add b int", "ALTER TABLE: table a.t"),
            ("alter default privileges in schema s grant select on tables to r", "ALTER DEFAULT PRIVILEGES"),
            ("drop table if exists a, b.c cascade", "DROP TABLE: table a, b.c"),
            ("drop function f(int, text), g()", "DROP FUNCTION: function f, g"),
            ("comment on column a.t.c is 'x'", "COMMENT: column a.t.c"),
            ("comment on constraint k on a.t is 'x'", "COMMENT: constraint k on a.t"),
            ("grant select, insert (a) on a.t to r", "GRANT: table a.t"),
            ("grant execute on function f(int) to r", "GRANT: function f"),
            ("grant usage on all sequences in schema s to r", "GRANT: sequences in schema s"),
            ("revoke admin from joe", "REVOKE ROLE"),
            ("insert into a.t values (1)", "INSERT: table a.t"),
            ("with x as (select 1) update only t set a = 1", "UPDATE: table t"),
            ("(select 1) union select 2", "SELECT"),
            ("truncate table only a, b", "TRUNCATE TABLE: table a, b"),
            ("do $$ begin end $$", "DO"),
            ("set local x = 1", "SET"),
            ("end", "COMMIT"),
            ("reindex (verbose) table concurrently a.t", "REINDEX: table a.t"),
            ("refresh materialized view concurrently m", "REFRESH MATERIALIZED VIEW: materialized view m"),
        ] {
            assert_eq!(named(sql), expected, "{sql}");
        }
    }
}
