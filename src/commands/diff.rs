//! `dbctl diff`: what differs between two schemas, and the SQL that turns one into the other.

use clap::Args;

use super::Cx;
use super::rename::{self, Side};
use super::source::{self, Proof, ScopeArgs};
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, script};
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
    /// Do not run the SQL on a shadow copy to see that it does what it should
    #[arg(long)]
    pub no_verify: bool,
    /// End with exit code 1 where something differs
    #[arg(long)]
    pub check: bool,
    /// Rename instead of removing and making anew; may be said several times
    #[arg(
        long = "rename",
        value_name = "OLD=NEW",
        long_help = "\
Rename instead of removing and making anew; may be said several times:
public.users=public.people, public.users.name=full_name (a column), public.status.'old'='new' (a value of an enum),
'public.f(integer)=g', 'policy public.users.mine=own'"
    )]
    pub renames: Vec<String>,
    /// Compare who owns the objects too; otherwise each keeps its owner
    #[arg(long)]
    pub owners: bool,
    /// Which objects.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &DiffArgs) -> Result<Exit, Failure> {
    let (from, to) = (source::parse(&args.from)?, source::parse(&args.to)?);
    let project = cx.project()?;
    let scope = args.scope.scope();
    let options = Options { owners: args.owners };
    let before = source::load(cx, &project, &from, &scope).await?;
    let after = source::load(cx, &project, &to, &scope).await?;
    let sides = (Side { source: &from, loaded: &before }, Side { source: &to, loaded: &after });
    let settled = rename::settle(cx, &project, sides, &args.renames, &scope, options).await?;
    let plan = settled.plan(&before.catalog, &after.catalog, options);
    if !args.no_verify && !plan.steps.is_empty() {
        let proof = source::prove(cx, &project, (&before, &after.catalog), &plan.steps, &scope, options).await?;
        say(cx, &proof);
    }
    if args.sql {
        cx.terminal.print(&script(&plan))?;
    } else {
        cx.terminal.answer(&report::Diff::new(&from, &to, &plan))?;
    }
    Ok(if args.check && !plan.is_empty() { Exit::No } else { Exit::Ok })
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
