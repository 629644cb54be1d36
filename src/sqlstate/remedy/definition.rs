//! Statements that say something impossible: syntax, types, ambiguous names, unfitting definitions.

use super::failure::{Failure, requote};
use crate::text::{quote_ident, quote_literal};

/// The reserved words that people use as names; quoted they may be.
/// <https://www.postgresql.org/docs/current/sql-keywords-appendix.html>
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "default",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "into",
    "lateral",
    "limit",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    match failure.sqlstate() {
        "42725" => ambiguous_function(failure),
        "42702" => {
            let column = failure.named(0).map_or_else(|| "COLUMN".to_owned(), quote_ident);
            vec![format!("write the table or its alias before the column, as in `ALIAS.{column}`")]
        }
        "42601" => syntax(failure),
        "42804" | "42846" => datatype(failure),
        "42830" => foreign_key(failure),
        "42P13" => function_definition(failure),
        "42P16" => table_definition(failure),
        "42803" => vec!["add the column to `group by`, or put it into an aggregate such as `min(…)`".to_owned()],
        "42809" => wrong_kind(failure),
        _ => vec![
            "leave the column out, so that the server fills it".to_owned(),
            "or write `insert into … overriding system value values …`, which keeps the values given".to_owned(),
        ],
    }
}

fn ambiguous_function(failure: &Failure<'_>) -> Vec<String> {
    let Some(name) = failure.named(0) else {
        // `function f(unknown) is not unique`: a call, not a name.
        let call =
            failure.error.message.strip_prefix("function ").and_then(|rest| rest.split_once('(')).map(|(name, _)| name);
        let name = call.unwrap_or("FUNCTION");
        return vec![
            format!("cast the arguments, so that one signature fits: `{name}(VALUE::TYPE)`"),
            candidates(name),
        ];
    };
    let before = ["comment on function", "drop function", "alter function", "on function"]
        .into_iter()
        .find(|keywords| failure.has(keywords));
    let example = match before {
        Some("on function") => "grant … on function",
        Some(keywords) => keywords,
        None => "… function",
    };
    vec![
        format!(
            "write the signature, because there are several functions of this name: `{example} {}(ARGUMENT_TYPES) …;`",
            requote(name)
        ),
        candidates(name),
    ]
}

fn candidates(name: &str) -> String {
    let bare = name.rsplit('.').next().unwrap_or(name);
    format!(
        "list them: `select oid::regprocedure from pg_proc where proname = {};`, or `\\df {name}` in psql",
        quote_literal(bare)
    )
}

fn syntax(failure: &Failure<'_>) -> Vec<String> {
    let Some(at) = failure.named(0) else {
        if failure.says("end of input") {
            return vec!["end what is open: a parenthesis, a string, a `$$` body, or the statement itself".to_owned()];
        }
        return Vec::new();
    };
    if RESERVED.contains(&at.to_lowercase().as_str()) {
        return vec![format!(
            "look before `{at}` for a missing comma or parenthesis; as a name it is reserved, so write {}",
            quote_ident(&at.to_lowercase())
        )];
    }
    match at {
        ")" => vec!["take away the comma before the `)`".to_owned()],
        "not" if failure.has("if not exists") => {
            vec!["leave `if not exists` out: this statement does not know it".to_owned()]
        }
        "\\" => vec!["leave psql's backslash commands out: the server does not know them".to_owned()],
        _ if failure.says("syntax error") => {
            vec![format!("look at and just before `{at}`: a word, comma or quote is missing or too many")]
        }
        _ => Vec::new(),
    }
}

fn datatype(failure: &Failure<'_>) -> Vec<String> {
    let table = failure.table_or_word();
    let column = failure.named(0).map_or_else(|| "COLUMN".to_owned(), quote_ident);
    if failure.says("cannot be cast automatically") {
        let kind = failure.error.message.rsplit_once("to type ").map_or("TYPE", |(_, kind)| kind);
        if failure.says("default for column") {
            return vec![format!(
                "drop the default before and set it anew: `alter table {table} alter column {column} drop default, alter \
                 column {column} type {kind} using {column}::{kind}, alter column {column} set default …;`"
            )];
        }
        return vec![format!(
            "say how to convert: `alter table {table} alter column {column} type {kind} using {column}::{kind};`"
        )];
    }
    if failure.says("default expression") {
        let kind = failure.error.message.split_once("is of type ").and_then(|(_, rest)| rest.split_once(" but "));
        let kind = kind.map_or("TYPE", |(kind, _)| kind);
        return vec![format!("cast the default: `default (…)::{kind}`, or give {column} the expression's type")];
    }
    if failure.says("foreign key constraint") {
        return vec!["give the column the type of the column that it references; the detail names both".to_owned()];
    }
    if failure.says("but expression is of type") {
        let kind = failure.error.message.split_once("is of type ").and_then(|(_, rest)| rest.split_once(" but "));
        let kind = kind.map_or("TYPE", |(kind, _)| kind);
        return vec![format!("cast the value: `(…)::{kind}`")];
    }
    vec!["cast one side to the other's type: `(…)::TYPE`".to_owned()]
}

fn foreign_key(failure: &Failure<'_>) -> Vec<String> {
    let referenced = failure.name_after("references").or_else(|| failure.named(0).map(requote));
    let referenced = referenced.unwrap_or_else(|| "TABLE".to_owned());
    vec![
        format!("make the referenced columns unique first: `alter table {referenced} add unique (…);`"),
        format!("or reference the primary key of {referenced}"),
    ]
}

fn function_definition(failure: &Failure<'_>) -> Vec<String> {
    let kind = if failure.is("create procedure") { "procedure" } else { "function" };
    let function = failure.name_after(kind).unwrap_or_else(|| "NAME".to_owned());
    let hint = failure.error.hint.as_deref().and_then(|hint| hint.strip_prefix("Use DROP FUNCTION "));
    let signature =
        hint.and_then(|hint| hint.strip_suffix(" first.")).map_or_else(|| format!("{function}(…)"), ToOwned::to_owned);
    if failure.says("cannot change") || failure.says("parameter") {
        return vec![
            format!("drop it before: `drop {kind} if exists {signature};`, then create it anew and grant again"),
            "what depends on it, such as policies and triggers, has to be dropped and created with it".to_owned(),
        ];
    }
    Vec::new()
}

fn table_definition(failure: &Failure<'_>) -> Vec<String> {
    if failure.says("view") {
        let view = failure.name_after("view").unwrap_or_else(|| "VIEW".to_owned());
        return vec![
            "add new columns at the end only: `create or replace view` keeps the old ones, their names, types and order".to_owned(),
            format!("or drop the view before: `drop view if exists {view};`, then create it anew and grant again"),
        ];
    }
    if failure.says("multiple primary keys") {
        let table = failure.table_or_word();
        // The name that PostgreSQL gives to a key without one.
        let key = quote_ident(&format!("{}_pkey", failure.named(0).unwrap_or("TABLE")));
        return vec![
            format!(
                "drop the old key in the same statement: `alter table {table} drop constraint {key}, add primary key (…);`"
            ),
            "or make it unique instead: `add unique (…)` with `not null` columns".to_owned(),
        ];
    }
    Vec::new()
}

fn wrong_kind(failure: &Failure<'_>) -> Vec<String> {
    let name = failure.named(0).map_or_else(|| "NAME".to_owned(), quote_ident);
    vec![format!(
        "write the statement for what {name} is; see with `select oid::regclass, relkind from pg_class where relname = {};`",
        quote_literal(failure.named(0).unwrap_or_default())
    )]
}
