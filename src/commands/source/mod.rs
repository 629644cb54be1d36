//! Schemas from wherever the command line says: replayed migrations, databases, files.

mod copy;
mod database;
mod proof;
mod replay;

pub use copy::Copy;
pub use proof::{Proof, prove};
pub use replay::sources;

use camino::Utf8Path;
use clap::Args;

use super::Cx;
use crate::catalog::{Catalog, Scope, snapshot::SnapshotError};
use crate::diagnostic::Diagnostic;
use crate::diff::Source;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;

/// What a source is, for the help of the commands that read one.
pub const HELP: &str = "\
A SOURCE is one of
  migrations            the folder replayed on a shadow database; migrations@VERSION: up to that one
  local, remote         the databases of the project; target:NAME: one that dbctl.toml names
  url:postgres://…      any database; reading leaves no trace
  file:PATH             a file with SQL, or a folder of them in any order
  snapshot:PATH         what `dbctl snapshot` has saved
  empty                 nothing";

/// Flags that say which objects are looked at.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Objects")]
pub struct ScopeArgs {
    /// Only this schema; may be said several times
    #[arg(long = "schema", value_name = "SCHEMA")]
    pub schemas: Vec<String>,
    /// Leave out a schema or an object (`schema.name`, `*` for any letters); may be said several times
    #[arg(long, value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Look at the schemas of a hosted platform too: auth, storage, realtime and their kin
    #[arg(long)]
    pub managed_schemas: bool,
}

impl ScopeArgs {
    /// What is looked at.
    pub fn scope(&self) -> Scope {
        Scope { schemas: self.schemas.clone(), exclude: self.exclude.clone(), managed: self.managed_schemas }
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

/// The schema of a source.
pub struct Loaded {
    /// What is in it.
    pub catalog: Catalog,
    /// The database on the shadow server that holds it, to be copied; none where it lies elsewhere.
    pub kept: Option<String>,
}

impl From<Catalog> for Loaded {
    fn from(catalog: Catalog) -> Self {
        Self { catalog, kept: None }
    }
}

/// Reads the schema of a source.
pub async fn load(cx: &Cx, project: &Project, source: &Source, scope: &Scope) -> Result<Loaded, Failure> {
    match source {
        Source::Empty => Ok(Catalog::default().into()),
        Source::Snapshot(path) => snapshot(project, path.as_str().into(), scope).map(Loaded::from),
        Source::Local | Source::Target(_) | Source::Url(_) => {
            database::load(cx, project, source, scope).await.map(Loaded::from)
        }
        Source::Migrations(version) => replay::migrations(cx, project, version.as_deref(), scope).await,
        Source::File(path) => replay::file(cx, project, path.as_str().into(), scope).await,
    }
}

fn snapshot(project: &Project, path: &Utf8Path, scope: &Scope) -> Result<Catalog, Failure> {
    let text = fs_err::read_to_string(path)
        .map_err(|source| crate::project::Error::Read { path: project.root.join(path), source })?;
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
    catalog.entries.retain(|id, _| scope.contains(id));
    Ok(catalog)
}
