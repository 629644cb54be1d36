//! `dbctl migrate`: applies what is pending.

use std::time::{Duration, Instant};

use clap::Args;
use refinery::Target;

use super::refuse::{Allow, Findings, InDoubt, judge, resume_at, settle_checksums};
use super::run::{self, Running};
use super::target::{self, Choice, Chosen, TargetArgs};
use super::{Cx, plan, steps};
use crate::db::{Checks, Session, ledger};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Set, Version};
use crate::plan::ledger::Ledger;
use crate::plan::record::{Kind, Record};
use crate::plan::resolve::{Item, resolve};
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::{self, Direction, MigrationState, Outcome};
use crate::state::Gate;
use crate::terminal::Format;

/// Flags of `dbctl migrate`.
#[derive(Debug, Clone, Args)]
pub struct MigrateArgs {
    /// Which database.
    #[command(flatten)]
    pub target: TargetArgs,
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
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Apply files that are older than the newest applied migration
    #[arg(long)]
    pub allow_late: bool,
    /// Go on though files of applied migrations are gone
    #[arg(long)]
    pub allow_missing: bool,
    /// Record that the database already matches this changed file
    #[arg(long, value_name = "VERSION")]
    pub accept_changed: Vec<String>,
    /// What to do with a statement whose outcome nobody recorded
    #[arg(long, value_enum, value_name = "WHAT")]
    pub in_doubt: Option<InDoubt>,
    /// How long to wait for another runner, such as 60s
    #[arg(long, value_name = "TIME")]
    pub lock_wait: Option<String>,
}

impl MigrateArgs {
    /// The same with `--remote` where no database is said: what `push` means.
    #[must_use]
    pub fn towards_remote(&self) -> Self {
        let mut args = self.clone();
        args.target.remote = args.target.choice().is_none();
        args
    }

    fn allow(&self) -> Allow {
        Allow { late: self.allow_late, missing: self.allow_missing, in_doubt: self.in_doubt }
    }
}

/// What a look at files and ledger leads to.
pub struct Decision {
    /// The steps to run, in order.
    pub steps: Vec<Step>,
    /// What stops the run and what is worth knowing.
    pub findings: Findings,
    /// How many migrations are applied.
    pub applied: usize,
    /// How many more are pending behind the limit.
    pub beyond: usize,
    /// Whether only comments of applied files changed, which refinery would call divergent.
    pub comments_changed: bool,
}

/// Decides what a run would do.
pub async fn decide(
    session: &Session,
    set: &Set,
    ledger: &Ledger,
    allow: Allow,
    limit: &Limit,
    target: &str,
) -> Result<Decision, Failure> {
    let mut items = resolve(&set.migrations, ledger);
    let texts = settle_checksums(session, &mut items).await?;
    let findings = judge(&items, &texts, allow, target);
    let comments_changed = items.iter().any(|item| item.checksum == report::Checksum::Comments);
    let pending: Vec<&Item<'_>> = items.iter().filter(|item| item.is_to_apply() && item.file.is_some()).collect();
    let chosen = limit.take(&pending);
    let mut steps = Vec::with_capacity(chosen);
    for item in &pending[..chosen] {
        if let Some(file) = item.file {
            steps.push(steps::up(file, resume_at(item, allow))?);
        }
    }
    Ok(Decision {
        steps,
        findings,
        applied: ledger.rows.len(),
        beyond: pending.len() - chosen,
        comments_changed,
    })
}

/// How far to go.
#[derive(Debug, Clone)]
pub enum Limit {
    /// As far as there is anything.
    All,
    /// Up to this key, inclusive.
    To(i64),
    /// So many.
    Number(usize),
}

impl Limit {
    /// Reads `--to` and `-n`.
    pub fn read(set: &Set, to: Option<&str>, number: Option<usize>) -> Result<Self, Failure> {
        match (to, number) {
            (Some(to), _) => Ok(Self::To(find_version(set, to)?.key)),
            (None, Some(number)) => Ok(Self::Number(number)),
            (None, None) => Ok(Self::All),
        }
    }

