//! What the configuration says about lint, checked and with every value in its place.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::{Preset, Profile, Rule};
use super::schema::Place;
use crate::diagnostic::Level;

/// A value of a rule's option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Texts.
    List(Vec<String>),
}

impl From<Preset> for OptionValue {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Flag(value) => Self::Flag(value),
            Preset::Number(value) => Self::Number(value),
            Preset::Text(value) => Self::Text(value.to_owned()),
            Preset::List(values) => Self::List(values.iter().map(|&value| value.to_owned()).collect()),
        }
    }
}

/// What is set for one rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleConfig {
    /// `level`: `None` leaves the rule's own; `Some(None)` is `off`.
    pub level: Option<Option<Level>>,
    /// Options by name, checked against the rule's.
    pub options: BTreeMap<String, OptionValue>,
}

/// `[[lint.overrides]]`: other settings for some files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Override {
    /// Patterns of paths, relative to the project, with `*`, `**` and `?`.
    pub paths: Vec<String>,
    /// What is set there.
    pub rules: BTreeMap<String, RuleConfig>,
}

/// How idempotency is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Idempotency {
    /// The whole script can run again after it has succeeded.
    #[default]
    Rerun,
    /// Enough that a failed run leaves nothing: inside a transaction everything is fine.
    Atomic,
}

/// The configuration of lint.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The major version of the server, 14 to 18.
    pub pg_version: u32,
    /// Which profiles are on.
    pub profiles: BTreeSet<Profile>,
    /// Whether the database is a Supabase project's, with its roles and schemas, as far as anybody has said.
    pub is_supabase: bool,
    /// Schemas that clients reach through the API.
    pub exposed_schemas: Vec<String>,
    /// Roles that clients of the API have.
    pub api_roles: Vec<String>,
    /// The column that names the tenant.
    pub tenant_column: String,
    /// The table of tenants; the tenant rules are silent where no migration creates it.
    pub tenant_table: String,
    /// Tables without the tenant column; `*` and `?` stand for letters.
    pub tenant_exempt: Vec<String>,
    /// Whether the runner sets `lock_timeout` and `statement_timeout` itself, as dbctl does.
    pub timeouts_set: bool,
    /// Whether each migration runs in one transaction unless it says otherwise.
    pub in_transaction: bool,
    /// How idempotency is meant.
    pub idempotency: Idempotency,
    /// Naming patterns by kind (`table`, `column`, `index`, `fk` …), regular in their own small way: see the naming rules.
    pub naming: BTreeMap<String, String>,
    /// What is set for rules.
    pub rules: BTreeMap<String, RuleConfig>,
    /// What is set for rules in some files; later ones win.
    pub overrides: Vec<Override>,
    /// Rules that run although they are opt-in or outside the profiles (`--rule`): when not empty, only these run.
    pub only: BTreeSet<String>,
    /// Rules that do not run (`--exclude`).
    pub exclude: BTreeSet<String>,
    /// The present in UTC as fourteen digits, `20260131093000`; `None` when nobody asks for it.
    pub today: Option<String>,
    /// Paths of the migrations that the base branch has, or that are applied.
    pub base: BTreeSet<String>,
    /// Paths of the migrations of the base branch, or applied, whose content is no longer what it is there.
    pub edited: BTreeSet<String>,
    /// Paths of the migrations that `dbctl.sum` records as run: they are mended only where the command line names them.
    pub applied: BTreeSet<String>,
    /// Paths of the migrations whose content is not what `dbctl.sum` records.
    pub differing: BTreeSet<String>,
    /// Paths of the migrations that differ from what is applied, or on the base branch, in comments alone.
    pub recommented: BTreeSet<String>,
}

impl Default for Config {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<String>>();
        Self {
            pg_version: 15,
            profiles: Profile::ALL.into_iter().collect(),
            is_supabase: true,
            exposed_schemas: words(&["public", "graphql_public"]),
            api_roles: words(&["anon", "authenticated"]),
            tenant_column: "org_id".to_owned(),
            tenant_table: "organizations".to_owned(),
            tenant_exempt: Vec::new(),
            timeouts_set: true,
            in_transaction: true,
            idempotency: Idempotency::Rerun,
            naming: BTreeMap::new(),
            rules: BTreeMap::new(),
            overrides: Vec::new(),
            only: BTreeSet::new(),
            exclude: BTreeSet::new(),
            today: None,
            base: BTreeSet::new(),
            edited: BTreeSet::new(),
            applied: BTreeSet::new(),
            differing: BTreeSet::new(),
            recommented: BTreeSet::new(),
        }
    }
}

