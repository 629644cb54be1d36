//! What is there before the first migration: what PostgreSQL brings, and what Supabase brings on top.
//!
//! Supabase's part is played from the very files that dbctl makes a local database from. What these make in loops is added by
//! hand.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::apply::Cx;
use super::{EnumLabel, Place, QName, Schema, Type, TypeKind};
use crate::sql::parse::parse;

/// The files, in order.
const SUPABASE: [&str; 9] = [
    include_str!("../../../sql/shims/supabase/10_roles.sql"),
    include_str!("../../../sql/shims/supabase/20_schemas.sql"),
    include_str!("../../../sql/shims/supabase/30_extensions.sql"),
    include_str!("../../../sql/shims/supabase/40_auth.sql"),
    include_str!("../../../sql/shims/supabase/50_storage.sql"),
    include_str!("../../../sql/shims/supabase/60_realtime.sql"),
    include_str!("../../../sql/shims/supabase/70_vault.sql"),
    include_str!("../../../sql/shims/supabase/80_graphql.sql"),
    include_str!("../../../sql/shims/supabase/90_webhooks.sql"),
];

/// The roles that every server has.
const PREDEFINED_ROLES: [&str; 17] = [
    "pg_checkpoint",
    "pg_create_subscription",
    "pg_database_owner",
    "pg_execute_server_program",
    "pg_maintain",
    "pg_monitor",
    "pg_read_all_data",
    "pg_read_all_settings",
    "pg_read_all_stats",
    "pg_read_server_files",
    "pg_signal_autovacuum_worker",
    "pg_signal_backend",
    "pg_stat_scan_tables",
    "pg_use_reserved_connections",
    "pg_write_all_data",
    "pg_write_server_files",
    "postgres",
];

/// The roles of a Supabase project.
const SUPABASE_ROLES: [&str; 14] = [
    "anon",
    "authenticated",
    "authenticator",
    "dashboard_user",
    "pgbouncer",
    "service_role",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_etl_admin",
    "supabase_functions_admin",
    "supabase_read_only_user",
    "supabase_realtime_admin",
    "supabase_replication_admin",
    "supabase_storage_admin",
];

/// The schemas of a Supabase project that are not known whole.
const SUPABASE_MANAGED: [&str; 18] = [
    "_analytics",
    "_realtime",
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgmq",
    "pgsodium",
    "pgsodium_masks",
    "pgtle",
    "realtime",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "vault",
];

/// The extensions that a Supabase project has from the start, and where. `pg_graphql` is switched on by who wants it.
const SUPABASE_EXTENSIONS: [(&str, &str); 5] = [
    ("pg_stat_statements", "extensions"),
    ("pgcrypto", "extensions"),
    ("plpgsql", "pg_catalog"),
    ("supabase_vault", "vault"),
    ("uuid-ossp", "extensions"),
];

/// The enums of schema `auth`.
const AUTH_ENUMS: [(&str, &[&str]); 5] = [
    ("aal_level", &["aal1", "aal2", "aal3"]),
    ("code_challenge_method", &["s256", "plain"]),
    ("factor_status", &["unverified", "verified"]),
    ("factor_type", &["totp", "webauthn", "phone"]),
    (
        "one_time_token_type",
        &[
            "confirmation_token",
            "reauthentication_token",
            "recovery_token",
            "email_change_token_new",
            "email_change_token_current",
            "phone_change_token",
        ],
    ),
];

/// An empty PostgreSQL database.
pub(super) fn postgres() -> Schema {
    let mut schema = Schema::default();
    for name in ["public", "pg_catalog", "information_schema"] {
        schema.schemas.insert(name.to_owned(), Place::PLATFORM);
    }
    schema.managed = ["pg_catalog", "information_schema"].into_iter().map(str::to_owned).collect();
    schema.roles = PREDEFINED_ROLES.into_iter().map(|role| (role.to_owned(), Place::PLATFORM)).collect();
    schema.extensions.insert("plpgsql".to_owned(), (Place::PLATFORM, Some("pg_catalog".to_owned())));
    schema.set_default_path(&["public"]);
    schema
}

/// An empty Supabase project.
pub(super) fn supabase() -> Schema {
    static PLAYED: LazyLock<Schema> = LazyLock::new(play);
    PLAYED.clone()
}

fn play() -> Schema {
    let mut schema = postgres();
    schema.set_default_path(&["public", "extensions"]);
    for (name, labels) in AUTH_ENUMS {
        let label = |&label: &&str| EnumLabel { label: label.to_owned(), created: Place::PLATFORM, added: false };
        let kind = TypeKind::Enum(labels.iter().map(label).collect());
        let name = QName::new("auth", name);
        schema.types.insert(name.clone(), Type { name, kind, created: Place::PLATFORM, comment: None });
    }
    for text in SUPABASE {
        let cx = Cx { file: None, text, at: None, guarded: false, depth: 0 };
        for event in crate::lint::flatten(parse(text).statements) {
            if event.origin != crate::lint::Origin::Routine && event.dynamic.is_none() {
                schema.stmt(&cx, &event.stmt);
            }
        }
    }
    schema.roles.extend(SUPABASE_ROLES.into_iter().map(|role| (role.to_owned(), Place::PLATFORM)));
    for (name, of) in SUPABASE_EXTENSIONS {
        schema.extensions.insert(name.to_owned(), (Place::PLATFORM, Some(of.to_owned())));
    }
    for table in schema.tables.values_mut().filter(|table| table.name.schema == "auth") {
        table.row_security = true;
        table.row_security_at = Some(Place::PLATFORM);
    }
    schema.managed.extend(SUPABASE_MANAGED.into_iter().map(str::to_owned).collect::<BTreeSet<_>>());
    schema.opaque.clear();
    schema.dropped.clear();
    schema
}

impl Schema {
    fn set_default_path(&mut self, schemas: &[&str]) {
        self.play.default_path = schemas.iter().map(|&schema| schema.to_owned()).collect();
        self.search_path = self.play.default_path.clone();
    }
}
