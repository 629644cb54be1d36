//! Which objects are looked at: not PostgreSQL's, not a platform's, not dbctl's own.

use std::collections::BTreeSet;

use super::{Catalog, Id, Kind};

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
        let is_named = self.schemas.iter().any(|word| is_called(word, schema));
        if !self.schemas.is_empty() && !is_named && !schema.is_empty() {
            return false;
        }
        if self.exclude.iter().any(|pattern| fits(pattern, id)) {
            return false;
        }
        let is_managed = match id.kind {
            Kind::Trigger | Kind::Policy => false,
            Kind::Publication => MANAGED_PUBLICATIONS.contains(&id.name.as_str()),
            // Who asks for it by its name looks at it.
            _ => MANAGED.contains(&schema.as_str()) && !is_named,
        };
        self.managed || !is_managed
    }
}

/// Whether a word is the name of a schema, as it is or as SQL quotes it.
pub fn is_called(word: &str, schema: &str) -> bool {
    word == schema || (word.starts_with('"') && word.ends_with('"') && word.len() > 1 && matches(word, schema, false))
}

/// Whether an object fits a pattern that leaves out schemas or objects.
pub fn fits(pattern: &str, id: &Id) -> bool {
    let schema = if id.kind == Kind::Schema { &id.name } else { &id.schema };
    matches(pattern, schema, false) || matches(pattern, &format!("{schema}{BETWEEN}{}", id.name), false)
}

/// What stands between a schema and a name: no name has it.
const BETWEEN: char = '\0';

/// Whether a name fits a pattern in which `*` stands for any letters; in quotes all is taken as it is.
fn matches(pattern: &str, name: &str, quoted: bool) -> bool {
    let mut rest = pattern.chars();
    let Some(letter) = rest.next() else { return name.is_empty() };
    let after = rest.as_str();
    match letter {
        '"' if quoted && after.starts_with('"') => {
            name.strip_prefix('"').is_some_and(|name| matches(&after[1..], name, true))
        }
        '"' => matches(after, name, !quoted),
        '*' if !quoted => {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| matches(after, &name[at..], false))
        }
        '.' if !quoted => name.strip_prefix(['.', BETWEEN]).is_some_and(|name| matches(after, name, false)),
        letter => name.strip_prefix(letter).is_some_and(|name| matches(after, name, quoted)),
    }
}

/// The words of `schemas` that name no schema of these databases, each with all schemas that there are.
pub fn unknown_schemas<'a>(words: &'a [String], catalogs: &[&'a Catalog]) -> (Vec<&'a str>, BTreeSet<&'a str>) {
    let all = catalogs.iter().flat_map(|catalog| catalog.entries.keys().chain(&catalog.outside));
    let there: BTreeSet<&str> = all
        .filter(|id| id.kind == Kind::Schema)
        .map(|id| id.name.as_str())
        .filter(|name| !OWN.contains(name))
        .collect();
    let is_unknown = |word: &&str| !there.iter().any(|schema| is_called(word, schema));
    (words.iter().map(String::as_str).filter(is_unknown).collect(), there)
}

/// The patterns that leave out nothing of what is in these databases.
pub fn idle_patterns<'a>(patterns: &'a [String], catalogs: &[&Catalog]) -> Vec<&'a str> {
    let is_idle = |pattern: &&str| !catalogs.iter().any(|it| it.outside.iter().any(|id| fits(pattern, id)));
    patterns.iter().map(String::as_str).filter(is_idle).collect()
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
        let scope = Scope { schemas: vec!["auth".to_owned()], ..Scope::default() };
        assert!(scope.contains(&Id::new(Kind::Table, "auth", "users")));
    }

    #[test]
    fn names_may_be_quoted_as_sql_has_them() {
        let scope = Scope {
            schemas: vec!["\"Sch ü\"".to_owned(), "a.b".to_owned()],
            exclude: vec!["\"Sch ü\".\"x*\"".to_owned(), "*.\"say \"\"hi\"\"\"".to_owned(), "a.b.t".to_owned()],
            managed: false,
        };
        let table = |schema: &str, name: &str| scope.contains(&Id::new(Kind::Table, schema, name));
        assert!(table("Sch ü", "xy") && !table("Sch ü", "x*") && !table("Sch ü", "say \"hi\""));
        assert!(table("a.b", "u") && !table("a.b", "t") && !table("b", "u"));
        assert!(!fits("\"a.b\"", &Id::new(Kind::Table, "a", "b")));
    }

    #[test]
    fn words_that_are_about_nothing_are_known() {
        let outside = [Id::new(Kind::Schema, "", "app"), Id::new(Kind::Table, "app", "t")];
        let catalog = Catalog { outside: outside.into(), ..Catalog::default() };
        let words = ["\"app\"", "nope"].map(str::to_owned);
        assert_eq!(unknown_schemas(&words, &[&catalog]), (vec!["nope"], ["app"].into()));
        let patterns = ["app", "app.\"t\"", "app.u*"].map(str::to_owned);
        assert_eq!(idle_patterns(&patterns, &[&catalog]), ["app.u*"]);
    }
}
