//! `dbctl.toml`: what the project says about itself. Unknown keys are warnings with a suggestion, wrong values errors.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::Error;
use super::lint::{LintConfig, Words};
use crate::diagnostic::Diagnostic;
use crate::migration::SameVersion;
use crate::report::verify::Require;
use crate::risk::Level;
use crate::text::{Source, Span, did_you_mean};

/// The file's name.
pub const FILE_NAME: &str = "dbctl.toml";

/// Every key that `dbctl.toml` knows, for suggestions.
const KNOWN_KEYS: &[&str] = &[
    "project",
    "migrations",
    "same_version",
    "local",
    "url",
    "url_env",
    "postgres",
    "platform",
    "stub_extensions",
    "shadow",
    "diff",
    "schemas",
    "exclude",
    "schema",
    "commands",
    "targets",
    "sslmode",
    "sslrootcert",
    "gate",
    "require",
    "apply",
    "lock_timeout",
    "statement_timeout",
    "lock_wait",
    "max_risk",
    "allow",
    "lint",
    "rls",
    "user_column",
    "user_table",
    "roles",
    "role",
    "claims",
    "settings",
    "pg_version",
    "profile",
    "exposed_schemas",
    "api_roles",
    "tenant_column",
    "tenant_table",
    "tenant_exempt",
    "timeouts_set",
    "in_transaction",
    "idempotency",
    "fail_on",
    "on_migrate",
    "after",
    "baseline",
    "naming",
    "rules",
    "overrides",
    "paths",
    "level",
    "options",
];

/// The whole file; every part has a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `[project]`.
    pub project: ProjectConfig,
    /// `[local]`: the local database.
    pub local: LocalConfig,
    /// `[shadow]`: the server for shadow databases.
    pub shadow: ShadowConfig,
    /// `[diff]`: where `diff` leads to, and which objects `diff`, `dump` and `snapshot` look at.
    pub diff: DiffConfig,
    /// `[commands]`: commands that print SQL, by the names under which they are sources of a schema.
    pub commands: BTreeMap<String, String>,
    /// `[targets.NAME]`: named databases; `remote` is the one that `--remote` means.
    pub targets: BTreeMap<String, TargetConfig>,
    /// `[apply]`: how migrations are run, everywhere.
    pub apply: ApplyConfig,
    /// `[gate]`: what has to be proved of a migration before it runs anywhere but locally.
    pub gate: GateConfig,
    /// `[rls]`: tenants, users and roles of `dbctl test rls`.
    pub rls: RlsConfig,
    /// `[lint]`; a project without it lints only where it is told to.
    pub lint: Option<LintConfig>,
    /// `[lint]` with every name checked.
    #[serde(skip)]
    pub linter: crate::lint::Config,
}

/// `[project]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProjectConfig {
    /// The migrations folder, relative to the file.
    pub migrations: Option<Utf8PathBuf>,
    /// What is done where several migrations have one version.
    pub same_version: SameVersion,
}

/// The platform whose roles, schemas and functions the local database gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Nothing but PostgreSQL.
    Postgres,
    /// What a hosted Supabase project has.
    Supabase,
}

/// `[local]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LocalConfig {
    /// A database to use in place of the managed server.
    pub url: Option<String>,
    /// The name of the variable that holds such a URL.
    pub url_env: Option<String>,
    /// A PostgreSQL installation for the managed server: its root or its `bin` folder.
    pub postgres: Option<Utf8PathBuf>,
    /// The platform; found from the project's folders where it is not said.
    pub platform: Option<Platform>,
    /// Extensions that are replaced by dbctl's stubs where the local server lacks them.
    pub stub_extensions: Vec<String>,
    /// `lock_timeout` of local runs, such as `3s`.
    pub lock_timeout: Option<String>,
    /// `statement_timeout` of local runs.
    pub statement_timeout: Option<String>,
}

