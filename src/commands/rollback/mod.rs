//! `dbctl rollback`: takes migrations back by their down files, newest first.

use std::time::Instant;

use camino::Utf8PathBuf;
use clap::Args;

use super::refuse::{InDoubt, begins_as};
use super::running::{self, Beginning, Running};
use super::target::{self, TargetArgs, WaitArgs};
use super::{Cx, gate, interrupt, run_failure, script, steps};
use crate::db::{Engine, Timeouts, ledger};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::plan::ledger::{Ledger, Partial, Row};
use crate::plan::step::{Resumed, Step};
use crate::report::{Outcome, Rollback, RolledBack, Target, target_flag};
use crate::state::StateDir;
use crate::terminal::Format;
use crate::text::count;

/// Flags of `dbctl rollback`.
#[derive(Debug, Clone, Args)]
pub struct RollbackArgs {
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
    let wait = running::lock_wait(&project, args.wait.lock_wait.as_deref())?;
    let choice = args.target.choice_or_remote();
    let mut chosen = target::choose(cx, &project, &args.target, &choice)?;
    let mut session = target::open(cx, &mut chosen, "rollback", args.plan).await?;
    let view = session.target(&chosen.name, chosen.local).await?;
    let steps = decide(&set, &ledger::read(&session).await?, args, &view)?;
    let answer = |outcome, run: Option<String>, rolled_back: Vec<RolledBack>| Rollback {
        format: "dbctl/rollback/v1",
        run,
        target: view.clone(),
        outcome,
        rolled_back,
        script: None,
        ms: begun.elapsed().as_secs_f64() * 1e3,
        remarks: Vec::new(),
    };
    if steps.is_empty() {
        cx.terminal.answer(&answer(Outcome::NothingToDo, None, Vec::new()))?;
        return Ok(Exit::Ok);
    }
    let timeouts = args.wait.over(chosen.timeouts);
    if args.plan {
        return write_plan(cx, args, &steps, &timeouts, answer(Outcome::Done, None, planned(&steps)));
    }
    show(cx, &steps)?;
    gate::confirm(cx, args.yes, &format!("Roll back {} on", count(steps.len(), "migration")), &view)?;
    let mut signals = interrupt::listen(&cx.terminal);
    running::take_lock(cx, &session, wait, &mut signals).await?;
    let now = decide(&set, &ledger::read(&session).await?, args, &view)?;
    if now.iter().map(|step| step.key).ne(steps.iter().map(|step| step.key)) {
        return Err(Failure::new(
            Exit::Refused,
            Diagnostic::error("rollback/changed", "another runner changed the history while this one asked or waited")
                .note("nothing was rolled back")
                .help("run the same command again and look at the new list"),
        ));
    }
    let state = StateDir::create(project.root.as_std_path())?;
    let running = Running::begin(
        cx,
        &project,
        &state,
        Beginning {
            command: "rollback",
            target: &view,
            migrations: steps.len(),
            gate_skipped: None,
            allowed: args.in_doubt.map(InDoubt::flag).into_iter().collect(),
        },
    )?;
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

/// What is to be taken back, in the reverse of the order in which it was applied.
fn decide(set: &Set, ledger: &Ledger, args: &RollbackArgs, target: &Target) -> Result<Vec<Step>, Failure> {
    let mut rows: Vec<&Row> = ledger.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.event, row.key)));
    let rows: Vec<&Row> = match &args.to {
        Some(to) => {
            let key = floor(set, ledger, to)?;
            rows.into_iter().filter(|row| row.key > key).collect()
        }
        None => rows.into_iter().take(args.number.unwrap_or(1)).collect(),
    };
    let oldest = rows.iter().map(|row| row.key).min();
    let unfinished = ledger.partial.iter().filter(|partial| !partial.down && !partial.is_undone());
    let above: Vec<&Partial> = unfinished.filter(|partial| oldest.is_some_and(|oldest| partial.key > oldest)).collect();
    if let Some(partial) = above.first() {
        return Err(unfinished_above(partial, target));
    }
    let mut steps = Vec::with_capacity(rows.len());
    let mut lacking = Vec::new();
    for row in rows {
        let file = set.by_key(row.key);
        let step = match file {
            Some(file) => steps::down(file)?,
            None => None,
        };
        match step {
            Some(mut step) => {
                if let Some(partial) = ledger.partial(row.key).filter(|partial| partial.down) {
                    if partial.sha256 != step.sha256 && !begins_as(step.source.text(), partial) {
                        return Err(begun_otherwise(&step, partial.done, target));
                    }
                    let (resume_at, resumed) = match (partial.in_doubt, args.in_doubt) {
                        (Some(number), Some(InDoubt::Skip)) => (number + 1, Resumed::Undone),
                        (Some(number), None) => return Err(nobody_knows(&step, number, target)),
                        _ => (partial.done + 1, Resumed::Undone),
                    };
                    step.resume_at = resume_at;
                    step.resumed = Some(resumed);
                }
                steps.push(step);
            }
            None => lacking.push((row, why_none(file))),
        }
    }
    if lacking.is_empty() {
        return Ok(steps);
    }
    Err(no_way_back(&lacking, target))
}

