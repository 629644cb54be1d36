//! `[lint]` of `dbctl.toml`, and the same for single rules, checked: an unknown rule or option is an error with a suggestion.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Deserialize;

use super::Error;
pub use super::lint_words::{LevelWord, RuleTable, Words};
use crate::lint::rules::{self, RULES};
use crate::lint::{Config, Group, Idempotency, OptionValue, Override, Preset, Profile, Rule, RuleConfig};
use crate::text::{Source, Span, did_you_mean};

/// `[lint]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LintConfig {
    /// The server's major version, 14 to 18.
    pub pg_version: Option<u32>,
    /// Which profiles are on: one or several of `postgres`, `supabase`, `conventions`.
    pub profile: Option<Words>,
    /// Schemas that clients reach through the API.
    pub exposed_schemas: Option<Words>,
    /// Roles that clients of the API have.
    pub api_roles: Option<Words>,
    /// The column that names the tenant.
    pub tenant_column: Option<String>,
    /// The table of tenants.
    pub tenant_table: Option<String>,
    /// Tables without the tenant column.
    pub tenant_exempt: Words,
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

/// How idempotency is meant.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdempotencyWord {
    /// The script can run again.
    Rerun,
    /// A failed run leaves nothing.
    Atomic,
}

/// `[[lint.overrides]]`.
#[derive(Debug, Clone, Deserialize)]
pub struct OverrideTable {
    /// Patterns of paths.
    pub paths: Words,
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
        if let Some(words) = &self.profile {
            config.profiles.clear();
            for word in &words.0 {
                let known = Profile::parse(word).ok_or_else(|| {
                    let names = Profile::ALL.map(Profile::word);
                    fail(word, unknown("profile", word, names.into_iter()))
                })?;
                config.profiles.insert(known);
            }
            // Every database is a PostgreSQL database.
            config.profiles.insert(Profile::Postgres);
        }
        set(&mut config.exposed_schemas, self.exposed_schemas.as_ref().map(|it| &it.0));
        set(&mut config.api_roles, self.api_roles.as_ref().map(|it| &it.0));
        set(&mut config.tenant_column, self.tenant_column.as_ref());
        set(&mut config.tenant_table, self.tenant_table.as_ref());
        config.tenant_exempt.clone_from(&self.tenant_exempt.0);
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
            for pattern in &over.paths.0 {
                if let Some(fault) = glob_fault(pattern) {
                    return Err(fail(pattern, format!("the pattern `{pattern}` {fault}")));
                }
            }
            config.overrides.push(Override { paths: over.paths.0.clone(), rules: resolve_rules(&over.rules, &fail)? });
        }
        Ok(config)
    }
}

/// What is wrong with a pattern of paths.
fn glob_fault(pattern: &str) -> Option<&'static str> {
    if pattern.is_empty() {
        return Some("matches nothing");
    }
    pattern.contains(['[', ']', '{', '}', '!', '\\']).then_some(
        "has signs that mean nothing here: `*`, `**` and `?` stand for letters, and folders are parted by `/`",
    )
}

/// What an unknown option of a rule is told, with those that it has.
fn unknown_option(rule: &Rule, name: &str) -> String {
    let known: Vec<&str> = rule.options.iter().map(|option| option.name).chain(["level"]).collect();
    let said = format!("rule `{}` has no option `{name}`", rule.id);
    match did_you_mean(name, known.iter().copied()) {
        Some(near) => format!("{said}; did you mean `{near}`?"),
        None if known.len() == 1 => format!("{said}, and no other: only `level` can be set"),
        None => format!("{said}; it has `{}`", known.join("`, `")),
    }
}

/// What an unknown rule is told: that it is a word for several rules, or the nearest known one.
pub fn unknown_rule(id: &str) -> String {
    let kind = if Group::ALL.iter().any(|group| group.word() == id) {
        "group"
    } else if Profile::parse(id).is_some() {
        "profile"
    } else {
        return unknown("rule", id, RULES.iter().map(|rule| rule.id));
    };
    format!("`{id}` is a {kind} of rules: name them one by one, `dbctl rules {id}` lists them")
}

/// What a word that stands for no rules is told.
pub fn unknown_rules(word: &str) -> String {
    let groups = Group::ALL.iter().map(|group| group.word()).chain(Profile::ALL.iter().map(|profile| profile.word()));
    unknown("rule, group or profile", word, RULES.iter().map(|rule| rule.id).chain(groups))
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
    let RuleTable { level, options } = table;
    let mut config = RuleConfig { level: level.map(LevelWord::level), options: BTreeMap::new() };
    for (name, value) in options {
        let Some(preset) = rule.preset(name) else { return Err(fail(name, unknown_option(rule, name))) };
        let value = option_value(preset, value).ok_or_else(|| {
            let wanted = match preset {
                Preset::Flag(_) => "true or false",
                Preset::Number(_) => "a whole number",
                Preset::Text(_) => "a text",
                Preset::List(_) => "a list of texts",
            };
            fail(name, format!("option `{name}` of rule `{}` wants {wanted}", rule.id))
        })?;
        config.options.insert(name.clone(), value);
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

#[cfg(test)]
mod tests {
    use crate::project::Error;
    use crate::project::config::Config;
    use crate::text::Source;

    /// The configuration of lint, or what is wrong with it.
    fn read(text: &str) -> Result<crate::lint::Config, String> {
        match Config::parse(&Source::new("dbctl.toml", format!("[lint]\n{text}"))) {
            Ok((config, _)) => Ok(config.linter),
            Err(Error::Config { message, .. }) => Err(message),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_text_is_a_list_of_one() {
        let one = "profile = \"supabase\"\nexposed_schemas = \"api\"\napi_roles = \"web\"\ntenant_exempt = \"plans\"\n\
                   [[lint.overrides]]\npaths = \"old/*\"\nrules = { audit-columns = { columns = \"at\" } }\n";
        let more = one.replace("= \"", "= [\"").replace("\"\n", "\"]\n").replace("\" }", "\"] }");
        assert_eq!(read(one), read(&more));
        assert_eq!(read(one).unwrap().exposed_schemas, ["api"]);
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        for (text, words) in [
            (
                "rules = { fk-index = \"loud\" }",
                "there is no level `loud`; known are `error`, `warning`, `info` and `off`",
            ),
            ("[lint.rules.fk-index]\nlevel = \"loud\"", "there is no level `loud`"),
            ("rules = { fk-index = 3 }", "expected a level or a table with `level` and options"),
            ("profile = 3", "expected a text or a list of texts"),
            ("pg_version = \"15\"", "expected a whole number"),
            ("timeouts_set = \"no\"", "expected true or false"),
            ("rules = { fk-index = { bogus = 1 } }", "rule `fk-index` has no option `bogus`"),
            ("rules = { audit-columns = { colums = \"a\" } }", "did you mean `columns`?"),
            ("[[lint.overrides]]\npaths = [\"[bad\"]", "the pattern `[bad` has signs that mean nothing here"),
            ("[[lint.overrides]]\npaths = [\"\"]", "the pattern `` matches nothing"),
            ("rules = { idempotency = \"off\" }", "`idempotency` is a group of rules"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
