//! `[lint]` of `dbctl.toml`, and the same for single rules, checked: an unknown rule or option is an error with a suggestion.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Deserialize;

use super::Error;
use crate::diagnostic::Level;
use crate::lint::rules::{self, RULES};
use crate::lint::{Config, Idempotency, OptionValue, Override, Preset, Profile, Rule, RuleConfig};
use crate::text::{Source, Span, did_you_mean};

/// `[lint]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LintConfig {
    /// The server's major version, 14 to 18.
    pub pg_version: Option<u32>,
    /// Which profiles are on: one or several of `postgres`, `supabase`, `conventions`.
    pub profile: Option<OneOrMore>,
    /// Schemas that clients reach through the API.
    pub exposed_schemas: Option<Vec<String>>,
    /// Roles that clients of the API have.
    pub api_roles: Option<Vec<String>>,
    /// The column that names the tenant.
    pub tenant_column: Option<String>,
    /// The table of tenants.
    pub tenant_table: Option<String>,
    /// Tables without the tenant column.
    pub tenant_exempt: Vec<String>,
    /// Whether the runner sets `lock_timeout` and `statement_timeout` itself.
    pub timeouts_set: Option<bool>,
    /// Whether each migration runs in one transaction.
    pub in_transaction: Option<bool>,
    /// `rerun` or `atomic`.
    pub idempotency: Option<IdempotencyWord>,
    /// The level from which `dbctl lint` ends with exit code 1: `error`, `warning` or `info`.
    pub fail_on: Option<LevelWord>,
    /// What `migrate` and `plan` do about findings in what is pending: `error` stops at errors, `warning` also at warnings,
    /// `off` does not lint.
    pub on_migrate: Option<LevelWord>,
    /// Migrations up to this version are history: their findings are left out.
    pub after: Option<String>,
    /// The baseline file, relative to `dbctl.toml`.
    pub baseline: Option<Utf8PathBuf>,
    /// Naming patterns by kind.
    pub naming: BTreeMap<String, String>,
    /// What is set for rules.
    pub rules: BTreeMap<String, RuleTable>,
    /// What is set for rules in some files.
    pub overrides: Vec<OverrideTable>,
}

/// One word or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// `"supabase"`.
    One(String),
    /// `["postgres", "conventions"]`.
    More(Vec<String>),
}

/// How idempotency is meant.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdempotencyWord {
    /// The script can run again.
    Rerun,
    /// A failed run leaves nothing.
    Atomic,
}

/// A level or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LevelWord {
    /// Not at all.
    Off,
    /// Good to know.
    #[serde(alias = "note")]
    Info,
    /// Should be looked at.
    #[serde(alias = "warn")]
    Warning,
    /// Must be mended.
    Error,
}

impl LevelWord {
    /// As a level; `None` for off.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Info => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }
}

/// `[lint.rules.ID]`, or the level alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum RuleTable {
    /// `fk-index = "off"`.
    Level(LevelWord),
    /// `level` and options, the options also under `options`.
    Table {
        /// The level.
        level: Option<LevelWord>,
        /// Options.
        #[serde(default)]
        options: BTreeMap<String, toml::Value>,
        /// Options that stand beside `level`.
        #[serde(flatten)]
        more: BTreeMap<String, toml::Value>,
    },
}

/// `[[lint.overrides]]`.
#[derive(Debug, Clone, Deserialize)]
pub struct OverrideTable {
    /// Patterns of paths.
    pub paths: Vec<String>,
    /// What is set there.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleTable>,
}

