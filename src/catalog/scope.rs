//! Which objects are looked at: not PostgreSQL's, not a platform's, not dbctl's own.

use super::{Id, Kind};

/// Schemas that a hosted platform makes and looks after.
///
/// <https://supabase.com/docs/guides/database/overview>
const MANAGED: [&str; 20] = [
    "_analytics",
    "_realtime",
    "_supavisor",
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
    "repack",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "vault",
];

/// Publications that a hosted platform makes; which tables they publish is the user's.
///
/// <https://supabase.com/docs/guides/realtime/postgres-changes>
const MANAGED_PUBLICATIONS: [&str; 2] = ["supabase_realtime", "supabase_realtime_messages_publication"];

/// Schemas that are never anybody's: dbctl's own.
const OWN: [&str; 2] = ["dbctl", "dbctl_trash"];

/// Which objects are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only these schemas; all where it is empty.
    pub schemas: Vec<String>,
    /// Names of schemas or of objects (`schema.name`) that are left out; `*` stands for any letters.
    pub exclude: Vec<String>,
    /// Whether the schemas of a hosted platform are the user's own too.
    pub managed: bool,
}

impl Scope {
    /// Whether an object is looked at.
    ///
    /// A trigger, a policy or a foreign key on a managed table is the user's: the platform makes its own before.
    pub fn contains(&self, id: &Id) -> bool {
        let schema = if id.kind == Kind::Schema { &id.name } else { &id.schema };
        if OWN.contains(&schema.as_str()) || schema.starts_with("pg_") || schema == "information_schema" {
            return false;
        }
        if !self.schemas.is_empty() && !self.schemas.contains(schema) && !schema.is_empty() {
            return false;
        }
        let names = [schema.clone(), format!("{schema}.{}", id.name)];
        if self.exclude.iter().any(|pattern| names.iter().any(|name| matches(pattern, name))) {
            return false;
        }
        let is_managed = match id.kind {
            Kind::Trigger | Kind::Policy => false,
            Kind::Publication => MANAGED_PUBLICATIONS.contains(&id.name.as_str()),
            _ => MANAGED.contains(&schema.as_str()),
        };
        self.managed || !is_managed
    }
}

/// Whether a name fits a pattern in which `*` stands for any letters.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, rest)) => name.strip_prefix(before).is_some_and(|name| {
            (0..=name.len()).filter(|at| name.is_char_boundary(*at)).any(|at| matches(rest, &name[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_users_is_left_out() {
        let scope = Scope { exclude: vec!["tmp_*".to_owned(), "public.old*".to_owned()], ..Scope::default() };
        let table = |schema: &str, name: &str| scope.contains(&Id::new(Kind::Table, schema, name));
        assert!(table("public", "orders") && table("app", "users"));
        assert!(!table("auth", "users") && !table("dbctl", "event") && !table("public", "old_orders"));
        assert!(!table("tmp_1", "a"));
        assert!(scope.contains(&Id::part(Kind::Policy, "storage", "objects", "mine")));
    }
}
