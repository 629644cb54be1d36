//! Which database a command works on, how it is reached, and what holds there.

use camino::Utf8Path;
use clap::Args;
use secrecy::SecretString;

use super::{Cx, local};
use crate::db::{ConnectOptions, Endpoint, Session, Timeouts};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;
use crate::project::config::{Platform, TargetConfig};
use crate::text::did_you_mean;

/// The target that `--remote` means.
const REMOTE: &str = "remote";

/// Where the remote's URL is looked for when `[targets.remote]` does not say.
const REMOTE_VARIABLES: [&str; 2] = ["DBCTL_REMOTE_URL", "DATABASE_URL"];

const LOCAL_LOCK_TIMEOUT: &str = "3s";
const REMOTE_LOCK_TIMEOUT: &str = "5s";

/// Flags that choose a database.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Database")]
pub struct TargetArgs {
    /// The local database: the managed server, or the one that `[local] url` or --url names
    #[arg(long, conflicts_with_all = ["remote", "target"])]
    pub local: bool,
    /// The remote database: `[targets.remote]`, or `DBCTL_REMOTE_URL`, `DATABASE_URL` or `PG*` variables
    #[arg(long, conflicts_with_all = ["target", "url"])]
    pub remote: bool,
    /// The database that `[targets.NAME]` configures
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    pub target: Option<String>,
    /// A database by its URL; prefer a variable, a command line can be seen by others
    #[arg(long, value_name = "URL", hide_env_values = true)]
    pub url: Option<String>,
}

/// Flags of how statements are run and how long is waited.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Waiting")]
pub struct WaitArgs {
    /// How long to wait for another runner [default: 60s]
    #[arg(long, value_name = "TIME")]
    pub lock_wait: Option<String>,
    /// PostgreSQL's `lock_timeout` of every migration [default: 3s locally, 5s remotely]
    #[arg(long, value_name = "TIME")]
    pub lock_timeout: Option<String>,
    /// PostgreSQL's `statement_timeout` of every migration [default: the server's]
    #[arg(long, value_name = "TIME")]
    pub statement_timeout: Option<String>,
}

impl WaitArgs {
    /// The timeouts of a target, with those of the flags in their place.
    pub fn over(&self, timeouts: Timeouts) -> Timeouts {
        Timeouts {
            lock: self.lock_timeout.clone().unwrap_or(timeouts.lock),
            statement: self.statement_timeout.clone().or(timeouts.statement),
        }
    }
}

/// Which database is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The local database.
    Local,
    /// A named target.
    Named(String),
    /// One given by its URL.
    Url,
}

impl TargetArgs {
    /// What the flags say; none where they say nothing.
    pub fn choice(&self) -> Option<Choice> {
        match self {
            Self { local: true, .. } => Some(Choice::Local),
            Self { remote: true, .. } => Some(Choice::Named(REMOTE.to_owned())),
            Self { target: Some(name), .. } if name == "local" => Some(Choice::Local),
            Self { target: Some(name), .. } => Some(Choice::Named(name.clone())),
            Self { url: Some(_), .. } => Some(Choice::Url),
            _ => None,
        }
    }

    /// What the flags say; the remote where they say nothing.
    pub fn choice_or_remote(&self) -> Choice {
        self.choice().unwrap_or_else(|| Choice::Named(REMOTE.to_owned()))
    }
}

/// A database that was chosen.
pub struct Chosen {
    /// What the user calls it.
    pub name: String,
    /// Whether it is the local database: no gate, no question, and a green run opens the gate for others.
    pub local: bool,
    /// How it is reached.
    pub endpoint: Endpoint,
    /// Timeouts of runs there.
    pub timeouts: Timeouts,
    /// Whether it is to look like a hosted Supabase project: the managed server of such a project.
    pub supabase: bool,
}

/// Finds a database; the managed local server is started where it does not run.
pub fn choose(cx: &Cx, project: &Project, args: &TargetArgs, choice: &Choice) -> Result<Chosen, Failure> {
    let chosen = find(cx, project, args, choice)?;
    for warning in chosen.endpoint.warnings() {
        cx.terminal.warning(warning);
    }
    Ok(chosen)
}