/// `[shadow]`: the server on which databases are made to try something, and dropped again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ShadowConfig {
    /// A database on it, in place of the managed local server.
    pub url: Option<String>,
    /// The name of the variable that holds such a URL.
    pub url_env: Option<String>,
}

/// `[diff]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DiffConfig {
    /// The declarative schema that `dbctl diff` leads to where nothing else is said: a file or a folder, relative to the
    /// file, or another source such as `command:NAME`.
    pub schema: Option<String>,
    /// Only these schemas; all where none is said.
    pub schemas: Words,
    /// Schemas and objects (`schema.name`) that are left out; `*` stands for any letters.
    pub exclude: Words,
}

/// `[rls]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RlsConfig {
    /// The schemas whose tables clients reach; `[lint] exposed_schemas` where it is not said.
    pub schemas: Words,
    /// The column that names the tenant.
    pub tenant_column: Option<String>,
    /// The table of tenants.
    pub tenant_table: Option<String>,
    /// The column that names the user.
    pub user_column: Option<String>,
    /// The table of users.
    pub user_table: Option<String>,
    /// `[rls.roles.NAME]`: who `anon`, `user`, `admin` and `service_role` are.
    pub roles: BTreeMap<String, RlsRoleConfig>,
}

/// `[rls.roles.NAME]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RlsRoleConfig {
    /// The role of the server.
    pub role: Option<String>,
    /// Claims of the token by path; `{user}`, `{tenant}` and `{email}` stand for those of whoever asks.
    pub claims: BTreeMap<String, String>,
    /// Settings of the session, with the same words.
    pub settings: BTreeMap<String, String>,
}

/// `[targets.NAME]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetConfig {
    /// The name of the variable that holds the URL.
    pub url_env: Option<String>,
    /// A URL without a password.
    pub url: Option<String>,
    /// `sslmode`, where the URL does not say.
    pub sslmode: Option<String>,
    /// `sslrootcert`, where the URL does not say; relative to the file.
    pub sslrootcert: Option<Utf8PathBuf>,
    /// `lock_timeout` of runs there, such as `5s`.
    pub lock_timeout: Option<String>,
    /// `statement_timeout` of runs there.
    pub statement_timeout: Option<String>,
}

/// `[apply]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ApplyConfig {
    /// `lock_timeout` where the target does not say.
    pub lock_timeout: Option<String>,
    /// `statement_timeout` where the target does not say.
    pub statement_timeout: Option<String>,
    /// How long a runner waits for another one, such as `60s`.
    pub lock_wait: Option<String>,
    /// The highest level of risk that is run without approval on a database that is not the local one.
    pub max_risk: Option<Level>,
    /// What is approved by name, such as `drop-column:public.users.old`.
    pub allow: Words,
}

/// `[gate]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GateConfig {
    /// What `dbctl verify` must have proved: `applies`, `idempotent`, `reversible`.
    pub require: Vec<Require>,
}

impl Config {
    /// Reads a file; gives the warnings about unknown keys along.
    pub fn read(path: &Utf8Path) -> Result<(Self, Vec<Diagnostic>), Error> {
        let text = fs_err::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(&Source::new(path.file_name().unwrap_or(FILE_NAME), text))
    }

    /// Parses a text.
    pub fn parse(source: &Source) -> Result<(Self, Vec<Diagnostic>), Error> {
        let fail = |error: &toml::de::Error| Error::Config {
            source_text: source.clone(),
            span: error.span().map(|span| Span::new(span.start, span.end)),
            message: in_words(error.message()),
        };
        let mut warnings = Vec::new();
        let document = toml::Deserializer::parse(source.text()).map_err(|error| fail(&error))?;
        let mut config: Self = serde_ignored::deserialize(document, |path| {
            // An optional table stands as a `?` in the path.
            warnings.push(unknown_key(source, &path.to_string().replace(".?", "")));
        })
        .map_err(|error| fail(&error))?;
        if let Some(lint) = &config.lint {
            config.linter = lint.resolve(source)?;
        }
        Ok((config, warnings))
    }
}

