//! `dbctl migrate`: applies what is pending.

use std::time::Instant;

use clap::Args;
use refinery::Target as Reach;

use super::decide::{Decision, Limit, decide};
use super::refuse::{Allow, InDoubt};
use super::risk::RiskArgs;
use super::running::{self, Beginning, Running};
use super::target::{self, Choice, TargetArgs, WaitArgs};
use super::{Cx, gate, interrupt, local, plan, risk, roles, run_failure, script, steps, trace};
use crate::db::{Checks, Engine, RunError, ledger};
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Set;
use crate::plan::record::{Kind, Record};
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::{self, Direction, Outcome, Plan, Target};
use crate::state::{Gate, StateDir};
use crate::terminal::Format;

/// Flags of `dbctl migrate`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct MigrateArgs {
    /// Apply up to this version, inclusive
    #[arg(long, value_name = "VERSION", conflicts_with = "number")]
    pub to: Option<String>,
    /// Apply at most N migrations
    #[arg(short = 'n', long = "number", value_name = "N")]
    pub number: Option<usize>,
    /// Print the SQL in order and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask before a remote database is changed
    #[arg(short, long)]
    pub yes: bool,
    /// Apply to a remote what has not passed locally; needs --reason
    #[arg(long, requires = "reason")]
    pub skip_local_gate: bool,
    /// Why the local gate is passed by; recorded in the run
    #[arg(long, value_name = "TEXT", requires = "skip_local_gate", value_parser = some_text)]
    pub reason: Option<String>,
    /// Apply files that are older than the newest applied migration
    #[arg(long)]
    pub allow_late: bool,
    /// Go on though files of applied migrations are gone
    #[arg(long)]
    pub allow_missing: bool,
    /// Record that the database already matches this changed file; nothing of it is run
    #[arg(long, value_name = "VERSION")]
    pub accept_changed: Vec<String>,
    /// Run what is pending though lint finds errors in it
    #[arg(long)]
    pub no_lint: bool,
    /// What to do with a statement whose outcome nobody recorded
    #[arg(long, value_enum, value_name = "WHAT")]
    pub in_doubt: Option<InDoubt>,
    /// How much risk is taken.
    #[command(flatten)]
    pub risk: RiskArgs,
    /// Which database.
    #[command(flatten)]
    pub target: TargetArgs,
    /// How long to wait.
    #[command(flatten)]
    pub wait: WaitArgs,
}

impl MigrateArgs {
    /// The same with `--remote` where no database is said: what `push` means.
    #[must_use]
    pub fn towards_remote(&self) -> Self {
        let mut args = self.clone();
        args.target.remote = args.target.choice().is_none();
        args
    }

    fn allow(&self, set: &Set) -> Result<Allow, Failure> {
        let accept = self.accept_changed.iter().map(|said| Ok(set.find(said)?.version.key()));
        Ok(Allow {
            late: self.allow_late,
            missing: self.allow_missing,
            in_doubt: self.in_doubt,
            accept: accept.collect::<Result<_, Failure>>()?,
        })
    }

    /// The flags that allow what is refused by default, for the run's record.
    fn allowed(&self) -> Vec<String> {
        let flags =
            [("--allow-late", self.allow_late), ("--allow-missing", self.allow_missing), ("--no-lint", self.no_lint)];
        let accepted = self.accept_changed.iter().map(|version| format!("--accept-changed {version}"));
        let accepted = accepted.chain(self.in_doubt.map(InDoubt::flag));
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag.to_owned()).chain(accepted).collect()
    }
}

/// A reason that says something.
fn some_text(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("say why, in words") } else { Ok(text.to_owned()) }
}

