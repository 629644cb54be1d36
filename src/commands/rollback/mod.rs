//! `dbctl rollback`: takes migrations back by their down files, newest first, and makes what takes them back.

mod bring;
mod collision;
mod decide;
mod document;
mod generate;
mod kept;
mod prepare;
mod rows;
mod tried;
mod way;
mod weigh;

use std::time::Instant;

use camino::Utf8PathBuf;
use clap::Args;

use self::decide::{decide, pick};
pub use self::kept::remark as kept_remark;
use self::prepare::Prepared;
use super::refuse::InDoubt;
use super::running::{self, Beginning, Running};
use super::target::{self, TargetArgs, WaitArgs};
use super::{Cx, gate, interrupt, run_failure, script};
use crate::db::{Engine, Timeouts, ledger};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::{BackSource, BackStep, Outcome, Rollback, RollbackScript, RolledBack, Target};
use crate::state::StateDir;
use crate::terminal::Format;
use crate::text::count;

/// Flags of `dbctl rollback`.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(after_help = "\
Migrations without a down file have a way back too: dbctl takes it from the schemas after and before the migration, and
proves it on a shadow database.

  dbctl rollback --local                      the newest migration, by its down file
  dbctl rollback --generate                   writes the down files that are missing
  dbctl rollback --plan --to 20260301090000 -o back.sql
                                              one script for psql, to be reviewed; changes nothing
  dbctl rollback --keep-data --plan -o back.sql
                                              what is dropped is kept in the schema dbctl_trash
  dbctl rollback --restore                    brings it back, once the migrations are applied again")]
