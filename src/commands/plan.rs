//! `dbctl plan`: what `migrate` would do, read-only.

use std::collections::BTreeSet;

use clap::Args;

use super::decide::{Decision, Limit, decide};
use super::refuse::Allow;
use super::risk::RiskArgs;
use super::target::{self, Choice, TargetArgs};
use super::{Cx, local, risk, trace};
use crate::db::ledger;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Set;
use crate::plan::step::Step;
use crate::report::{Plan, PlanReversible, PlanRisk, PlanStatement, PlanStep, Target};
use crate::risk::{Level, Phase};
use crate::state::{Gate, StateDir};
use crate::terminal::{Format, Human};

/// Flags of `dbctl plan`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Exit code 5 where `migrate` would refuse what is pending, but for the local gate, or where it fails in its trial.")]
pub struct PlanArgs {
    /// Plan up to this version, inclusive
    #[arg(long, value_name = "VERSION", conflicts_with = "number")]
    pub to: Option<String>,
    /// Plan at most N migrations
    #[arg(short = 'n', long = "number", value_name = "N")]
    pub number: Option<usize>,
    /// End with exit code 1 where anything is pending
    #[arg(long)]
    pub exit_code: bool,
    /// Do not lint what is pending
    #[arg(long)]
    pub no_lint: bool,
    /// The trial.
    #[command(flatten)]
    pub trace: TraceArgs,
    /// How much risk is taken.
    #[command(flatten)]
    pub risk: RiskArgs,
    /// Which database.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Flags of the trial on a shadow database.
#[derive(Debug, Clone, Default, Args)]
pub struct TraceArgs {
    /// Try what is pending on a shadow database, and say what each statement does there: locks, rewrites, scans. This is so
    /// without the flag where the local server runs; with it, the server is started, and where it cannot be tried the
    /// command fails
    #[arg(long, conflicts_with = "no_trace")]
    pub trace: bool,
    /// Do not try it
    #[arg(long)]
    pub no_trace: bool,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &PlanArgs) -> Result<Exit, Failure> {
    let project = cx.project()?;
    let set = cx.migrations(&project)?;
    let limit = Limit::read(&set, args.to.as_deref(), args.number)?;
    let gate = Gate::load(&StateDir::open(project.root.as_std_path()))?;
    let choice = args.target.choice_or_remote();
    // The gate alone is no fault of the project: what is pending has still to be run locally.
    let mut is_refused = false;
    let mut lint = |steps: &[Step]| -> Result<Vec<String>, Failure> {
        let refusals = if args.no_lint { Vec::new() } else { super::lint::refusals(cx, &project, steps)? };
        is_refused |= !refusals.is_empty();
        Ok(refusals)
    };
    let mut on_target = None;
    let (mut view, steps, applied) = if choice == Choice::Local && local::is_absent(cx, &project, &args.target)? {
        let steps = super::migrate::all_steps(&set, &limit)?;
        let refusals = lint(&steps)?;
        (of_nothing(&set, &steps, refusals, &gate), steps, BTreeSet::new())
    } else {
        let mut chosen = target::choose(cx, &project, &args.target, &choice)?;
        let session = target::open(cx, &mut chosen, "plan", true).await?;
        let target = session.target(&chosen.name, chosen.local).await?;
        let ledger = ledger::read(&session).await?;
        let decision = decide(&session, &set, &ledger, &Allow::default(), &limit, &chosen.name).await?;
        let mut view = view(&target, &set, &decision, &gate);
        view.remarks.extend(super::gate::sum_remarks(&project, &decision.steps)?);
        if !target.local {
            let unproved = super::verify::gate::unproved(&project, &set, &decision.steps)?;
            view.refusals.extend(unproved.iter().map(super::verify::gate::Unproved::sentence));
        }
        view.refusals.extend(lint(&decision.steps)?);
        is_refused |= !decision.findings.refusals.is_empty();
        on_target = Some(session);
        (view, decision.steps, ledger.rows.iter().map(|row| row.key).collect())
    };
    let beside = risk::costs(cx, &project, &mut view)?;
    super::beside::complete(on_target.as_ref(), &mut view, beside).await;
    let failed =
        trace::trace(cx, &project, &set, (&applied, &steps), (&args.trace, on_target.as_ref()), &mut view).await?;
    crate::plan::learn::learn(&mut view);
    let judgement = risk::judge(&project, &set, &mut view, &args.risk);
    for warning in &judgement.warnings {
        cx.terminal.diagnostic(warning);
    }
    let refusals = judgement.refusals(&view);
    is_refused |= !refusals.is_empty();
    view.refusals.extend(refusals);
    if let Some(session) = &on_target {
        trace::estimate(session, &mut view).await;
    }
    cx.terminal.answer(&view)?;
    if let Some(diagnostic) = failed {
        cx.terminal.diagnostic(&diagnostic);
        return Ok(Exit::Refused);
    }
    if is_refused {
        return Ok(Exit::Refused);
    }
    let no = args.exit_code && !view.steps.is_empty();
    Ok(if no { Exit::No } else { Exit::Ok })
}

/// The plan of a decision.
pub fn view(target: &Target, set: &Set, decision: &Decision<'_>, gate: &Gate) -> Plan {
    let mut refusals: Vec<String> =
        decision.findings.refusals.iter().map(|diagnostic| diagnostic.title.clone()).collect();
    let closed = decision.steps.iter().filter(|step| !gate.passed(&step.sha256)).count();
    if !target.local && closed > 0 {
        refusals.push(format!(
            "{} not passed locally: run `dbctl migrate --local` first",
            if closed == 1 { "1 migration has".to_owned() } else { format!("{closed} migrations have") }
        ));
    }
    Plan {
        format: "dbctl/plan/v1",
        target: target.clone(),
        layout: set.layout.to_string(),
        applied: decision.applied,
        steps: decision.steps.iter().map(|step| step_view(step, set, gate)).collect(),
        estimates: Vec::new(),
        replication: Vec::new(),
        refusals,
        remarks: decision.findings.warnings.iter().map(|diagnostic| diagnostic.title.clone()).collect(),
    }
}

/// Shows the plan before the question: on stderr, so that stdout keeps one answer.
pub fn show(cx: &Cx, plan: &Plan) -> Result<(), Failure> {
    if cx.terminal.options().format == Format::Human {
        cx.terminal.show(&plan.human(None))?;
    }
    Ok(())
}

/// The plan for a local database that does not exist yet: everything.
fn of_nothing(set: &Set, steps: &[Step], refusals: Vec<String>, gate: &Gate) -> Plan {
    Plan {
        format: "dbctl/plan/v1",
        target: local::absent(),
        layout: set.layout.to_string(),
        applied: 0,
        steps: steps.iter().map(|step| step_view(step, set, gate)).collect(),
        estimates: Vec::new(),
        replication: Vec::new(),
        refusals,
        remarks: vec!["the local server does not exist yet: `dbctl migrate --local` makes it".to_owned()],
    }
}

fn step_view(step: &Step, set: &Set, gate: &Gate) -> PlanStep {
    let file = set.by_key(step.key);
    PlanStep {
        version: step.version.clone(),
        name: step.name.clone(),
        path: step.path.clone(),
        sha256: step.sha256.clone(),
        raw_sha256: step.raw_sha256.clone(),
        transaction: step.transaction,
        transaction_reason: step.transaction_reason.clone(),
        resume_at: step.resume_at,
        gate: gate.passed(&step.sha256),
        down: file
            .filter(|file| file.is_reversible())
            .and_then(|file| file.down.as_ref())
            .map(|down| down.path.to_string()),
        risk: PlanRisk::default(),
        phases: Vec::new(),
        statements: step
            .statements
            .iter()
            .map(|statement| PlanStatement {
                number: statement.number,
                line: step.line(statement),
                kind: statement.kind.clone(),
                object: statement.object.as_ref().map(|object| match &object.on {
                    Some(table) => format!("{} on {table}", object.name),
                    None => object.name.clone(),
                }),
                hazard: statement.hazard().map(str::to_owned),
                locks: Vec::new(),
                rewrites: Vec::new(),
                scans: Vec::new(),
                may_fail: Vec::new(),
                reversible: PlanReversible::default(),
                instead: Vec::new(),
                approvals: Vec::new(),
                phase: Phase::Expand,
                risk: Level::None,
                trace: None,
            })
            .collect(),
    }
}