/// Runs the command.
#[expect(clippy::too_many_lines, reason = "the order of the steps is what this function is")]
pub async fn run(cx: &Cx, args: &MigrateArgs) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let project = cx.project()?;
    let set = cx.migrations(&project)?;
    let allow = args.allow(&set)?;
    let limit = Limit::read(&set, args.to.as_deref(), args.number)?;
    let wait = running::lock_wait(&project, args.wait.lock_wait.as_deref())?;
    let choice = args.target.choice_or_remote();
    if args.dry_run && choice == Choice::Local && local::is_absent(cx, &project, &args.target)? {
        let nothing = all_steps(&set, &limit)?;
        return dry_run(cx, &nothing);
    }
    let mut chosen = target::choose(cx, &project, &args.target, &choice)?;
    let mut session = target::open(cx, &mut chosen, "migrate", args.dry_run).await?;
    let (view, mut before) = tokio::try_join!(session.target(&chosen.name, chosen.local), ledger::read(&session))?;
    let mut signals = interrupt::listen(&cx.terminal);
    let mut decision = decide(&session, &set, &before, &allow, &limit, &chosen.name).await?;
    if decision.findings.is_in_doubt() && !args.dry_run {
        // The run that sent the statement may be at work: then it is waited for, and its end is known.
        running::take_lock(cx, &session, wait, &mut signals).await?;
        before = ledger::read(&session).await?;
        decision = decide(&session, &set, &before, &allow, &limit, &chosen.name).await?;
    }
    let mut decision = decision.unless_refused(cx)?;
    if !args.no_lint {
        super::lint::refuse(cx, &project, &decision.steps)?;
    }
    let passed = Gate::load(&StateDir::open(project.root.as_std_path()))?;
    let mut shown = plan::view(&view, &set, &decision, &passed);
    let mut approved = Vec::new();
    if !chosen.local || args.risk.are_said() {
        risk::costs(cx, &project, &mut shown)?;
        let applied = before.rows.iter().map(|row| row.key).collect();
        trace::recall((&project, &set), (&applied, &decision.steps), &session, &mut shown).await?;
        crate::plan::learn::learn(&mut shown);
        let judgement = risk::judge(&project, &set, &mut shown, &args.risk);
        for warning in &judgement.warnings {
            cx.terminal.diagnostic(warning);
        }
        judgement.refuse(&shown, &decision.steps)?;
        approved = judgement.used;
    }
    if args.dry_run {
        return dry_run(cx, &decision.steps);
    }
    if decision.is_empty() {
        if chosen.local {
            gate::record_or_warn(cx, &project, &set, &before, &decision.recommented, None);
        }
        return nothing_to_do(cx, view, &decision, begun, Vec::new());
    }
    let state = StateDir::create(project.root.as_std_path())?;
    if chosen.local {
        steps::stub_extensions(&session, &project, &mut decision.steps).await?;
        if local::url(cx, &project, &args.target)?.is_none() {
            roles::share(&session, &mut decision.steps).await?;
        }
    } else {
        ask(cx, args, (&project, &set), &mut shown, &decision, &passed)?;
    }
    running::take_lock(cx, &session, wait, &mut signals).await?;
    let ledger = ledger::read(&session).await?;
    let locked = decide(&session, &set, &ledger, &allow, &limit, &chosen.name).await?.unless_refused_quietly()?;
    // What another runner applied meanwhile is not to be run again, and nothing is added to what was confirmed.
    decision.steps.retain(|step| locked.steps.iter().any(|now| now.key == step.key));
    for step in &mut decision.steps {
        // It may also have failed halfway through one.
        if let Some(now) = locked.steps.iter().find(|now| now.key == step.key) {
            step.resume_at = now.resume_at;
            step.resumed = now.resumed;
        }
    }
    decision.accept.retain(|file| locked.accept.iter().any(|now| now.version.key() == file.version.key()));
    if decision.is_empty() {
        let remark = "another runner applied everything while this one waited".to_owned();
        return nothing_to_do(cx, view, &locked, begun, vec![remark]);
    }
    shown.steps.retain_mut(|step| {
        let now = decision.steps.iter().find(|now| now.path == step.path);
        step.resume_at = now.map_or(step.resume_at, |now| now.resume_at);
        now.is_some()
    });
    let timeouts = args.wait.over(chosen.timeouts);
    let running = Running::begin(
        cx,
        &project,
        &state,
        Beginning {
            command: "migrate",
            target: &view,
            migrations: decision.steps.len(),
            gate_skipped: args.reason.clone(),
            allowed: args.allowed().into_iter().chain(approved).collect(),
        },
    )?;
    running.recorder.write(|run| run.plan(&shown));
    running.recorder.write(|run| run.rollback_sql(&script::of_steps(&set, &decision.steps, &timeouts, &view)));
    let mut sink = running.sink(&decision.steps);
    let author = running.author.clone();
    let mut engine = Engine::new(&mut session, author, timeouts, signals, &mut sink, ledger.initialised);
    let result = apply(&mut engine, &set, ledger.newest().map(|row| row.key), &decision, args.allow_missing).await;
    let done = std::mem::take(&mut engine.done);
    drop(sink);
    let id = running.id.clone();
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    running.finish(cx, &result, done.len(), ms);
    if let Err(error) = result {
        return Err(run_failure::run_error(&error, &decision.steps, &done, &view, &id));
    }
    if chosen.local {
        let now = ledger::read(&session).await?;
        gate::record_or_warn(cx, &project, &set, &now, &decision.recommented, Some(&id));
    }
    let mut remarks: Vec<String> =
        decision.accept.iter().map(|file| format!("accepted `{}` as it is now", file.path)).collect();
    remarks.extend(super::rollback::kept_remark(&session, &view).await);
    cx.terminal.answer(&report::Migrate {
        format: "dbctl/migrate/v1",
        run: Some(id),
        target: view,
        outcome: Outcome::Done,
        applied_before: locked.applied,
        applied: done,
        pending: locked.beyond,
        ms,
        remarks,
    })?;
    Ok(Exit::Ok)
}

