//! `42501`: who may do what, and the schemas of Supabase that its own roles keep.

use super::failure::Failure;
use crate::text::quote_ident;

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    let name = failure.named(0).map(quote_ident);
    if failure.says("row-level security") {
        let table = name.or_else(|| failure.table()).unwrap_or_else(|| "TABLE".to_owned());
        return vec![
            format!("let a policy allow it: `create policy NAME on {table} for insert to ROLE with check (…);`"),
            "or write the rows as the table's owner or a role with `bypassrls`".to_owned(),
        ];
    }
    if let Some(schema) = kept_by_supabase(failure) {
        return vec![
            format!("leave the tables of `{schema}` as they are: Supabase's own roles own them"),
            format!(
                "reach the aim from your side: a table in `public` that references `{schema}`, a trigger function in \
                 `public`, or the dashboard"
            ),
        ];
    }
    let words: Vec<&str> = failure.error.message.split_whitespace().collect();
    match words.as_slice() {
        ["must", "be", "owner", "of", kind @ .., object] => {
            let kind = if kind.is_empty() { "table".to_owned() } else { kind.join(" ") };
            let kind = if kind == "relation" { "table".to_owned() } else { kind };
            let object = target(failure, &kind, object);
            vec![
                format!(
                    "run it as the owner, or let an administrator hand it over: `alter {kind} {object} owner to ROLE;`, where ROLE is the one that dbctl connects as"
                ),
                "a member of the owning role may do it too: `grant OWNER to ROLE;`".to_owned(),
            ]
        }
        ["permission", "denied", "for", kind @ .., object] if !kind.is_empty() => {
            let kind = kind.join(" ");
            let wanted = if kind == "schema" { "usage, create" } else { "all" };
            let kind = if kind == "relation" || kind == "view" { "table".to_owned() } else { kind };
            let object = target(failure, &kind, object);
            vec![format!(
                "let the owner or an administrator run `grant {wanted} on {kind} {object} to ROLE;`, where ROLE is the one that dbctl connects as"
            )]
        }
        ["permission", "denied", "to", "create", "extension", ..] => vec![format!(
            "let an administrator run `create extension if not exists {};` once, before the migrations",
            name.unwrap_or_else(|| "NAME".to_owned())
        )],
        ["permission", "denied", "to", "create", "role"] => {
            vec!["let an administrator create the role, or run `alter role ROLE createrole;`, where ROLE is the one that dbctl connects as".to_owned()]
        }
        _ => vec![
            "run it as a role that may do this, or let an administrator do it once, before the migrations".to_owned(),
        ],
    }
}

/// The object as the statement writes it where that is the object, for its schema; else as the message does.
fn target(failure: &Failure<'_>, kind: &str, object: &str) -> String {
    let bare = quote_ident(object.trim_matches('"'));
    let keywords =
        [format!("alter {kind}"), format!("drop {kind}"), "on".into(), "from".into(), "into".into(), "update".into()];
    keywords
        .iter()
        .filter_map(|keywords| failure.name_after(keywords))
        .find(|name| *name == bare || name.ends_with(&format!(".{bare}")))
        .unwrap_or(bare)
}

fn kept_by_supabase(failure: &Failure<'_>) -> Option<&'static str> {
    let schemas = ["auth", "storage", "realtime", "vault"];
    let names = ["alter table", "on", "into", "update", "create table", "function", "trigger", "drop table"];
    let written: Vec<String> = names.iter().filter_map(|keywords| failure.name_after(keywords)).collect();
    schemas.into_iter().find(|schema| {
        failure.error.message.ends_with(&format!("schema {schema}"))
            || written.iter().any(|name| name.starts_with(&format!("\"{schema}\".")))
    })
}
