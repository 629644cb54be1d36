//! `dbctl dump`: a schema as SQL that makes it again, in an order that does not change by itself.

use clap::Args;

use super::Cx;
use super::source::{self, Look, ScopeArgs};
use crate::catalog::Catalog;
use crate::diff::{Options, Source, plan, script};
use crate::error::Failure;
use crate::exit::Exit;
use crate::report::Dump;
use crate::terminal::Format;

/// Flags of `dbctl dump`.
#[derive(Debug, Clone, Args)]
#[command(after_help = source::HELP)]
pub struct DumpArgs {
    /// The schema that is printed
    #[arg(value_name = "SOURCE", default_value = "migrations")]
    pub source: String,
    /// Say who owns the objects too
    #[arg(long)]
    pub owners: bool,
    /// Which objects.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &DumpArgs) -> Result<Exit, Failure> {
    let source: Source = source::parse(&args.source)?;
    let project = cx.project()?;
    let look = Look { scope: &args.scope.scope(&project), census: false };
    let loaded =
        source::until_interrupted(cx, &project, Box::pin(source::load_one(cx, &project, &source, look))).await?;
    let catalog = loaded.catalog;
    args.scope.check(cx, &[&catalog])?;
    // A schema on a platform is made again on one.
    let nothing =
        source::until_interrupted(cx, &project, Box::pin(source::load_one(cx, &project, &Source::Empty, look)));
    let nothing = nothing.await?.catalog;
    let nothing = if nothing.version > 0 { nothing } else { Catalog::of_new_database(&catalog) };
    let empty = Catalog { version: catalog.version, user: catalog.user.clone(), ..nothing };
    let sql = script(&plan(&empty, &catalog, Options { owners: args.owners, ..Options::default() }));
    match cx.terminal.options().format {
        Format::Json | Format::Jsonl => {
            cx.terminal.json(&Dump { format: "dbctl/dump/v1", source: source.to_string(), sql })?;
        }
        _ => cx.terminal.print(&sql)?,
    }
    Ok(Exit::Ok)
}