impl Config {
    /// Whether what stands at this place is there for certain: the chain makes it, or the platform that the project is on.
    pub fn is_certain(&self, place: &Place) -> bool {
        place.file.is_some() || self.is_supabase
    }

    /// How bad a rule's findings are in a file, or `None` where the rule is off.
    pub fn level(&self, rule: &Rule, path: &str) -> Option<Level> {
        if self.exclude.contains(rule.id) {
            return None;
        }
        let mut set = self.rules.get(rule.id).and_then(|it| it.level);
        for over in &self.overrides {
            if let Some(level) = over.rules.get(rule.id).and_then(|it| it.level)
                && over.paths.iter().any(|pattern| glob(pattern, path))
            {
                set = Some(level);
            }
        }
        if !self.only.is_empty() {
            return self.only.contains(rule.id).then(|| set.flatten().unwrap_or(rule.level));
        }
        match set {
            Some(level) => level,
            None => (!rule.opt_in && self.profiles.contains(&rule.profile)).then_some(rule.level),
        }
    }

    /// The value of a rule's option in a file.
    pub fn option(&self, rule: &Rule, name: &str, path: &str) -> Option<OptionValue> {
        let mut value = self.rules.get(rule.id).and_then(|it| it.options.get(name));
        for over in &self.overrides {
            if let Some(set) = over.rules.get(rule.id).and_then(|it| it.options.get(name))
                && over.paths.iter().any(|pattern| glob(pattern, path))
            {
                value = Some(set);
            }
        }
        value.cloned().or_else(|| rule.preset(name).map(OptionValue::from))
    }

    /// Whether clients reach a schema through the API.
    pub fn is_exposed(&self, schema: &str) -> bool {
        self.exposed_schemas.iter().any(|exposed| exposed == schema)
    }
}

/// Whether a path matches a pattern: `*` within a folder, `**` across folders, `?` one letter. A pattern without `/` matches the
/// file name, as in `.gitignore`.
pub fn glob(pattern: &str, path: &str) -> bool {
    fn matches(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => path.is_empty(),
            [b'*', b'*', b'/', rest @ ..] => {
                matches(rest, path)
                    || path.iter().enumerate().any(|(at, &byte)| byte == b'/' && matches(rest, &path[at + 1..]))
            }
            [b'*', b'*', rest @ ..] => (0..=path.len()).any(|at| matches(rest, &path[at..])),
            [b'*', rest @ ..] => {
                let end = path.iter().position(|&byte| byte == b'/').unwrap_or(path.len());
                (0..=end).any(|at| matches(rest, &path[at..]))
            }
            [b'?', rest @ ..] => path.first().is_some_and(|&byte| byte != b'/') && matches(rest, &path[1..]),
            [first, rest @ ..] => path.first() == Some(first) && matches(rest, &path[1..]),
        }
    }
    let path = if pattern.contains('/') { path } else { path.rsplit('/').next().unwrap_or(path) };
    matches(pattern.trim_start_matches("./").as_bytes(), path.trim_start_matches("./").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn patterns_match_paths_as_people_expect() {
        for (pattern, path, expected) in [
            ("*.sql", "a/b/c.sql", true),
            ("migrations/*.sql", "migrations/a.sql", true),
            ("migrations/*.sql", "migrations/old/a.sql", false),
            ("migrations/**/*.sql", "migrations/old/a.sql", true),
            ("migrations/**/*.sql", "migrations/a.sql", true),
            ("migrations/2023*", "migrations/20230101000000_a.sql", true),
            ("**/seed_*.sql", "x/y/seed_users.sql", true),
            ("a?.sql", "ab.sql", true),
            ("a?.sql", "a.sql", false),
        ] {
            assert_eq!(glob(pattern, path), expected, "{pattern} {path}");
        }
    }
}