fn find(cx: &Cx, project: &Project, args: &TargetArgs, choice: &Choice) -> Result<Chosen, Failure> {
    let env = |name: &str| project.env.get(name);
    let apply = &project.config.apply;
    match choice {
        Choice::Local => {
            let config = &project.config.local;
            let url = local::url(cx, project, args)?;
            let managed = url.is_none();
            let endpoint = match url {
                Some(url) => Endpoint::from_url(&url, &env)?,
                None => local::endpoint(&local::start_server(cx, project)?),
            };
            let here = endpoint.is_local();
            if !here {
                cx.terminal.warning(&format!(
                    "the local database is on another machine ({}): treated as a remote one, and the gate stays closed",
                    endpoint.describe()
                ));
            }
            Ok(Chosen {
                name: "local".to_owned(),
                local: here,
                endpoint,
                timeouts: Timeouts {
                    lock: config
                        .lock_timeout
                        .clone()
                        .or_else(|| apply.lock_timeout.clone())
                        .unwrap_or_else(|| LOCAL_LOCK_TIMEOUT.to_owned()),
                    statement: config.statement_timeout.clone().or_else(|| apply.statement_timeout.clone()),
                },
                supabase: managed && project.platform() == Platform::Supabase,
            })
        }
        Choice::Named(name) => {
            let config = configured(project, name)?;
            let endpoint = remote_endpoint(cx, project, name, &config)?;
            Ok(Chosen {
                name: name.clone(),
                local: false,
                endpoint,
                timeouts: remote_timeouts(project, &config),
                supabase: false,
            })
        }
        Choice::Url => {
            let url = SecretString::from(args.url.clone().unwrap_or_default());
            let endpoint = Endpoint::from_url(&url, &env)?;
            let timeouts = remote_timeouts(project, &TargetConfig::default());
            Ok(Chosen { name: "url".to_owned(), local: false, endpoint, timeouts, supabase: false })
        }
    }
}

/// Whether a remote is configured at all, so that `status` knows whether to ask one.
pub fn has_remote(project: &Project) -> bool {
    project.config.targets.get(REMOTE).is_some_and(|config| {
        config.url.is_some() || config.url_env.as_deref().is_some_and(|name| project.env.get(name).is_some())
    }) || REMOTE_VARIABLES.iter().any(|name| project.env.get(name).is_some())
        || project.env.get("PGHOST").is_some()
}

fn configured(project: &Project, name: &str) -> Result<TargetConfig, Failure> {
    match project.config.targets.get(name) {
        Some(config) => Ok(config.clone()),
        None if name == REMOTE => Ok(TargetConfig::default()),
        None => {
            let known = project.config.targets.keys().map(String::as_str);
            let mut diagnostic = Diagnostic::error("config/unknown-target", format!("there is no target `{name}`"))
                .note("nothing was changed");
            diagnostic = match did_you_mean(name, known.clone()) {
                Some(near) => diagnostic.help(format!("did you mean `--target {near}`?")),
                None => diagnostic.help(format!("add it to dbctl.toml: `[targets.{name}]` with `url_env = \"…\"`")),
            };
            let known: Vec<_> = known.map(|known| format!("`{known}`")).collect();
            if !known.is_empty() {
                diagnostic = diagnostic.note(format!("dbctl.toml configures {}", known.join(", ")));
            }
            Err(Failure::new(Exit::Project, diagnostic))
        }
    }
}

fn remote_timeouts(project: &Project, config: &TargetConfig) -> Timeouts {
    let apply = &project.config.apply;
    Timeouts {
        lock: config
            .lock_timeout
            .clone()
            .or_else(|| apply.lock_timeout.clone())
            .unwrap_or_else(|| REMOTE_LOCK_TIMEOUT.to_owned()),
        statement: config.statement_timeout.clone().or_else(|| apply.statement_timeout.clone()),
    }
}

