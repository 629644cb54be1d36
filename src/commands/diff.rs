//! `dbctl diff`: what differs between two schemas, and the SQL that turns one into the other.

use clap::Args;

use super::Cx;
use super::source::{self, Proof, ScopeArgs};
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, plan, script};
use crate::error::Failure;
use crate::exit::Exit;
use crate::report;

/// Flags of `dbctl diff`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
A source is one of migrations, migrations@VERSION, local, remote, target:NAME, url:URL, file:PATH, snapshot:PATH, empty.

  dbctl diff                                   what was tried by hand on the local database
  dbctl diff --from remote --to migrations     what the remote lacks
  dbctl diff --from migrations --to file:schema --sql
  dbctl diff --to file:schema --online         the SQL that keeps nobody waiting: for tables with many rows
  dbctl diff --to file:schema --no-drop        the SQL that loses nothing, and a list of what stays for that")]
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
    /// Do not run the SQL on a shadow copy to see that it does what it should
    #[arg(long)]
    pub no_verify: bool,
    /// End with exit code 1 where something differs
    #[arg(long)]
    pub check: bool,
    /// Compare who owns the objects too; otherwise each keeps its owner
    #[arg(long)]
    pub owners: bool,
    /// Keep nobody waiting for longer than a moment: indexes are built concurrently, constraints are validated after they
    /// were added. It takes more statements, some of them outside a transaction
    #[arg(long)]
    pub online: bool,
    /// Lose no data: what would be dropped with its rows or values stays, and is listed
    #[arg(long)]
    pub no_drop: bool,
    /// Which objects.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &DiffArgs) -> Result<Exit, Failure> {
    let (from, to) = (source::parse(&args.from)?, source::parse(&args.to)?);
    let project = cx.project()?;
    let scope = args.scope.scope();
    let options = Options { owners: args.owners, online: args.online, no_drop: args.no_drop };
    let before = source::load(cx, &project, &from, &scope).await?;
    let after = source::load(cx, &project, &to, &scope).await?;
    let plan = plan(&before.catalog, &after.catalog, options);
    let target = plan.target(&after.catalog);
    if !args.no_verify && !plan.steps.is_empty() {
        let proof = source::prove(cx, &project, (&before, target), &plan.steps, &scope, options).await?;
        say(cx, &proof);
    }
    if args.sql {
        cx.terminal.print(&script(&plan))?;
    } else {
        cx.terminal.answer(&report::Diff::new(&from, &to, &plan))?;
    }
    Ok(if args.check && !(plan.fates.is_empty() && plan.kept.is_empty()) { Exit::No } else { Exit::Ok })
}

/// Says what the proof has shown, where that is not what it should be.
fn say(cx: &Cx, proof: &Proof) {
    let incomplete = |cause: String| {
        Diagnostic::warning(
            "diff/incomplete",
            "the plan is not complete: run on a shadow copy it leaves another schema",
        )
        .caused_by(cause)
        .note("no other database was touched")
        .help("read the SQL with care, and correct it by hand")
    };
    let diagnostic = match proof {
        Proof::Holds => return cx.terminal.verbose(1, "the SQL was run on a shadow copy, and leaves what it should"),
        Proof::Differs(objects) => incomplete(format!("these differ afterwards: {}", objects.join(", "))),
        Proof::Fails(sql, said) => incomplete(format!("`{sql}` fails: {said}")),
        Proof::NoBeginning(why) => Diagnostic::warning(
            "diff/not-proved",
            "the SQL could not be tried: its beginning cannot be made on a shadow database",
        )
        .caused_by(why.clone())
        .note("no other database was touched")
        .help("try the SQL on a copy of the database first"),
    };
    cx.terminal.diagnostic(&diagnostic);
}