/// What the reader says of a value, in the words of whoever wrote it.
fn in_words(message: &str) -> String {
    if let Some((word, wanted)) = unknown_word(message) {
        return match did_you_mean(word, wanted.split('`').skip(1).step_by(2)) {
            Some(near) => format!("there is no `{word}`; did you mean `{near}`?"),
            None => format!("there is no `{word}`, expected {wanted}"),
        };
    }
    let Some((found, wanted)) = message.split_once(", expected ") else { return message.to_owned() };
    let wanted = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "a boolean" => "true or false",
        "a string" | "path string" => "a text",
        "a sequence" => "a list",
        "a map" => "a table",
        wanted if wanted.starts_with("struct ") => "a table",
        wanted => wanted,
    };
    format!("{found}, expected {wanted}")
}

/// A word that is none of those that a key takes, and these: ``unknown variant `x`, expected `a` or `b` ``.
fn unknown_word(message: &str) -> Option<(&str, &str)> {
    message.strip_prefix("unknown variant `")?.split_once("`, expected ")
}

/// The warning about a key that dbctl does not know.
fn unknown_key(source: &Source, path: &str) -> Diagnostic {
    let key = path.rsplit('.').next().unwrap_or(path);
    let mut warning = Diagnostic::warning("config/unknown-key", format!("unknown key `{path}` in {}", source.name()))
        .note("the key was ignored");
    if let Some(span) = find_key(source.text(), key) {
        warning = warning.at(source, span, "");
    }
    if let Some(known) = did_you_mean(key, KNOWN_KEYS.iter().copied()) {
        warning = warning.help(format!("did you mean `{known}`?"));
    }
    warning
}

/// Where a key stands: at the beginning of a line or in a table header.
pub(super) fn find_key(text: &str, key: &str) -> Option<Span> {
    text.match_indices(key).map(|(at, _)| Span::new(at, at + key.len())).find(|span| {
        let before = text[..span.start].rsplit('\n').next().unwrap_or("").trim_start();
        let after = text[span.end..].trim_start_matches([' ', '\t', '"']);
        (before.is_empty() || before == "\"" || before.starts_with('[')) && after.starts_with(['=', ']', '.'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warns_of_an_unknown_key_with_a_suggestion() {
        let source = Source::new("dbctl.toml", "[local]\nplatfrom = \"supabase\"\n");
        let (config, warnings) = Config::parse(&source).unwrap();
        assert_eq!(config.local.platform, None);
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].helps, ["did you mean `platform`?"]);
        assert_eq!(source.position(warnings[0].labels[0].span.start).line, 2);
    }

    #[test]
    fn names_an_unknown_key_by_its_whole_path() {
        let source = Source::new("dbctl.toml", "[lint]\nprofil = []\n");
        let (_, warnings) = Config::parse(&source).unwrap();
        assert_eq!(warnings[0].title, "unknown key `lint.profil` in dbctl.toml");
        assert_eq!(warnings[0].helps, ["did you mean `profile`?"]);
    }

    #[test]
    fn a_word_that_is_none_is_told_the_nearest_one() {
        let said = |text: &str| match Config::parse(&Source::new("dbctl.toml", text)) {
            Err(Error::Config { message, .. }) => message,
            _ => String::new(),
        };
        assert_eq!(said("[local]\nplatform = \"postgers\"\n"), "there is no `postgers`; did you mean `postgres`?");
        assert_eq!(said("[local]\nplatform = \"oracle\"\n"), "there is no `oracle`, expected `postgres` or `supabase`");
        assert_eq!(said("[lint]\nidempotency = \"atomc\"\n"), "there is no `atomc`; did you mean `atomic`?");
    }

    #[test]
    fn names_the_place_of_a_wrong_value() {
        let source = Source::new("dbctl.toml", "[local]\nplatform = \"oracle\"\n");
        let Err(Error::Config { span: Some(span), .. }) = Config::parse(&source) else { panic!("it was accepted") };
        assert_eq!(source.position(span.start).line, 2);
    }
}