pub struct RollbackArgs {
    /// The migrations whose down files --generate writes [default: all that have none]
    #[arg(value_name = "VERSION", requires = "generate", conflicts_with = "all")]
    pub versions: Vec<String>,
    /// Write the down files that are missing, each proved on a shadow database
    #[arg(long, help_heading = "Down files", conflicts_with_all = ["plan", "to", "number", "restore", "keep_data"])]
    pub generate: bool,
    /// Those of all migrations, where they are missing
    #[arg(long, requires = "generate", help_heading = "Down files")]
    pub all: bool,
    /// Write those anew too that somebody has written
    #[arg(long, requires = "generate", help_heading = "Down files")]
    pub force: bool,
    /// Roll back everything newer than this version, which stays; 0 rolls back everything
    #[arg(long, value_name = "VERSION", conflicts_with = "number")]
    pub to: Option<String>,
    /// Roll back the N migrations that were applied last [default: 1]
    #[arg(short = 'n', long = "number", value_name = "N")]
    pub number: Option<usize>,
    /// Only write the script, and change nothing
    #[arg(long)]
    pub plan: bool,
    /// The file that --plan writes; stdout where it is not given
    #[arg(short, long, value_name = "FILE", requires = "plan")]
    pub output: Option<Utf8PathBuf>,
    /// In the plan, take down files that do not restore the schema all the same
    #[arg(long, requires = "plan")]
    pub prefer_files: bool,
    /// Keep the tables and columns that are dropped, in the schema `dbctl_trash`
    #[arg(long)]
    pub keep_data: bool,
    /// Bring back what --keep-data has kept, of migrations that are applied again; with --plan only print the SQL
    #[arg(long, conflicts_with_all = ["to", "number", "keep_data", "in_doubt", "output", "prefer_files"])]
    pub restore: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// What to do with a statement whose outcome nobody recorded
    #[arg(long, value_enum, value_name = "WHAT")]
    pub in_doubt: Option<InDoubt>,
    /// Which database.
    #[command(flatten)]
    pub target: TargetArgs,
    /// How long to wait.
    #[command(flatten)]
    pub wait: WaitArgs,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &RollbackArgs) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let project = cx.project()?;
    let set = cx.migrations(&project)?;
    if args.generate {
        return generate::run(cx, (&project, &set), args).await;
    }
    let wait = running::lock_wait(&project, args.wait.lock_wait.as_deref())?;
    let choice = args.target.choice_or_remote();
    let mut chosen = target::choose(cx, &project, &args.target, &choice)?;
    let mut session = target::open(cx, &mut chosen, "rollback", args.plan).await?;
    let view = session.target(&chosen.name, chosen.local).await?;
    if args.restore {
        return bring::restore(cx, &session, &view, args.plan, args.yes).await;
    }
    let ledger = ledger::read(&session).await?;
    let is_prepared = args.plan || args.keep_data;
    let Prepared { steps, backs, .. } = if is_prepared {
        let prepared = Box::pin(prepare::prepare(cx, (&project, &set), (&session, &view), &ledger, args)).await?;
        if args.plan {
            let timeouts = args.wait.over(chosen.timeouts);
            return write_plan(cx, args, &prepared, (&ledger, &timeouts), &view);
        }
        prepared.is_sure(&view)?;
        prepared.warn(cx);
        prepared
    } else {
        Prepared::of_files(decide(&set, &ledger, args, &view)?)
    };
    let answer = |outcome, run: Option<String>, rolled_back: Vec<RolledBack>| Rollback {
        format: "dbctl/rollback/v1",
        run,
        target: view.clone(),
        outcome,
        rolled_back,
        script: None,
        restore: None,
        restored: Vec::new(),
        is_restoring: false,
        steps: backs.clone(),
        ms: begun.elapsed().as_secs_f64() * 1e3,
        remarks: Vec::new(),
    };
    if steps.is_empty() {
        cx.terminal.answer(&answer(Outcome::NothingToDo, None, Vec::new()))?;
        return Ok(Exit::Ok);
    }
    let timeouts = args.wait.over(chosen.timeouts);
    show(cx, &steps)?;
    gate::confirm(cx, args.yes, &format!("Roll back {} on", count(steps.len(), "migration")), &view)?;
    let mut signals = interrupt::listen(&cx.terminal);
    running::take_lock(cx, &session, wait, &mut signals).await?;
    let now = ledger::read(&session).await?;
    let now: Vec<i64> = if is_prepared {
        pick(&set, &now, args, &view)?.iter().map(|row| row.key).collect()
    } else {
        decide(&set, &now, args, &view)?.iter().map(|step| step.key).collect()
    };
    if now.into_iter().ne(steps.iter().map(|step| step.key)) {
        return Err(Failure::new(
            Exit::Refused,
            Diagnostic::error("rollback/changed", "another runner changed the history while this one asked or waited")
                .note("nothing was rolled back")
                .help("run the same command again and look at the new list"),
        ));
    }
    let state = StateDir::create(project.root.as_std_path())?;
    let running = begin(cx, (&project, &state), &view, steps.len(), args)?;
    running.recorder.write(|run| run.plan(&answer(Outcome::Done, None, planned(&steps))));
    running.recorder.write(|run| run.rollback_sql(&script::script(&steps, &timeouts, &view)));
    let mut sink = running.sink(&steps);
    let mut engine = Engine::new(&mut session, running.author.clone(), timeouts, signals, &mut sink, true);
    let result = engine.roll_back(&steps).await;
    let done = std::mem::take(&mut engine.done);
    drop(sink);
    let id = running.id.clone();
    running.finish(cx, &result, done.len(), begun.elapsed().as_secs_f64() * 1e3);
    if let Err(error) = result {
        return Err(run_failure::run_error(&error, &steps, &done, &view, &id));
    }
    let rolled_back = steps
        .iter()
        .zip(&done)
        .map(|(step, done)| RolledBack {
            version: step.version.clone(),
            name: step.name.clone(),
            path: step.path.clone(),
            ms: Some(done.ms),
        })
        .collect();
    cx.terminal.answer(&answer(Outcome::Done, Some(id), rolled_back))?;
    Ok(Exit::Ok)
}

