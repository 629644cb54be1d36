//! What is not there: tables, columns, functions, types, roles, schemas, and where they would come from.

use super::failure::{Failure, requote};
use crate::text::{quote_ident, quote_literal};

/// Extensions by what they bring; a trailing `*` stands for any ending.
const BROUGHT_BY: &[(&str, &[&str])] = &[
    ("uuid-ossp", &["uuid_generate_v*", "uuid_nil", "uuid_ns_*"]),
    ("pgcrypto", &["crypt", "gen_salt", "digest", "hmac", "pgp_*", "gen_random_bytes", "armor", "dearmor"]),
    ("pg_trgm", &["gin_trgm_ops", "gist_trgm_ops", "similarity", "word_similarity", "show_trgm"]),
    ("vector", &["vector", "halfvec", "sparsevec", "hnsw", "ivfflat", "vector_*", "halfvec_*", "cosine_distance"]),
    ("postgis", &["geometry", "geography", "st_*", "box2d", "box3d"]),
    ("citext", &["citext"]),
    ("hstore", &["hstore"]),
    ("ltree", &["ltree", "lquery", "ltxtquery", "nlevel"]),
    ("unaccent", &["unaccent"]),
    ("fuzzystrmatch", &["levenshtein", "soundex", "metaphone", "dmetaphone"]),
    ("moddatetime", &["moddatetime"]),
    ("tablefunc", &["crosstab", "connectby", "normal_rand"]),
    ("btree_gist", &["gist_*_ops"]),
    ("pg_jsonschema", &["json_matches_schema", "jsonb_matches_schema"]),
    ("pg_cron", &["cron"]),
    ("pg_net", &["net"]),
    ("pg_stat_statements", &["pg_stat_statements"]),
    ("intarray", &["gin__int_ops", "gist__int_ops"]),
    ("isn", &["isbn", "issn", "ean13"]),
];

/// What a Supabase project has from the start.
const SUPABASE_SCHEMAS: &[&str] =
    &["auth", "storage", "extensions", "realtime", "vault", "graphql", "graphql_public", "supabase_functions"];
const SUPABASE_ROLES: &[&str] = &[
    "anon",
    "authenticated",
    "service_role",
    "authenticator",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "dashboard_user",
];

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    if failure.is("drop") || failure.has("drop constraint") || failure.has("drop column") {
        return vec![dropped(failure)];
    }
    let name = failure.missing();
    if name.is_empty() && !matches!(failure.sqlstate(), "3F000" | "42P02" | "42883") {
        return vec!["create it before: in an earlier statement, or in a migration with a lower version".to_owned()];
    }
    if let Some(hint) = supabase(failure, &name) {
        return vec![hint];
    }
    if let Some(extension) = extension_of(&name) {
        return brought_by(extension, &name);
    }
    match failure.sqlstate() {
        "3F000" => schema(failure, &name),
        "42P01" => relation(failure, &name),
        "42703" => column(failure, &name),
        "42883" => function(failure, &name),
        "42P02" => vec!["write the value itself: a migration takes no parameters such as `$1`".to_owned()],
        _ => object(failure, &name),
    }
}

fn dropped(failure: &Failure<'_>) -> String {
    let name = failure.named(0).map_or_else(|| "NAME".to_owned(), quote_ident);
    for what in ["drop constraint", "drop column"] {
        if failure.has(what) {
            return format!("write `alter table {} {what} if exists {name};`", failure.table_or_word());
        }
    }
    for kind in ["policy", "trigger", "rule"] {
        if failure.is(&format!("drop {kind}")) {
            let table = failure.name_after("on").unwrap_or_else(|| "TABLE".to_owned());
            return format!("write `drop {kind} if exists {name} on {table};`");
        }
    }
    for kind in ["function", "procedure", "aggregate"] {
        if failure.is(&format!("drop {kind}")) {
            let name = failure.name_after(&format!("drop {kind}")).unwrap_or(name);
            return format!(
                "write `drop {kind} if exists {name}(ARGUMENT_TYPES);`; another signature is another {kind}"
            );
        }
    }
    for kind in ["materialized view", "foreign table", "event trigger"] {
        if failure.is(&format!("drop {kind}")) {
            let name = failure.name_after(&format!("drop {kind}")).unwrap_or(name);
            return format!("write `drop {kind} if exists {name};`");
        }
    }
    let kinds =
        ["table", "view", "index", "type", "domain", "sequence", "schema", "role", "user", "extension", "publication"];
    let kind = kinds.iter().find(|kind| failure.is(&format!("drop {kind}")));
    match kind {
        Some(kind) => {
            let name = failure.name_after(&format!("drop {kind}")).unwrap_or(name);
            format!("write `drop {kind} if exists {name};`")
        }
        None => "write `drop … if exists …;`".to_owned(),
    }
}