/// What stands before a database that is not local: the gate, the plan, and the question.
fn ask(
    cx: &Cx,
    args: &MigrateArgs,
    (project, set): (&Project, &Set),
    shown: &mut Plan,
    decision: &Decision<'_>,
    passed: &Gate,
) -> Result<(), Failure> {
    if let Some(reason) = args.reason.as_ref().filter(|_| args.skip_local_gate) {
        shown.refusals.clear();
        shown.remarks.push(format!("the local gate is passed by: {reason}"));
    } else {
        gate::check(passed, &decision.steps, &shown.target.name)?;
        super::verify::gate::check(project, set, &decision.steps, &shown.target.name)?;
    }
    shown.remarks.extend(gate::sum_remarks(project, &decision.steps)?);
    plan::show(cx, shown)?;
    gate::confirm(cx, args.yes, &gate::apply_question(decision.steps.len(), decision.accept.len()), &shown.target)
}

/// Accepts what is to be accepted, then lets refinery apply the steps.
async fn apply(
    engine: &mut Engine<'_>,
    set: &Set,
    newest: Option<i64>,
    decision: &Decision<'_>,
    allow_missing: bool,
) -> Result<(), RunError> {
    let bug = |error: refinery::Error| RunError::Refinery(error.to_string());
    for file in &decision.accept {
        let normalised = file.normalised();
        let record = Record {
            key: file.version.key(),
            version: file.version.text(),
            name: &file.name,
            kind: Kind::Accepted,
            direction: Direction::Up,
            sha256: file.checksum.as_str(),
            raw_sha256: file.raw_checksum.as_str(),
            statement: None,
            ms: None,
            sqlstate: None,
            message: None,
            sql: Some(&normalised),
        };
        engine.accept(&file.refinery().map_err(bug)?, &record).await?;
    }
    let Some(last) = decision.steps.iter().map(|step| step.key).max() else { return Ok(()) };
    let all = running::refinery_migrations(set, newest, &decision.steps).map_err(bug)?;
    let checks = Checks { divergent: !decision.divergent, missing: !allow_missing };
    engine.apply(&all, decision.steps.clone(), Reach::Version(last), checks).await
}

fn nothing_to_do(
    cx: &Cx,
    target: Target,
    decision: &Decision<'_>,
    begun: Instant,
    remarks: Vec<String>,
) -> Result<Exit, Failure> {
    cx.terminal.answer(&report::Migrate {
        format: "dbctl/migrate/v1",
        run: None,
        target,
        outcome: Outcome::NothingToDo,
        applied_before: decision.applied,
        applied: Vec::new(),
        pending: decision.beyond,
        ms: begun.elapsed().as_secs_f64() * 1e3,
        remarks,
    })?;
    Ok(Exit::Ok)
}

/// What would be run where there is no database yet.
pub fn all_steps(set: &Set, limit: &Limit) -> Result<Vec<Step>, Failure> {
    let taken = set.migrations.iter().enumerate().take_while(|(index, migration)| match limit {
        Limit::All => true,
        Limit::To(key) => migration.version.key() <= *key,
        Limit::Number(number) => index < number,
    });
    taken.map(|(_, migration)| steps::up(migration, None)).collect()
}

/// Prints the SQL in order, as it would be sent.
fn dry_run(cx: &Cx, steps: &[Step]) -> Result<Exit, Failure> {
    if cx.terminal.options().format != Format::Human {
        let one = |step: &Step| {
            serde_json::json!({
                "version": step.version, "name": step.name, "path": step.path,
                "transaction": step.transaction, "sql": step.sent(),
            })
        };
        let migrations: Vec<_> = steps.iter().map(one).collect();
        cx.terminal.json(&serde_json::json!({ "format": "dbctl/dry-run/v1", "migrations": migrations }))?;
        return Ok(Exit::Ok);
    }
    if steps.is_empty() {
        cx.terminal.note("nothing is pending: there is no SQL to show");
    }
    for step in steps {
        cx.terminal.print(&format!("-- {} ({})\n{}\n", step.path, step.grouping(), step.sent()))?;
    }
    Ok(Exit::Ok)
}
