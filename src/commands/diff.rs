//! `dbctl diff`: what differs between two schemas, and the SQL that turns one into the other.

use clap::Args;

use super::rename::{self, Side};
use super::source::{self, Loaded, Look, ScopeArgs};
use super::written::{self, Wanted};
use super::{Cx, lint, new};
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, Source, script};
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Migration;
use crate::project::Project;
use crate::report::{self, Detail, Verdict};
use crate::terminal::Format;
use crate::text::count;

/// Flags of `dbctl diff`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
A source is one of migrations, migrations@VERSION, local, remote, target:NAME, url:URL, file:PATH, snapshot:PATH,
command:NAME, empty;
a PATH is relative to the folder that dbctl is started in, or to DIR of -C DIR.

  dbctl diff                                   what was tried by hand on the local database
  dbctl diff --write \"add orders\"              the same as a migration with its way back
  dbctl diff --from remote --to migrations     what the remote lacks
  dbctl diff --from migrations --to file:schema --format sql
  dbctl diff --from migrations --to remote --check        whether the remote has drifted
  dbctl diff --to file:schema --online         the SQL that keeps nobody waiting: for tables with many rows
  dbctl diff --to file:schema --no-drop        the SQL that loses nothing, and a list of what stays for that")]
pub struct DiffArgs {
    /// The schema to begin with [default: migrations]
    #[arg(long, value_name = "SOURCE")]
    pub from: Option<String>,
    /// The schema to come to [default: `[diff] schema`, or local]
    #[arg(long, value_name = "SOURCE")]
    pub to: Option<String>,
    /// Write it as a migration of this name, with what takes it back; several where one transaction cannot hold it
    #[arg(long, value_name = "NAME", value_parser = new::some_words)]
    pub write: Option<String>,
    /// Do not run the SQL on a shadow copy to see that it does what it should
    #[arg(long)]
    pub no_verify: bool,
    /// Say only what differs, without the SQL, and end with exit code 1 where something does
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
    let said = |word: &Option<String>| word.as_deref().map(source::parse).transpose();
    let (from, to) = (said(&args.from)?, said(&args.to)?);
    let project = cx.project()?;
    let from = from.unwrap_or(Source::Migrations(None));
    let to = to.or_else(|| source::wanted(cx, &project)).unwrap_or(Source::Local);
    let scope = args.scope.scope(&project);
    let options = Options { owners: args.owners, online: args.online, no_drop: args.no_drop, ..Options::default() };
    let look = Look { scope: &scope, census: !args.no_verify };
    let (before, after) =
        source::until_interrupted(cx, &project, Box::pin(source::load_both(cx, &project, (&from, &to), look))).await?;
    args.scope.check(cx, &[&before.catalog, &after.catalog])?;
    let sides = (Side { source: &from, loaded: &before }, Side { source: &to, loaded: &after });
    lacking(cx, &project, args, (&from, &to), &after)?;
    let settled = Box::pin(rename::settle(cx, &project, sides, &args.renames, &scope, options)).await?;
    let plan = settled.plan(&before.catalog, &after.catalog, options);
    let format = cx.terminal.options().format;
    let detail = match &args.write {
        Some(_) => Detail::Hazards,
        None if args.check => Detail::Summary,
        None => Detail::Full,
    };
    // What nobody is shown needs no proof.
    let verify = !args.no_verify && !plan.steps.is_empty();
    let mut proof = None;
    if !args.no_verify && (plan.steps.is_empty() || detail != Detail::Summary || format != Format::Human) {
        let proving = source::prove(cx, &project, (&before, &after), &plan, &scope, options);
        let proved = source::until_interrupted(cx, &project, Box::pin(proving)).await?;
        proved.say(cx);
        proof = Some(proved.verdict());
    }
    let is_refuted = proof.as_ref().is_some_and(Verdict::is_refuted);
    let mut answer = report::Diff::new((&from, settled.begun(&before.catalog)), (&to, &after.catalog), &plan, options);
    if let Some(name) = args.write.as_ref().filter(|_| !plan.steps.is_empty()) {
        let (way, states) = ((&from, &to), (&before, &after));
        let wanted = Wanted { name, plan: &plan, settled: &settled, way, states, scope: &scope, options, verify };
        answer.written = written::write(cx, &project, &wanted).await?;
    }
    answer.proof = proof;
    answer.detail = detail;
    answer.next = next(args, &answer, (&from, &to)).map(str::to_owned);
    if let Some(next) = &mut answer.next {
        let stops = lint::stops(cx, &project, answer.written.iter().map(|file| file.up.as_str()))?;
        if stops > 0 {
            let findings = count(stops, "finding");
            next.push_str(&format!(
                "\nIt would stop at {findings} of lint: `dbctl lint --pending --fix` mends what it can."
            ));
        }
    }
    let shown = if format == Format::Sql {
        for file in &answer.written {
            cx.terminal.note(&format!("wrote `{}`", file.up));
        }
        cx.terminal.print(&script(&plan))
    } else {
        cx.terminal.answer(&answer)
    };
    // Whoever reads may have read enough; the exit code still tells what was found.
    shown.or_else(|error| if error.is_closed() { Ok(()) } else { Err(error) })?;
    // A plan that its own trial refutes must not go on its way as if it were good.
    let is_wrong = is_refuted && (args.check || !plan.steps.is_empty());
    let has_drifted = args.check && !(plan.is_empty() && plan.kept.is_empty());
    Ok(if is_wrong || has_drifted { Exit::No } else { Exit::Ok })
}

/// Says, or refuses to write, what a database only lacks because migrations have still to run there.
fn lacking(
    cx: &Cx,
    project: &Project,
    args: &DiffArgs,
    (from, to): (&Source, &Source),
    after: &Loaded,
) -> Result<(), Failure> {
    let (Source::Migrations(None), Some(applied)) = (from, &after.applied) else { return Ok(()) };
    let set = cx.migrations(project)?;
    let pending: Vec<&Migration> =
        set.migrations.iter().filter(|migration| !applied.contains(&migration.version.key())).collect();
    let Some(first) = pending.first() else { return Ok(()) };
    let title = format!(
        "`{to}` lacks {} that the folder has, the first is `{}_{}`",
        count(pending.len(), "migration"),
        first.version,
        first.name
    );
    let is_refused = args.write.is_some();
    let diagnostic = if is_refused {
        Diagnostic::error("diff/pending", title)
            .note("nothing was written: the migration would take away what they make")
    } else {
        Diagnostic::warning("diff/pending", title).note("what they make differs, as if it had been taken away there")
    };
    let run = if *to == Source::Local { "dbctl migrate --local" } else { "dbctl migrate" };
    let diagnostic = diagnostic
        .help(format!("run them first: `{run}`"))
        .help("or begin at what is applied there: `--from migrations@VERSION`");
    if is_refused {
        return Err(Failure::new(Exit::Refused, diagnostic));
    }
    cx.terminal.diagnostic(&diagnostic);
    Ok(())
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
