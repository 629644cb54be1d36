//! `dbctl diff`: what differs between two schemas, and the SQL that turns one into the other.

use clap::Args;

use super::source::{self, ScopeArgs};
use super::Cx;
use crate::diff::{plan, script};
use crate::error::Failure;
use crate::exit::Exit;
use crate::report;

/// Flags of `dbctl diff`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
A source is one of migrations, migrations@VERSION, local, remote, target:NAME, url:URL, file:PATH, snapshot:PATH, empty.

  dbctl diff                                   what was tried by hand on the local database
  dbctl diff --from remote --to migrations     what the remote lacks
  dbctl diff --from migrations --to file:schema --sql")]
pub struct DiffArgs {
    /// The schema to begin with
    #[arg(long, value_name = "SOURCE", default_value = "migrations")]
    pub from: String,
    /// The schema to come to
    #[arg(long, value_name = "SOURCE", default_value = "local")]
    pub to: String,
    /// Print only the SQL
    #[arg(long)]
    pub sql: bool,
    /// End with exit code 1 where something differs
    #[arg(long)]
    pub check: bool,
    /// Which objects.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &DiffArgs) -> Result<Exit, Failure> {
    let (from, to) = (source::parse(&args.from)?, source::parse(&args.to)?);
    let project = cx.project()?;
    let scope = args.scope.scope();
    let before = source::load(cx, &project, &from, &scope).await?;
    let after = source::load(cx, &project, &to, &scope).await?;
    let plan = plan(&before, &after);
    if args.sql {
        cx.terminal.print(&script(&plan))?;
    } else {
        cx.terminal.answer(&report::Diff::new(&from, &to, &plan))?;
    }
    Ok(if args.check && !plan.fates.is_empty() { Exit::No } else { Exit::Ok })
}
