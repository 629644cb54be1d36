//! Schemas from wherever the command line says: replayed migrations, databases, files.

mod command;
mod copy;
mod database;
mod files;
mod proof;
mod rehearsal;
mod replay;
mod version;

pub use copy::Copy;
pub use files::sources;
pub use proof::prove;
pub use rehearsal::{Rehearsal, Rehearsed, rehearse};
pub use replay::{kept, open};
pub use replay::{own_server, shadow_at, trial_hashes};

use std::collections::BTreeSet;
use std::time::Duration;

use clap::Args;
use futures_util::future::join;

use super::Cx;
use crate::catalog::scope::{idle_patterns, unknown_schemas};
use crate::catalog::{Catalog, Census, Id, Scope, snapshot::SnapshotError};
use crate::db::catalog::{read, read_with_census};
use crate::db::{Session, Shadow, Shadows};
use crate::diagnostic::Diagnostic;
use crate::diff::Source;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;
use crate::text::did_you_mean;

/// What a source is, for the help of the commands that read one.
pub const HELP: &str = "\
A SOURCE is one of
  migrations            the folder replayed on a shadow database; migrations@VERSION: up to that one
  local, remote         the databases of the project; target:NAME: one that dbctl.toml names
  url:postgres://…      any database; reading leaves no trace
  file:PATH             a file with SQL, or a folder of them in any order
  snapshot:PATH         what `dbctl snapshot` has saved
  command:NAME          SQL that a command prints: dbctl.toml has `[commands] NAME = \"npx drizzle-kit export\"`
  empty                 nothing; where the platform is Supabase, what a hosted project begins with
A PATH is relative to the folder that dbctl is started in, or to DIR of -C DIR.";

/// Flags that say which objects are looked at.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Objects")]
pub struct ScopeArgs {
    /// Only this schema; may be said several times. Counts in place of `[diff] schemas`
    #[arg(long = "schema", value_name = "SCHEMA")]
    pub schemas: Vec<String>,
    /// Leave out a schema or an object (`schema.name`, `*` for any letters but in double quotes); may be said several
    /// times. Counts beside `[diff] exclude`
    #[arg(long, value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Look at the schemas of a hosted platform too: auth, storage, realtime and their kin
    #[arg(long)]
    pub managed_schemas: bool,
}

impl ScopeArgs {
    /// What is looked at, with what the project says.
    pub fn scope(&self, project: &Project) -> Scope {
        let said = &project.config.diff;
        let schemas = if self.schemas.is_empty() { &said.schemas.0 } else { &self.schemas };
        let exclude = said.exclude.0.iter().chain(&self.exclude).cloned().collect();
        Scope { schemas: schemas.clone(), exclude, managed: self.managed_schemas }
    }

    /// Refuses a schema that none of the sources has, and says which patterns leave out nothing. What the project says may
    /// be about what is there only at times.
    pub fn check(&self, cx: &Cx, catalogs: &[&Catalog]) -> Result<(), Failure> {
        let (unknown, there) = unknown_schemas(&self.schemas, catalogs);
        if let Some(word) = unknown.first().filter(|_| !there.is_empty()) {
            let named = there.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let diagnostic = Diagnostic::error("diff/unknown-schema", format!("there is no schema `{word}`"))
                .note(format!("schemas that are there: {named}"));
            let diagnostic = match did_you_mean(word, there) {
                Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
                None => diagnostic,
            };
            return Err(Failure::new(Exit::Usage, diagnostic));
        }
        for pattern in idle_patterns(&self.exclude, catalogs) {
            cx.terminal.warning(&format!("`--exclude {pattern}` leaves out nothing: no object is called so"));
        }
        Ok(())
    }
}

/// Reads a word of the command line; a word that is none is wrong usage.
pub fn parse(word: &str) -> Result<Source, Failure> {
    word.parse().map_err(|error: crate::diff::UnknownSource| {
        let diagnostic = Diagnostic::error("diff/unknown-source", error.to_string())
            .note("nothing was read")
            .help("`dbctl diff --help` shows what each means");
        Failure::new(Exit::Usage, diagnostic)
    })
}

/// The declarative schema that the project says it is to come to: a path beside dbctl.toml, or another source.
pub fn wanted(cx: &Cx, project: &Project) -> Option<Source> {
    let said = project.config.diff.schema.as_ref()?;
    let path = match said.parse() {
        Ok(Source::File(path)) => path,
        Ok(source) => return Some(source),
        Err(_) => said.clone(),
    };
    let is_here = cx.directory().canonicalize_utf8().is_ok_and(|here| here == project.root);
    Some(Source::File(if is_here { path } else { project.root.join(path).into_string() }))
}

/// The schema of a source.
pub struct Loaded {
    /// What is in it.
    pub catalog: Catalog,
    /// The database on the shadow server that holds it, to be copied; none where it lies elsewhere.
    pub kept: Option<String>,
    /// What its system catalogs hold; none where nobody asked, or nobody can know.
    pub census: Option<Census>,
    /// The migrations that are applied in it, by refinery's version; none where it keeps no history.
    pub applied: Option<BTreeSet<i64>>,
}

impl From<Catalog> for Loaded {
    fn from(catalog: Catalog) -> Self {
        Self { catalog, kept: None, census: None, applied: None }
    }
}

impl Loaded {
    /// Nothing, on the server of another schema: a new database has a schema already.
    fn or_new(self, other: &Catalog) -> Self {
        if self.catalog.version > 0 {
            return self;
        }
        Self { catalog: Catalog::of_new_database(other), ..self }
    }
}

/// What is looked at in a database.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Which objects.
    pub scope: &'a Scope,
    /// Whether the system catalogs are read too, without the model.
    pub census: bool,
}