fn planned(steps: &[Step]) -> Vec<RolledBack> {
    let view = |step: &Step| RolledBack {
        version: step.version.clone(),
        name: step.name.clone(),
        path: step.path.clone(),
        ms: None,
    };
    steps.iter().map(view).collect()
}

/// Shows the SQL before the question: on stderr, so that stdout keeps one answer.
fn show(cx: &Cx, steps: &[Step]) -> Result<(), Failure> {
    if cx.terminal.options().format != Format::Human || cx.terminal.options().quiet {
        return Ok(());
    }
    for step in steps {
        cx.terminal.show(&format!("-- {} ({})\n{}\n", step.path, step.grouping(), step.sent().trim_end()))?;
    }
    Ok(())
}

/// Begins a run of its own.
fn begin(
    cx: &Cx,
    (project, state): (&Project, &StateDir),
    target: &Target,
    migrations: usize,
    args: &RollbackArgs,
) -> Result<Running, Failure> {
    let allowed = args.in_doubt.map(InDoubt::flag).into_iter().collect();
    Running::begin(
        cx,
        project,
        state,
        Beginning { command: "rollback", target, migrations, gate_skipped: None, allowed },
    )
}

/// Writes the plan: a document with its script, and beside it what brings back what is kept.
fn write_plan(
    cx: &Cx,
    args: &RollbackArgs,
    prepared: &Prepared,
    (ledger, timeouts): (&crate::plan::ledger::Ledger, &Timeouts),
    target: &Target,
) -> Result<Exit, Failure> {
    if prepared.ways.is_empty() {
        cx.terminal.answer(&nothing(target))?;
        return Ok(Exit::Ok);
    }
    let text = prepared.document(ledger, timeouts, target, cx.now()).text();
    let restore = prepared.restore(target);
    let Some(output) = &args.output else {
        if cx.terminal.options().format == Format::Human {
            let restore = restore.map(|it| format!("\n{}", as_comment(&it))).unwrap_or_default();
            cx.terminal.print(&(text + &restore))?;
        } else {
            cx.terminal.json(&RollbackScript {
                format: "dbctl/rollback-script/v1",
                target: target.clone(),
                to: prepared.to.clone(),
                steps: prepared.backs.clone(),
                sql: text,
                restore,
            })?;
        }
        return Ok(Exit::Ok);
    };
    crate::project::scaffold::write_file(&cx.directory().join(output), &text)?;
    let beside = output.with_extension("restore.sql");
    if let Some(restore) = &restore {
        crate::project::scaffold::write_file(&cx.directory().join(&beside), restore)?;
    }
    let answer = Rollback {
        outcome: Outcome::Done,
        rolled_back: prepared.backs.iter().map(planned_back).collect(),
        script: Some(output.to_string()),
        restore: restore.is_some().then(|| beside.to_string()),
        steps: prepared.backs.clone(),
        remarks: prepared.remarks.clone(),
        ..nothing(target)
    };
    cx.terminal.answer(&answer)?;
    Ok(Exit::Ok)
}

/// A second script behind the first: psql must not run it at once.
fn as_comment(text: &str) -> String {
    text.lines().map(|line| format!("-- {line}").trim_end().to_owned() + "\n").collect()
}

fn nothing(target: &Target) -> Rollback {
    Rollback {
        format: "dbctl/rollback/v1",
        run: None,
        target: target.clone(),
        outcome: Outcome::NothingToDo,
        rolled_back: Vec::new(),
        script: None,
        restore: None,
        restored: Vec::new(),
        is_restoring: false,
        steps: Vec::new(),
        ms: 0.0,
        remarks: Vec::new(),
    }
}

fn planned_back(back: &BackStep) -> RolledBack {
    RolledBack {
        version: back.version.clone(),
        name: back.name.clone(),
        path: match (back.source, &back.path) {
            (BackSource::File, Some(path)) => path.clone(),
            _ => "generated".to_owned(),
        },
        ms: None,
    }
}
