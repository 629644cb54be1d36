//! Questions that several rules of the group ask.

pub(super) mod access;
pub(super) mod body;
pub(super) mod comment;
pub(super) mod foreign_key;
pub(super) mod place;
pub(super) mod policy;
pub(super) mod rls;
pub(super) mod search_path;
pub(super) mod secret;
pub(super) mod taint;
pub(super) mod walk;

use crate::lint::schema::QName;

/// Schemas that belong to Supabase or to its extensions: what stands in them is not the project's.
const MANAGED: &[&str] = &[
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "information_schema",
    "net",
    "pg_catalog",
    "pgbouncer",
    "pgmq",
    "pgroonga",
    "pgsodium",
    "pgsodium_masks",
    "pgtle",
    "realtime",
    "repack",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "tiger",
    "topology",
    "vault",
];

/// Whether an object stands in a schema of the platform.
pub(super) fn is_managed(name: &QName) -> bool {
    MANAGED.contains(&name.schema.as_str())
}

/// Words in backticks with commas and an `and`: `` `a`, `b` and `c` ``.
pub(super) fn listed<S: AsRef<str>>(words: &[S]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == words.len() { " and " } else { ", " });
        }
        text.push('`');
        text.push_str(word.as_ref());
        text.push('`');
    }
    text
}
