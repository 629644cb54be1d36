//! `dbctl db`: the managed local PostgreSQL server.

use std::fmt::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::target::TargetArgs;
use super::{Cx, local};
use crate::db::{ConnectOptions, Session};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;
use crate::server::{self, Progress, Running, Status, StopMode};
use crate::terminal::{Answer, Format};
use crate::text::quote_ident;

/// What to do with the server.
#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Start it where it does not run
    Start,
    /// Stop it; the data stay
    Stop(StopArgs),
    /// Say whether it runs, where its data are and which PostgreSQL it is
    Status,
    /// Print the URL of the local database for any client; starts the server
    Url,
    /// Open psql on the local database; starts the server
    Psql(PsqlArgs),
    /// Drop the local database and make an empty one, with the platform's objects
    Reset(SureArgs),
    /// Stop the server and delete its data
    Destroy(SureArgs),
    /// Make the archive of PostgreSQL that `DBCTL_PG_ARCHIVE` and the feature `bundled-pg` take
    Bundle(BundleArgs),
}

/// Flags of `dbctl db psql`.
#[derive(Debug, Args)]
pub struct PsqlArgs {
    /// What psql is given, such as `-c 'select 1'`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// Flags of `dbctl db stop`.
#[derive(Debug, Args)]
pub struct StopArgs {
    /// Do not wait for sessions; the next start recovers
    #[arg(long)]
    pub immediate: bool,
}

/// Flags of what deletes data.
#[derive(Debug, Args)]
pub struct SureArgs {
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// Flags of `dbctl db bundle`.
#[derive(Debug, Args)]
pub struct BundleArgs {
    /// The archive to write
    #[arg(short, long, value_name = "FILE", default_value = "dbctl-postgresql.tar.gz")]
    pub output: Utf8PathBuf,
}

/// How the server stands, `dbctl/db/v1`; never with its password.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    format: &'static str,
    state: &'static str,
    version: Option<String>,
    engine: Option<String>,
    port: Option<u16>,
    socket: Option<String>,
    data: Option<String>,
    log: Option<String>,
    pid: Option<u32>,
}

/// Runs the command.
pub async fn run(cx: &Cx, command: &DbCommand) -> Result<Exit, Failure> {
    let project = cx.project()?;
    if local::url(cx, &project, &TargetArgs::default())?.is_some() {
        cx.terminal
            .note("`db` is about the managed server; `--local` means the database of `[local] url` or DBCTL_LOCAL_URL");
    }
    match command {
        DbCommand::Start => {
            local::start(cx, &project).await?;
            status(cx, &project)
        }
        DbCommand::Stop(args) => stop(cx, &project, args),
        DbCommand::Status => status(cx, &project),
        DbCommand::Url => {
            local::start(cx, &project).await?;
            let url = running(cx, &project)?.url(local::DATABASE);
            if cx.terminal.options().format == Format::Human {
                cx.terminal.print(&url)?;
            } else {
                cx.terminal.json(&serde_json::json!({ "format": "dbctl/db-url/v1", "url": url }))?;
            }
            Ok(Exit::Ok)
        }
        DbCommand::Psql(args) => {
            local::start(cx, &project).await?;
            psql(&running(cx, &project)?, args)
        }
        DbCommand::Reset(args) => reset(cx, &project, args).await,
        DbCommand::Destroy(args) => destroy(cx, &project, args),
        DbCommand::Bundle(args) => bundle(cx, &project, args),
    }
}

fn running(cx: &Cx, project: &Project) -> Result<Running, Failure> {
    local::start_server(cx, project)
}

fn stop(cx: &Cx, project: &Project, args: &StopArgs) -> Result<Exit, Failure> {
    let mode = if args.immediate { StopMode::Immediate } else { StopMode::Fast };
    let was_running = server::stop(&local::settings(project), mode)?;
    say(
        cx,
        if was_running { "Stopped the local server; its data stay." } else { "Nothing to do: no local server runs." },
    )
}

fn say(cx: &Cx, sentence: &str) -> Result<Exit, Failure> {
    if cx.terminal.options().format == Format::Human {
        cx.terminal.print(sentence)?;
    } else {
        cx.terminal.json(&serde_json::json!({ "format": "dbctl/db-done/v1", "message": sentence }))?;
    }
    Ok(Exit::Ok)
}

fn status(cx: &Cx, project: &Project) -> Result<Exit, Failure> {
    let view = view(server::status(&local::settings(project))?);
    if cx.terminal.options().format != Format::Human {
        cx.terminal.json(&view)?;
        return Ok(Exit::Ok);
    }
    let rows = [
        ("version", view.version.clone()),
        ("engine", view.engine.clone()),
        ("data", view.data.clone()),
        ("socket", view.socket.clone()),
        ("port", view.port.map(|port| port.to_string())),
        ("process", view.pid.map(|pid| pid.to_string())),
        ("log", view.log.clone()),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        if let Some(value) = value {
            let _never = writeln!(text, "{name:<8} {value}");
        }
    }
    text.push_str(match view.state {
        "running" => "The local server is running: `dbctl db url` prints its URL.\n",
        "stopped" => "The local server is stopped: `dbctl db start` starts it.\n",
        _ => "There is no local server yet: `dbctl db start` makes one.\n",
    });
    cx.terminal.print(&text)?;
    Ok(Exit::Ok)
}

fn view(status: Status) -> View {
    let format = "dbctl/db/v1";
    match status {
        Status::Absent => View {
            format,
            state: "absent",
            version: None,
            engine: None,
            port: None,
            socket: None,
            data: None,
            log: None,
            pid: None,
        },
        Status::Stopped(stopped) => View {
            format,
            state: "stopped",
            version: Some(stopped.engine.version.clone()),
            engine: Some(stopped.engine.to_string()),
            port: None,
            socket: None,
            data: Some(stopped.data_dir.to_string()),
            log: Some(stopped.log_file.to_string()),
            pid: None,
        },
        Status::Running(running) => View {
            format,
            state: "running",
            version: Some(running.engine.version.clone()),
            engine: Some(running.engine.to_string()),
            port: Some(running.port),
            socket: Some(running.socket_dir.to_string()),
            data: Some(running.data_dir.to_string()),
            log: Some(running.log_file.to_string()),
            pid: Some(running.pid),
        },
    }
}

/// Becomes psql: the engine's own, else the one on PATH.
fn psql(running: &Running, args: &PsqlArgs) -> Result<Exit, Failure> {
    let program = running.engine.program("psql").map_or_else(|| "psql".to_owned(), |path| path.to_string());
    let error = Command::new(&program)
        .args(["-h", running.socket_dir.as_str(), "-p", &running.port.to_string(), "-U", &running.user])
        .args(["-d", local::DATABASE])
        .args(&args.args)
        .exec();
    Err(Failure::new(
        Exit::Project,
        Diagnostic::error("db/no-psql", format!("`{program}` could not be run"))
            .caused_by(error.to_string())
            .note("the local server runs; only the client is missing")
            .help("use any client with the URL that `dbctl db url` prints")
            .help("or install psql: `apt-get install postgresql-client`, `brew install libpq`"),
    ))
}

/// Asks before local data are deleted.
fn sure(cx: &Cx, args: &SureArgs, question: &str) -> Result<bool, Failure> {
    if args.yes {
        return Ok(true);
    }
    match cx.terminal.confirm(question) {
        Ok(answer) => Ok(answer == Answer::Yes),
        Err(_) => Err(Failure::new(
            Exit::Refused,
            Diagnostic::error("confirm/no-terminal", "there is no terminal to ask on, and this deletes local data")
                .note("nothing was changed")
                .help("run the same command with `--yes`"),
        )),
    }
}

async fn reset(cx: &Cx, project: &Project, args: &SureArgs) -> Result<Exit, Failure> {
    if !sure(cx, args, "Drop the local database with all its data and make an empty one?")? {
        return say(cx, "Declined: nothing was changed.");
    }
    let running = running(cx, project)?;
    let endpoint = local::endpoint(&running);
    let options = ConnectOptions { application_name: "dbctl reset".to_owned(), read_only: false };
    let session = Session::open(&endpoint.with_database("template1"), &options).await?;
    let name = quote_ident(local::DATABASE);
    session.batch(&format!("drop database if exists {name} with (force)")).await?;
    session.batch(&format!("create database {name} template template0")).await?;
    local::prepare(cx, project, &endpoint).await?;
    say(cx, "The local database is empty: `dbctl migrate --local` applies everything.")
}

fn destroy(cx: &Cx, project: &Project, args: &SureArgs) -> Result<Exit, Failure> {
    let settings = local::settings(project);
    if matches!(server::status(&settings)?, Status::Absent) {
        return say(cx, "Nothing to do: there is no local server.");
    }
    if !sure(cx, args, "Stop the local server and delete all its data?")? {
        return say(cx, "Declined: nothing was changed.");
    }
    server::destroy(&settings)?;
    say(cx, "The local server and its data are gone; `dbctl migrate --local` makes a new one.")
}

fn bundle(cx: &Cx, project: &Project, args: &BundleArgs) -> Result<Exit, Failure> {
    let output = cx.directory().join(&args.output);
    let mut wait = None;
    let report = server::bundle(&local::settings(project), &output, &mut |progress: Progress| {
        wait = Some(cx.terminal.wait(&progress.to_string()));
    })?;
    drop(wait);
    #[expect(clippy::cast_precision_loss, reason = "a size in megabytes for people")]
    let megabytes = report.size as f64 / 1e6;
    cx.terminal.print(&format!(
        "wrote  {} ({megabytes:.1} MB, {})\nsha256 {}\nUse it offline with `DBCTL_PG_ARCHIVE={}`, or build it in with \
         `DBCTL_PG_ARCHIVE={} cargo build --release --features bundled-pg`.",
        report.path, report.engine, report.sha256, report.path, report.path
    ))?;
    Ok(Exit::Ok)
}
