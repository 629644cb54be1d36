//! `dbctl snapshot`: a schema saved as a file, to be compared with later.

use camino::Utf8PathBuf;
use clap::Args;

use super::Cx;
use super::source::{self, Look, ScopeArgs};
use crate::error::{Failure, bug};
use crate::exit::Exit;
use crate::project::scaffold;

/// Flags of `dbctl snapshot`.
#[derive(Debug, Clone, Args)]
#[command(after_help = source::HELP)]
pub struct SnapshotArgs {
    /// The schema that is saved
    #[arg(value_name = "SOURCE", default_value = "migrations")]
    pub source: String,
    /// The file; stdout where nothing is said. Relative to the folder that dbctl is started in, or to DIR of -C DIR
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<Utf8PathBuf>,
    /// Which objects.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &SnapshotArgs) -> Result<Exit, Failure> {
    let source = source::parse(&args.source)?;
    let project = cx.project()?;
    let look = Look { scope: &args.scope.scope(&project), census: false };
    let loaded =
        source::until_interrupted(cx, &project, Box::pin(source::load_one(cx, &project, &source, look))).await?;
    let catalog = loaded.catalog;
    args.scope.check(cx, &[&catalog])?;
    let text = catalog.to_json().map_err(|error| bug("a catalog could not be written as JSON", &error))?;
    match &args.output {
        None => cx.terminal.print(&text)?,
        Some(path) => {
            let path = cx.path(path);
            scaffold::write_file(&path, &text)?;
            let objects = crate::text::count(catalog.entries.len(), "object");
            cx.terminal.note(&format!("saved {objects} of `{source}` in `{path}`"));
        }
    }
    Ok(Exit::Ok)
}