fn remote_endpoint(cx: &Cx, project: &Project, name: &str, config: &TargetConfig) -> Result<Endpoint, Failure> {
    // What dbctl.toml says of TLS stands in for the PG* variables, which win.
    let env = |variable: &str| {
        project.env.get(variable).or_else(|| match variable {
            "PGSSLMODE" => config.sslmode.clone(),
            "PGSSLROOTCERT" => config.sslrootcert.as_ref().map(|path| root_certificate(&project.root, path)),
            _ => None,
        })
    };
    if let Some(variable) = &config.url_env {
        is_variable(variable, &format!("targets.{name}"))?;
    }
    let url = match (&config.url_env, &config.url) {
        (Some(variable), _) => Some((project.env.get(variable), variable.clone())),
        (None, Some(url)) => {
            refuse_password(url, &format!("targets.{name}"))?;
            Some((Some(url.clone()), "dbctl.toml".to_owned()))
        }
        (None, None) => REMOTE_VARIABLES
            .iter()
            .find_map(|variable| project.env.get(variable).map(|url| (Some(url), (*variable).to_owned())))
            .filter(|_| name == REMOTE),
    };
    match url {
        Some((Some(url), place)) => {
            cx.terminal.verbose(1, &format!("target `{name}`: from {place}"));
            Ok(Endpoint::from_url(&SecretString::from(url), &env)?)
        }
        Some((None, variable)) => {
            let diagnostic = Diagnostic::error(
                "config/target-variable-unset",
                format!("target `{name}` reads its URL from `{variable}`, which is not set"),
            )
            .note("the environment, .env.local and .env were looked at; nothing was changed")
            .help(format!(
                "set it for this run: `{variable}=postgresql://USER:PASSWORD@HOST:5432/DATABASE dbctl …`, or in .env"
            ));
            let failure = Failure::new(Exit::Project, diagnostic);
            Err(match project.env.get("PGHOST") {
                Some(_) => failure.help(format!(
                    "or take `url_env` out of `[targets.{name}]`: without it and DATABASE_URL the PG* variables count"
                )),
                None => failure,
            })
        }
        None if name == REMOTE && project.env.get("PGHOST").is_some() => {
            cx.terminal.verbose(1, "target `remote`: from PG* variables");
            Ok(Endpoint::from_env(&env)?)
        }
        None => {
            let diagnostic = Diagnostic::error("config/no-remote", format!("target `{name}` has no URL"))
                .note("nothing was changed")
                .help(format!(
                    "set DATABASE_URL (in the environment or .env), or add `[targets.{name}]` with `url_env = \"…\"` to dbctl.toml"
                ))
                .help("for the local database add `--local`");
            Err(Failure::new(Exit::Project, diagnostic))
        }
    }
}

/// A file named in dbctl.toml is meant relative to it; `system` is a word of libpq.
fn root_certificate(root: &Utf8Path, path: &Utf8Path) -> String {
    if path == "system" { path.to_string() } else { root.join(path).to_string() }
}

/// `url_env` names a variable; what does not look like one may be the URL itself, so it is not repeated.
fn is_variable(variable: &str, table: &str) -> Result<(), Failure> {
    let starts = variable.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && variable.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    let title = format!("`[{table}] url_env` in dbctl.toml is not the name of a variable");
    let diagnostic = Diagnostic::error("config/not-a-variable", title).note("nothing was changed").help(
        "write the name there, `url_env = \"DATABASE_URL\"`, and the URL into .env: `DATABASE_URL=postgresql://…`",
    );
    Err(Failure::new(Exit::Project, diagnostic))
}

/// A password has no place in a file that is committed.
pub fn refuse_password(url: &str, table: &str) -> Result<(), Failure> {
    if !Endpoint::holds_password(url) {
        return Ok(());
    }
    let diagnostic =
        Diagnostic::error("config/password-in-file", format!("`[{table}] url` in dbctl.toml holds a password"))
            .note("dbctl.toml is made to be committed; nothing was changed")
            .help(format!("move the URL to .env and write `url_env = \"NAME\"` under `[{table}]`"));
    Err(Failure::new(Exit::Project, diagnostic))
}

/// Opens a session; a missing password is asked for where there is somebody to ask.
pub async fn open(cx: &Cx, chosen: &mut Chosen, command: &str, read_only: bool) -> Result<Session, Failure> {
    let options = ConnectOptions { application_name: format!("dbctl {command}"), read_only };
    let session = match Session::open(&chosen.endpoint, &options).await {
        Err(error) if error.wants_password() && cx.terminal.options().interactive => {
            let question = format!("Password for {}", chosen.endpoint.describe());
            let Some(password) = cx.terminal.password(&question) else { return Err(error.into()) };
            chosen.endpoint = chosen.endpoint.with_password(SecretString::from(password));
            Session::open(&chosen.endpoint, &options).await.map_err(not_opened)
        }
        opened => opened.map_err(not_opened),
    }?;
    // What only reads does not need the platform either.
    if chosen.supabase && !read_only && local::give_platform(cx, &session).await? {
        return Session::open(&chosen.endpoint, &options).await.map_err(not_opened);
    }
    Ok(session)
}

fn not_opened(error: crate::db::Error) -> Failure {
    Failure::from(error).note("nothing was changed")
}
