//! The local database: the managed server with the platform's shim, or the one that a URL names.

use secrecy::SecretString;

use super::Cx;
use super::target::{TargetArgs, refuse_password};
use crate::db::{ConnectOptions, Endpoint, Session};
use crate::error::Failure;
use crate::project::config::Platform;
use crate::project::{Project, platform};
use crate::report::Target;
use crate::server::{self, Durability, Progress, Running, ServerSettings, Started};

/// The database of the managed server.
pub const DATABASE: &str = "postgres";

/// The URL that stands in for the managed server: `--url` with `--local`, `[local] url`, or `DBCTL_LOCAL_URL`.
pub fn url(cx: &Cx, project: &Project, args: &TargetArgs) -> Result<Option<SecretString>, Failure> {
    let config = &project.config.local;
    let said = |place: &str| cx.terminal.verbose(1, &format!("local database: from {place}"));
    if let Some(url) = &args.url {
        said("--url");
        return Ok(Some(SecretString::from(url.clone())));
    }
    for variable in ["DBCTL_LOCAL_URL"].into_iter().chain(config.url_env.as_deref()) {
        if let Some(url) = project.env.get(variable) {
            said(variable);
            return Ok(Some(SecretString::from(url)));
        }
    }
    if let Some(url) = &config.url {
        refuse_password(url, "local")?;
        said("dbctl.toml");
        return Ok(Some(SecretString::from(url.clone())));
    }
    Ok(None)
}

/// The settings of the project's managed server.
pub fn settings(project: &Project) -> ServerSettings {
    let path = |name: &str| project.env.get(name).map(|path| project.root.join(path));
    ServerSettings {
        project_dir: project.root.clone(),
        state_dir: project.root.join(crate::state::NAME),
        pinned: project.config.local.postgres.as_ref().map(|path| project.root.join(path)),
        archive: path("DBCTL_PG_ARCHIVE"),
        cache_dir: path("DBCTL_CACHE_DIR"),
        hide_system: project.env.get("DBCTL_LOCAL_ENGINE").as_deref() == Some("bundle"),
        settings: Vec::new(),
        durability: Durability::Durable,
    }
}

/// Whether there is no local database yet: nothing to ask, and nothing to start only to find it empty.
pub fn is_absent(cx: &Cx, project: &Project, args: &TargetArgs) -> Result<bool, Failure> {
    Ok(url(cx, project, args)?.is_none() && matches!(server::status(&settings(project))?, server::Status::Absent))
}

/// What is said of a local database that does not exist yet.
pub fn absent() -> Target {
    Target {
        name: "local".to_owned(),
        host: "not started".to_owned(),
        database: DATABASE.to_owned(),
        user: "postgres".to_owned(),
        server_version: String::new(),
        local: true,
        fingerprint: String::new(),
    }
}

/// Starts the managed server where it does not run and gives the project's database its platform.
pub async fn start(cx: &Cx, project: &Project) -> Result<Endpoint, Failure> {
    let running = start_server(cx, project)?;
    let endpoint = endpoint(&running);
    prepare(cx, project, &endpoint).await?;
    Ok(endpoint)
}

/// Starts the server alone.
pub fn start_server(cx: &Cx, project: &Project) -> Result<Running, Failure> {
    crate::state::StateDir::create(project.root.as_std_path())?;
    let mut wait = None;
    let running = server::start(&settings(project), &mut |progress| match progress {
        Progress::Looked(_) | Progress::Chosen(_) => cx.terminal.verbose(1, &progress.to_string()),
        Progress::PinIgnored { .. } | Progress::LeftOver { .. } => cx.terminal.warning(&progress.to_string()),
        Progress::Fetching { .. } | Progress::WaitingForOther | Progress::Restarting => {
            cx.terminal.note(&progress.to_string());
        }
        _ => wait = Some(cx.terminal.wait(&progress.to_string())),
    })?;
    drop(wait);
    match running.started {
        Started::AlreadyRunning => {}
        Started::Started | Started::Initialised => {
            cx.terminal
                .note(&format!("started the local PostgreSQL {} on port {}", running.engine.version, running.port));
        }
    }
    cx.terminal.verbose(1, &format!("local server: {}, data in {}", running.engine, running.data_dir));
    Ok(running)
}

/// The way to the project's database on its managed server: the private socket.
pub fn endpoint(running: &Running) -> Endpoint {
    Endpoint::unix(running.socket_dir.as_std_path(), running.port, &running.user, DATABASE)
}

/// Gives the database the platform's roles, schemas and functions, once, in one transaction.
///
/// A comment on the database marks what it has, so that the mark goes with the database and a run that was killed
/// in between begins anew.
pub async fn prepare(cx: &Cx, project: &Project, endpoint: &Endpoint) -> Result<(), Failure> {
    if project.platform() != Platform::Supabase {
        return Ok(());
    }
    let options = ConnectOptions { application_name: "dbctl platform".to_owned(), read_only: false };
    let session = Session::open(endpoint, &options).await?;
    give_platform(cx, &session).await.map(drop)
}

/// Gives the platform on a session of one's own; says whether that was needed. The database's search path, which
/// belongs to the platform, holds for sessions that are opened after it.
pub async fn give_platform(cx: &Cx, session: &Session) -> Result<bool, Failure> {
    let mark = platform::mark();
    let rows = session.rows(platform::READ_MARK).await?;
    if rows.first().and_then(|row| row.get(0)) == Some(mark.as_str()) {
        return Ok(false);
    }
    let wait = cx.terminal.wait("giving the local database the shape of a Supabase project");
    let available = session.rows("select name from pg_catalog.pg_available_extensions order by name").await?;
    let available: Vec<&str> = available.iter().filter_map(|row| row.get(0)).collect();
    session.batch(&platform::script(&available, &mark)).await?;
    drop(wait);
    Ok(true)
}