fn supabase(failure: &Failure<'_>, name: &str) -> Option<String> {
    let schema = name.split_once('.').map_or(name, |(schema, _)| schema);
    let known = match failure.sqlstate() {
        "42704" => SUPABASE_ROLES.contains(&name) || name == "supabase_realtime",
        "3F000" => SUPABASE_SCHEMAS.contains(&name),
        _ => name.contains('.') && SUPABASE_SCHEMAS.contains(&schema),
    };
    known.then(|| {
        format!(
            "`{name}` comes with Supabase; for the local database set `platform = \"supabase\"` under `[local]` in \
             `dbctl.toml`"
        )
    })
}

fn extension_of(name: &str) -> Option<&'static str> {
    let name = name.rsplit('.').next().unwrap_or(name);
    let fits = |pattern: &str| match pattern.split_once('*') {
        Some((start, end)) => name.len() >= pattern.len() && name.starts_with(start) && name.ends_with(end),
        None => name == pattern,
    };
    BROUGHT_BY.iter().find(|(_, names)| names.iter().any(|pattern| fits(pattern))).map(|(extension, _)| *extension)
}

fn brought_by(extension: &str, name: &str) -> Vec<String> {
    let mut hints = vec![
        format!(
            "`{name}` comes with an extension; create it in an earlier migration: `create extension if not exists {};`",
            quote_ident(extension)
        ),
        "when the extension is there, its schema is not in the `search_path`: write the schema before the name, as in \
         `extensions.NAME`"
            .to_owned(),
    ];
    if extension == "uuid-ossp" {
        hints.push("or use `gen_random_uuid()`, which needs no extension".to_owned());
    }
    hints
}

fn schema(failure: &Failure<'_>, name: &str) -> Vec<String> {
    if name.is_empty() {
        return vec![
            "write the schema before the name, as in `public.NAME`: no schema of the `search_path` exists".to_owned(),
        ];
    }
    let mut hints =
        vec![format!("create it in an earlier migration: `create schema if not exists {};`", quote_ident(name))];
    if failure.has("search_path") {
        hints.push("or correct the `search_path`".to_owned());
    }
    hints
}

fn relation(failure: &Failure<'_>, name: &str) -> Vec<String> {
    if failure.says("from-clause entry") {
        return vec![format!(
            "add {0} to `from`, or write the alias that `from` gives it in place of {0}",
            quote_ident(name)
        )];
    }
    let bare = name.rsplit('.').next().unwrap_or(name);
    vec![
        format!("create {} before: in an earlier statement, or in a migration with a lower version", requote(name)),
        format!(
            "when it is in another schema, write that before the name; find it with `select table_schema, table_name \
             from information_schema.tables where table_name ilike {};`",
            quote_literal(bare)
        ),
    ]
}

fn column(failure: &Failure<'_>, name: &str) -> Vec<String> {
    let table = failure.table_or_word();
    let column = quote_ident(name.rsplit('.').next().unwrap_or(name));
    vec![
        "check the spelling; an unquoted name is folded to lower case, one with capitals needs quotes".to_owned(),
        format!("or add it in an earlier statement: `alter table {table} add column {column} TYPE;`"),
    ]
}

fn function(failure: &Failure<'_>, name: &str) -> Vec<String> {
    if let Some(operands) = failure.error.message.strip_prefix("operator does not exist: ") {
        let wanted = operands.split_whitespace().next().unwrap_or("TYPE");
        return vec![format!(
            "cast one side so that both have one type, as in `VALUE::{wanted}` (`{operands}` is not defined)"
        )];
    }
    if name.is_empty() {
        return vec!["create the function before, or cast its arguments to the types that it takes".to_owned()];
    }
    let bare = name.rsplit('.').next().unwrap_or(name);
    vec![
        format!("create {} before: in an earlier statement, or in a migration with a lower version", requote(name)),
        format!(
            "when it exists, cast the arguments to its types; see them with `select oid::regprocedure from pg_proc \
             where proname = {};`",
            quote_literal(bare)
        ),
    ]
}

fn object(failure: &Failure<'_>, name: &str) -> Vec<String> {
    let quoted = requote(name);
    match failure.error.message.split_whitespace().next().unwrap_or_default() {
        "role" => vec![format!(
            "create it before, where it is missing: `do $$ begin create role {quoted}; exception when \
             duplicate_object then null; end $$;`"
        )],
        "unrecognized" => vec![format!(
            "read it so that a missing setting is null: `current_setting({}, true)`",
            quote_literal(name)
        )],
        "type" => vec![
            format!("create {quoted} before: in an earlier statement, or in a migration with a lower version"),
            "when an extension brings it, `create extension` first; when it is in another schema, write that before the name"
                .to_owned(),
        ],
        _ => vec![format!("create {quoted} before: in an earlier statement, or in a migration with a lower version")],
    }
}
