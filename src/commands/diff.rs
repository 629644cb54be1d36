//! `dbctl diff`: what differs between two schemas, and the SQL that turns one into the other.

use clap::Args;

use super::source::{self, Proof, ScopeArgs};
use super::written::{self, Wanted};
use super::{Cx, new};
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, Source, plan, script};
use crate::error::Failure;
use crate::exit::Exit;
use crate::report::{self, Detail};
use crate::terminal::Format;

/// Flags of `dbctl diff`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
A source is one of migrations, migrations@VERSION, local, remote, target:NAME, url:URL, file:PATH, snapshot:PATH, empty;
a PATH is relative to the folder that dbctl is started in, or to DIR of -C DIR.

  dbctl diff                                   what was tried by hand on the local database
  dbctl diff --write \"add orders\"              the same as a migration with its way back
  dbctl diff --from remote --to migrations     what the remote lacks
  dbctl diff --from migrations --to file:schema --format sql
  dbctl diff --from migrations --to remote --check        whether the remote has drifted")]
pub struct DiffArgs {
    /// The schema to begin with
    #[arg(long, value_name = "SOURCE", default_value = "migrations")]
    pub from: String,
    /// The schema to come to
    #[arg(long, value_name = "SOURCE", default_value = "local")]
    pub to: String,
    /// Write it as a migration of this name, with what takes it back; several where one transaction cannot hold it
    #[arg(long, value_name = "NAME", value_parser = new::some_words)]
    pub write: Option<String>,
    /// Do not run the SQL on a shadow copy to see that it does what it should
    #[arg(long)]
    pub no_verify: bool,
    /// Say only what differs, without the SQL, and end with exit code 1 where something does
    #[arg(long)]
    pub check: bool,
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
    let scope = args.scope.scope(&project);
    let options = Options { owners: args.owners };
    let before = source::load(cx, &project, &from, &scope).await?;
    let after = source::load(cx, &project, &to, &scope).await?;
    let plan = plan(&before.catalog, &after.catalog, options);
    let format = cx.terminal.options().format;
    let detail = match &args.write {
        Some(_) => Detail::Hazards,
        None if args.check => Detail::Summary,
        None => Detail::Full,
    };
    // What nobody is shown needs no proof.
    let verify = !args.no_verify && !plan.steps.is_empty();
    if verify && (detail != Detail::Summary || format != Format::Human) {
        let proof = source::prove(cx, &project, (&before, &after.catalog), &plan.steps, &scope, options).await?;
        say(cx, &proof);
    }
    let mut answer = report::Diff::new((&from, &before.catalog), (&to, &after.catalog), &plan, options);
    if let Some(name) = args.write.as_ref().filter(|_| !plan.steps.is_empty()) {
        let (way, states) = ((&from, &to), (&before, &after));
        let wanted = Wanted { name, plan: &plan, way, states, scope: &scope, options, verify };
        answer.written = written::write(cx, &project, &wanted).await?;
    }
    answer.detail = detail;
    answer.next = next(args, &answer, (&from, &to)).map(str::to_owned);
    if format == Format::Sql {
        cx.terminal.print(&script(&plan))?;
        for file in &answer.written {
            cx.terminal.note(&format!("wrote `{}`", file.up));
        }
    } else {
        cx.terminal.answer(&answer)?;
    }
    Ok(if args.check && !plan.fates.is_empty() { Exit::No } else { Exit::Ok })
}

/// What can be done next.
fn next(args: &DiffArgs, answer: &report::Diff, (from, to): (&Source, &Source)) -> Option<&'static str> {
    Some(match args.write {
        Some(_) if answer.written.is_empty() => "Nothing was written.",
        _ if answer.objects.is_empty() => return None,
        Some(_) if *to == Source::Local => {
            "Next: read it. The local database has it already: `dbctl db reset`, then `dbctl migrate --local`, makes it anew."
        }
        Some(_) => "Next: read it, then `dbctl migrate --local`.",
        None if args.check => "Next: the same without `--check` shows the SQL.",
        None if *from == Source::Migrations(None) => "Next: the same with `--write NAME` makes it a migration.",
        None => "Next: the same with `--format sql` prints only the SQL.",
    })
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