impl LintConfig {
    /// The configuration with every name checked; `source` is the text of `dbctl.toml`, for the places of errors.
    pub fn resolve(&self, source: &Source) -> Result<Config, Error> {
        let fail = |key: &str, message: String| Error::Config {
            span: super::config::find_key(source.text(), key).or_else(|| word(source.text(), key)),
            source_text: source.clone(),
            message,
        };
        let mut config = Config::default();
        if let Some(version) = self.pg_version {
            if !(14..=18).contains(&version) {
                return Err(fail(
                    "pg_version",
                    format!("`pg_version` is {version}, and dbctl knows PostgreSQL 14 to 18"),
                ));
            }
            config.pg_version = version;
        }
        if let Some(profile) = &self.profile {
            let words = match profile {
                OneOrMore::One(word) => std::slice::from_ref(word),
                OneOrMore::More(words) => words,
            };
            config.profiles.clear();
            for word in words {
                let known = Profile::parse(word).ok_or_else(|| {
                    let names = Profile::ALL.map(Profile::word);
                    fail(word, unknown("profile", word, names.into_iter()))
                })?;
                config.profiles.insert(known);
            }
            // Every database is a PostgreSQL database.
            config.profiles.insert(Profile::Postgres);
        }
        set(&mut config.exposed_schemas, self.exposed_schemas.as_ref());
        set(&mut config.api_roles, self.api_roles.as_ref());
        set(&mut config.tenant_column, self.tenant_column.as_ref());
        set(&mut config.tenant_table, self.tenant_table.as_ref());
        config.tenant_exempt.clone_from(&self.tenant_exempt);
        set(&mut config.timeouts_set, self.timeouts_set.as_ref());
        set(&mut config.in_transaction, self.in_transaction.as_ref());
        if let Some(word) = self.idempotency {
            config.idempotency = match word {
                IdempotencyWord::Rerun => Idempotency::Rerun,
                IdempotencyWord::Atomic => Idempotency::Atomic,
            };
        }
        config.naming.clone_from(&self.naming);
        config.rules = resolve_rules(&self.rules, &fail)?;
        for over in &self.overrides {
            config.overrides.push(Override { paths: over.paths.clone(), rules: resolve_rules(&over.rules, &fail)? });
        }
        Ok(config)
    }
}

/// What an unknown rule is told, with the nearest known one.
pub fn unknown_rule(id: &str) -> String {
    unknown("rule", id, RULES.iter().map(|rule| rule.id))
}

fn unknown(what: &str, word: &str, known: impl Iterator<Item = &'static str>) -> String {
    match did_you_mean(word, known) {
        Some(near) => format!("there is no {what} `{word}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{word}`"),
    }
}

fn set<T: Clone>(place: &mut T, said: Option<&T>) {
    if let Some(said) = said {
        place.clone_from(said);
    }
}

fn resolve_rules(
    tables: &BTreeMap<String, RuleTable>,
    fail: &dyn Fn(&str, String) -> Error,
) -> Result<BTreeMap<String, RuleConfig>, Error> {
    let mut resolved = BTreeMap::new();
    for (id, table) in tables {
        let rule = rules::find(id).ok_or_else(|| fail(id, unknown_rule(id)))?;
        resolved.insert(id.clone(), resolve_rule(rule, table, fail)?);
    }
    Ok(resolved)
}

fn resolve_rule(rule: &Rule, table: &RuleTable, fail: &dyn Fn(&str, String) -> Error) -> Result<RuleConfig, Error> {
    let (level, options) = match table {
        RuleTable::Level(word) => (Some(*word), BTreeMap::new()),
        RuleTable::Table { level, options, more } => {
            let mut all = options.clone();
            all.extend(more.clone());
            (*level, all)
        }
    };
    let mut config = RuleConfig { level: level.map(LevelWord::level), options: BTreeMap::new() };
    for (name, value) in options {
        let Some(preset) = rule.preset(&name) else {
            let known = rule.options.iter().map(|option| option.name).chain(["level"]);
            return Err(fail(&name, unknown(&format!("option of rule `{}`", rule.id), &name, known)));
        };
        let value = option_value(preset, &value).ok_or_else(|| {
            let wanted = match preset {
                Preset::Flag(_) => "true or false",
                Preset::Number(_) => "a whole number",
                Preset::Text(_) => "a text",
                Preset::List(_) => "a list of texts",
            };
            fail(&name, format!("option `{name}` of rule `{}` wants {wanted}", rule.id))
        })?;
        config.options.insert(name, value);
    }
    Ok(config)
}

fn option_value(preset: Preset, value: &toml::Value) -> Option<OptionValue> {
    Some(match (preset, value) {
        (Preset::Flag(_), toml::Value::Boolean(value)) => OptionValue::Flag(*value),
        (Preset::Number(_), toml::Value::Integer(value)) => OptionValue::Number(*value),
        (Preset::Text(_), toml::Value::String(value)) => OptionValue::Text(value.clone()),
        (Preset::List(_), toml::Value::Array(values)) => {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            OptionValue::List(texts.collect::<Option<_>>()?)
        }
        (Preset::List(_), toml::Value::String(value)) => OptionValue::List(vec![value.clone()]),
        _ => return None,
    })
}

/// Where a word stands at all, for values and dotted keys.
fn word(text: &str, word: &str) -> Option<Span> {
    text.find(word).map(|at| Span::new(at, at + word.len()))
}