/// A migration that was begun outside a transaction lies on top of what is to be taken back.
fn unfinished_above(partial: &Partial, target: &Target) -> Failure {
    let flag = target_flag(&target.name);
    Failure::new(
        Exit::Refused,
        Diagnostic::error(
            "rollback/unfinished",
            format!(
                "`{}_{}` was begun on `{}` and did not come to its end",
                partial.version, partial.name, target.name
            ),
        )
        .note(format!("its first {} took effect; nothing was rolled back", count(partial.done, "statement")))
        .help(format!("finish it first, then roll it back too: `dbctl migrate{flag}`")),
    )
}

/// A statement of an earlier rollback was sent outside a transaction, and nobody recorded how it ended.
fn nobody_knows(step: &Step, number: usize, target: &Target) -> Failure {
    let title = format!(
        "nobody knows whether statement {number} of the rollback of `{}_{}` took effect on `{}`",
        step.version, step.name, target.name
    );
    let mut diagnostic = Diagnostic::error("rollback/in-doubt", title);
    if let Some(statement) = step.statements.iter().find(|statement| statement.number == number) {
        diagnostic = diagnostic.at(&step.source, statement.span, "sent, no answer recorded");
    }
    let flag = target_flag(&target.name);
    Failure::new(
        Exit::Refused,
        diagnostic
            .note("an earlier run ended while it ran outside a transaction; nothing was changed now")
            .help(format!("look at the database; then, if it took effect: `dbctl rollback{flag} --in-doubt skip`"))
            .help(format!("if it did not: `dbctl rollback{flag} --in-doubt retry`")),
    )
}

/// The key above which everything goes; `0` stands before the first version.
fn floor(set: &Set, ledger: &Ledger, to: &str) -> Result<i64, Failure> {
    if let Some(row) = ledger.rows.iter().find(|row| row.version == to) {
        return Ok(row.key);
    }
    if to == "0" {
        return Ok(-1);
    }
    Ok(set.find(to)?.version.key())
}

fn begun_otherwise(step: &Step, done: usize, target: &Target) -> Failure {
    let diagnostic = Diagnostic::error(
        "rollback/partial-changed",
        format!("the rollback of `{}_{}` on `{}` was begun with another text", step.version, step.name, target.name),
    )
    .note(format!("{} of it ran outside a transaction; nothing was changed now", count(done, "statement")))
    .help(format!(
        "put the beginning of `{}` back as it was (column `sql` of `dbctl.event` has it), mend only what comes behind it",
        step.path
    ));
    Failure::new(Exit::Refused, diagnostic)
}

/// Why a migration has no way back.
fn why_none(file: Option<&Migration>) -> &'static str {
    match file.map(|file| file.down.is_some()) {
        Some(true) => "its down file is the template, and nobody has written it",
        Some(false) => "no down file beside it",
        None => "its file is gone, and its down file with it",
    }
}

fn no_way_back(lacking: &[(&Row, &str)], target: &Target) -> Failure {
    let mut diagnostic = Diagnostic::error(
        "rollback/no-down-file",
        format!(
            "{} no down file",
            if lacking.len() == 1 {
                "1 migration has".to_owned()
            } else {
                format!("{} migrations have", lacking.len())
            }
        ),
    );
    for (row, why) in lacking {
        diagnostic = diagnostic.note(format!("`{}_{}`: {why}", row.version, row.name));
    }
    Failure::new(
        Exit::Refused,
        diagnostic
            .note(format!("nothing was rolled back on `{}`", target.name))
            .help("write the down file beside the migration (`VERSION_name.down.sql`), then run this again")
            .help("or roll back fewer: `-n N` or `--to VERSION`"),
    )
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

fn write_plan(
    cx: &Cx,
    args: &RollbackArgs,
    steps: &[Step],
    timeouts: &Timeouts,
    mut answer: Rollback,
) -> Result<Exit, Failure> {
    let text = script::script(steps, timeouts, &answer.target);
    let Some(output) = &args.output else {
        if cx.terminal.options().format == Format::Human {
            cx.terminal.print(&text)?;
        } else {
            cx.terminal.json(&serde_json::json!({ "format": "dbctl/rollback-script/v1", "sql": text }))?;
        }
        return Ok(Exit::Ok);
    };
    let path = cx.directory().join(output);
    crate::project::scaffold::write_file(&path, &text)?;
    answer.script = Some(output.to_string());
    cx.terminal.answer(&answer)?;
    Ok(Exit::Ok)
}