impl Look<'_> {
    /// Looks at a database, in one snapshot.
    async fn at(self, session: &Session) -> Result<Loaded, Failure> {
        let is_inside = |id: &Id| self.scope.contains(id);
        if !self.census {
            return Ok(read(session, is_inside).await?.into());
        }
        let (catalog, census) = read_with_census(session, is_inside).await?;
        // A server that has no answer to this leaves one proof fewer, and the schema as it was read.
        let census = census.inspect_err(|error| tracing::warn!("the system catalogs were not read: {error}")).ok();
        Ok(Loaded { catalog, kept: None, census, applied: None })
    }
}

/// Reads the schemas of two sources at the same time.
pub async fn load_both(
    cx: &Cx,
    project: &Project,
    (from, to): (&Source, &Source),
    look: Look<'_>,
) -> Result<(Loaded, Loaded), Failure> {
    // Each waits for the other also where one fails, so that both put away what they have made.
    let (before, after) = join(Box::pin(load(cx, project, from, look)), Box::pin(load(cx, project, to, look))).await;
    let (mut before, mut after) = (before?, after?);
    if *from == Source::Empty {
        before = before.or_new(&after.catalog);
    }
    if *to == Source::Empty {
        after = after.or_new(&before.catalog);
    }
    unknown(cx, &[(from, &before.catalog), (to, &after.catalog)]);
    Box::pin(version::level(cx, project, (from, &mut before), (to, &mut after), look.scope)).await?;
    Ok((before, after))
}

/// Reads the schema of a source, and says what of it no object stands for.
pub async fn load_one(cx: &Cx, project: &Project, source: &Source, look: Look<'_>) -> Result<Loaded, Failure> {
    let loaded = Box::pin(load(cx, project, source, look)).await?;
    unknown(cx, &[(source, &loaded.catalog)]);
    Ok(loaded)
}

async fn load(cx: &Cx, project: &Project, source: &Source, look: Look<'_>) -> Result<Loaded, Failure> {
    match source {
        Source::Empty => replay::empty(cx, project, look).await,
        Source::Snapshot(path) => snapshot(cx, path, look.scope).map(Loaded::from),
        Source::Local | Source::Target(_) | Source::Url(_) => database::load(cx, project, source, look).await,
        Source::Migrations(version) => replay::migrations(cx, project, version.as_deref(), look).await,
        Source::File(path) => files::load(cx, project, &cx.path(path), look).await,
        Source::Command(name) => command::load(cx, project, name, look).await,
    }
}

/// A shadow of its own with what a source holds, on which anything may be tried; whoever gets it drops it.
pub async fn shadow_of(cx: &Cx, project: &Project, loaded: &Loaded) -> Result<(Shadows, Shadow), Failure> {
    let shadows = open(cx, project).await?;
    let shadow = match &loaded.kept {
        Some(kept) => shadows.create(Some(kept)).await?,
        None => replay::fresh(cx, project, &shadows).await?,
    };
    Ok((shadows, shadow))
}

/// Does what works with shadows, and takes them away where Ctrl-C ends it.
pub async fn until_interrupted<T>(
    cx: &Cx,
    project: &Project,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let signal = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        // A replay leaves by itself, and puts away what it has made.
        tokio::time::sleep(LEAVE).await;
    };
    tokio::select! {
        done = work => return done,
        () = signal => {}
    }
    // The connections are gone with the work, and with them the makers of its shadows: those who look next drop them.
    tokio::time::sleep(LEAVE).await;
    if let Err(failure) = open(cx, project).await {
        tracing::warn!("the shadows of this run stay until the next one: {failure:?}");
    }
    Err(interrupted())
}

/// Ctrl-C.
pub fn interrupted() -> Failure {
    let diagnostic = Diagnostic::error("shadow/interrupted", "interrupted")
        .note("what the run had made was dropped, and no other database was touched");
    Failure::new(Exit::Interrupted, diagnostic)
}

/// How long a replay may take to leave by itself, and the server to see that a connection is gone.
const LEAVE: Duration = Duration::from_millis(400);

/// Says what sources have that no object stands for; what both have in the same words is no difference and is not said.
fn unknown(cx: &Cx, sources: &[(&Source, &Catalog)]) {
    let shared = |what: &String| sources.len() > 1 && sources.iter().all(|(_, it)| it.unknown.contains(what));
    for (source, catalog) in sources {
        let unknown: Vec<&String> = catalog.unknown.iter().filter(|it| !shared(it)).collect();
        if unknown.is_empty() {
            continue;
        }
        let named: Vec<&str> = unknown.iter().take(SAID).map(|it| it.as_str()).collect();
        let more = unknown.len().saturating_sub(SAID);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let title = format!("`{source}` has what is neither compared nor written here: {}{more}", named.join(", "));
        cx.terminal.warning(&title);
    }
}

/// How many things that are not covered are named.
const SAID: usize = 8;

fn snapshot(cx: &Cx, path: &str, scope: &Scope) -> Result<Catalog, Failure> {
    let text = fs_err::read_to_string(cx.path(path))
        .map_err(|source| crate::project::Error::Read { path: path.into(), source })?;
    let mut catalog = Catalog::from_json(&text).map_err(|error| {
        let help = match error {
            SnapshotError::Format(_) => "take it again: `dbctl snapshot SOURCE -o FILE`",
            SnapshotError::Shape(_) => "a snapshot is what `dbctl snapshot SOURCE -o FILE` writes",
        };
        let diagnostic = Diagnostic::error("diff/snapshot", format!("`{path}` cannot be read: {error}"))
            .note("nothing was compared")
            .help(help);
        Failure::new(Exit::Project, diagnostic)
    })?;
    catalog.leave_out(|id| scope.contains(id));
    Ok(catalog)
}