    fn take(&self, pending: &[&Item<'_>]) -> usize {
        match self {
            Self::All => pending.len(),
            Self::To(key) => pending.iter().take_while(|item| item.key <= *key).count(),
            Self::Number(number) => (*number).min(pending.len()),
        }
    }
}

/// The version that a user means.
pub fn find_version(set: &Set, said: &str) -> Result<Version, Failure> {
    set.find(said).map(|migration| migration.version.clone()).map_err(Failure::from)
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &MigrateArgs) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let project = cx.project()?;
    let set = cx.migrations(&project)?;
    let choice = args.target.choice_or_remote();
    let limit = Limit::read(&set, args.to.as_deref(), args.number)?;
    let lock_wait = run::lock_wait(&project, args.lock_wait.as_deref())?;
    if args.dry_run && choice == Choice::Local && !super::local::exists(cx, &project, &args.target)? {
        return dry_run_of_nothing(cx, &set, &limit, args.allow());
    }
    let mut chosen = target::choose(cx, &project, &args.target, &choice).await?;
    let mut session = target::open(cx, &mut chosen, "migrate", args.dry_run).await?;
    let before = ledger::read(&session).await?;
    let mut decision = decide(&session, &set, &before, args.allow(), &limit, &chosen.name).await?;
    let view = session.target(&chosen.name, chosen.local).await?;
    let accept = accepted(&set, args)?;
    decision.findings.refusals_accepting(&accept);
    say_warnings(cx, &decision.findings);
    if let Some(failure) = std::mem::take(&mut decision.findings).into_failure() {
        return Err(failure);
    }
    if args.dry_run {
        return dry_run(cx, &decision.steps);
    }
    if decision.steps.is_empty() && accept.is_empty() {
        finish_local(cx, &project, &set, &chosen, &before, None)?;
        let answer = report::Migrate {
            format: "dbctl/migrate/v1",
            run: None,
            target: view,
            outcome: Outcome::NothingToDo,
            applied_before: decision.applied,
            applied: Vec::new(),
            pending: decision.beyond,
            ms: begun.elapsed().as_secs_f64() * 1e3,
            remarks: Vec::new(),
        };
        cx.terminal.answer(&answer)?;
        return Ok(Exit::Ok);
    }
    let state = crate::state::StateDir::create(project.root.as_std_path())?;
    let gate = Gate::load(&state)?;
    if chosen.local {
        steps::stub_extensions(&session, &project, &mut decision.steps).await?;
    } else {
        check_gate(args, &gate, &decision.steps, &chosen.name)?;
        let shown = plan::view(&view, &set, &decision, &gate);
        plan::show_before_asking(cx, &shown)?;
        confirm(cx, args, &view, decision.steps.len())?;
    }
    let interrupt = super::interrupt::listen(&cx.terminal);
    run::lock(cx, &session, lock_wait).await?;
    let ledger = ledger::read(&session).await?;
    let mut locked = decide(&session, &set, &ledger, args.allow(), &limit, &chosen.name).await?;
    locked.findings.refusals_accepting(&accept);
    if let Some(failure) = std::mem::take(&mut locked.findings).into_failure() {
        return Err(failure);
    }
    // What another runner applied meanwhile is not to be run again; nothing may have been added to what was confirmed.
    decision.steps.retain(|step| locked.steps.iter().any(|now| now.key == step.key));
    if decision.steps.is_empty() && accept.is_empty() {
        finish_local(cx, &project, &set, &chosen, &ledger, None)?;
        let answer = report::Migrate {
            format: "dbctl/migrate/v1",
            run: None,
            target: view,
            outcome: Outcome::NothingToDo,
            applied_before: locked.applied,
            applied: Vec::new(),
            pending: locked.beyond,
            ms: begun.elapsed().as_secs_f64() * 1e3,
            remarks: vec!["another runner applied everything while this one waited".to_owned()],
        };
        cx.terminal.answer(&answer)?;
        return Ok(Exit::Ok);
    }
    let last = decision.steps.last().map(|step| step.key);
    let all = run::refinery_migrations(&set, &decision.steps)?;
    let running = Running::begin(cx, &project, &state, "migrate", &view, args.skip_local_gate.then(|| args.reason.clone()).flatten(), allowed(args), decision.steps.len())?;
    running.recorder.write(|run| run.plan(&plan::view(&view, &set, &decision, &gate)));
    running.recorder.write(|run| run.rollback_sql(&super::script::of_applied(&set, &decision.steps)));
    let sql_of: Vec<Step> = decision.steps.clone();
    let checks = Checks {
        divergent: !decision.comments_changed && accept.is_empty(),
        missing: !args.allow_missing,
    };
    let mut sink = running.sink();
    let mut engine = crate::db::Engine::new(
        &mut session,
        running.author.clone(),
        chosen.timeouts.clone(),
        interrupt,
        &mut sink,
        ledger.initialised,
    );
    let mut outcome = Ok(());
    for migration in &accept {
        outcome = accept_changed(&mut engine, migration).await;
    }
    if outcome.is_ok() && let Some(last) = last {
        outcome = engine.apply(&all, std::mem::take(&mut decision.steps), Target::Version(last), checks).await;
    }
    let done = std::mem::take(&mut engine.done);
    drop(engine);
    for applied in &done {
        if let Some(step) = sql_of.iter().find(|step| step.version == applied.version) {
            running.recorder.write(|run| run.applied_sql(&step.version, &step.name, step.source.text()));
        }
    }
    let run_id = running.id.clone();
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    running.finish(cx, &outcome, done.len(), ms);
    if let Err(error) = outcome {
        return Err(run::explain(&error, &sql_of, &done, &view, &run_id));
    }
    let after = ledger::read(&session).await?;
    finish_local(cx, &project, &set, &chosen, &after, Some(&run_id))?;
    let pending = locked.beyond;
    let remarks = accept.iter().map(|migration| format!("accepted `{}` as it is now", migration.path)).collect();
    let answer = report::Migrate {
        format: "dbctl/migrate/v1",
        run: Some(run_id),
        target: view,
        outcome: Outcome::Done,
        applied_before: locked.applied,
        applied: done,
        pending,
        ms,
        remarks,
    };
    cx.terminal.answer(&answer)?;
    Ok(Exit::Ok)
}
