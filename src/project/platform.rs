//! The platform shim and the extension stubs: SQL that is compiled in, and when it is used.

use sha2::{Digest, Sha256};

/// The shim's files in the order in which they are run.
const SHIM: &[&str] = &[
    include_str!("../../sql/shims/supabase/10_roles.sql"),
    include_str!("../../sql/shims/supabase/20_schemas.sql"),
    include_str!("../../sql/shims/supabase/30_extensions.sql"),
    include_str!("../../sql/shims/supabase/40_auth.sql"),
    include_str!("../../sql/shims/supabase/50_storage.sql"),
    include_str!("../../sql/shims/supabase/60_realtime.sql"),
    include_str!("../../sql/shims/supabase/70_vault.sql"),
    include_str!("../../sql/shims/supabase/80_graphql.sql"),
    include_str!("../../sql/shims/supabase/90_webhooks.sql"),
];

macro_rules! stubs {
    ($($name:literal),* $(,)?) => {
        /// Every stub: the extension's name and its SQL.
        pub const STUBS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../sql/stubs/", $name, ".sql")))),*];
    };
}

stubs![
    "http",
    "hypopg",
    "index_advisor",
    "moddatetime",
    "pg_cron",
    "pg_graphql",
    "pg_hashids",
    "pg_jsonschema",
    "pg_net",
    "pg_stat_statements",
    "pgaudit",
    "pgcrypto",
    "pgjwt",
    "pgmq",
    "pgsodium",
    "plpgsql_check",
    "supabase_vault",
    "uuid-ossp",
    "wrappers",
];

/// Extensions that every hosted Supabase project has or offers from the start, so that a local server which lacks
/// them must not stop a migration: <https://supabase.com/docs/guides/database/extensions>.
pub const SUPABASE_EXTENSIONS: &[&str] = &[
    "http",
    "pg_graphql",
    "pg_net",
    "pg_stat_statements",
    "pgcrypto",
    "pgjwt",
    "pgsodium",
    "supabase_vault",
    "uuid-ossp",
];

/// Extensions that migrations use without creating them, because hosted projects have them installed.
const PREINSTALLED: &[&str] = &["pgcrypto", "uuid-ossp"];

/// Two processes that find a database without its platform give it one after the other; the key is of no other lock.
const LOCK_KEY: i64 = 0x6462_6374_6c5f_7370;

/// Asks for the mark of the present database.
pub const READ_MARK: &str = "select pg_catalog.shobj_description(oid, 'pg_database') \
     from pg_catalog.pg_database where datname = current_database()";

/// The mark of a database that has this shim: it changes with the shim's text.
pub fn mark() -> String {
    let mut hash = Sha256::new();
    for part in SHIM {
        hash.update(part.as_bytes());
    }
    format!("dbctl: supabase platform {}", &hex::encode(hash.finalize())[..12])
}

/// The whole shim in one transaction; `available` are the extensions that the server has.
pub fn script(available: &[&str], mark: &str) -> String {
    let missing = PREINSTALLED.iter().filter(|name| !available.contains(name)).filter_map(|name| stub(name));
    let parts: Vec<&str> = SHIM.iter().copied().chain(missing).collect();
    format!(
        "begin;\nselect pg_catalog.pg_advisory_xact_lock({LOCK_KEY});\n{}\ndo $mark$ begin execute format('comment on database %I is %L', current_database(), {}); end $mark$;\n\
         commit;",
        parts.join("\n"),
        crate::text::quote_literal(mark)
    )
}

/// The stub of an extension.
pub fn stub(extension: &str) -> Option<&'static str> {
    STUBS.iter().find(|(name, _)| *name == extension).map(|(_, sql)| *sql)
}

/// What a stub does and does not do: the first line of its file.
pub fn stub_summary(sql: &str) -> &str {
    sql.lines().next().unwrap_or_default().trim_start_matches("-- stub of extension ")
}
