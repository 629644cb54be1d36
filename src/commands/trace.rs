//! The trial of a plan: what is pending runs on a shadow database that stands where the target stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::plan::TraceArgs;
use super::{Cx, local, roles, run_failure, source, steps};
use crate::db::{Error, Session, Shadow, Shadows, Tracer, Tried, stats};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Set;
use crate::plan::step::Step;
use crate::plan::trace::{disagreements, empties};
use crate::project::Project;
use crate::report::{Plan, PlanFailure, PlanTrace};
use crate::risk::LockMode;
use crate::server;
use crate::state::{StateDir, trials};
use crate::text::{count, quote_ident, quote_literal};

/// Runs the steps of a plan on a shadow database and puts what they do into it; gives what is to be said of the statement that
/// fails there. `applied` are the migrations that the target
/// has, by refinery's version.
pub async fn trace(
    cx: &Cx,
    project: &Project,
    set: &Set,
    (applied, pending): (&BTreeSet<i64>, &[Step]),
    (args, target): (&TraceArgs, Option<&Session>),
    plan: &mut Plan,
) -> Result<Option<Diagnostic>, Failure> {
    if args.no_trace || pending.is_empty() {
        return Ok(None);
    }
    let server = match server(project, set, applied, args.trace)? {
        Ok(server) => server,
        Err(why) => {
            plan.remarks.push(format!("not tried on a shadow database: {why}"));
            return Ok(None);
        }
    };
    let zone = time_zone(target).await?;
    let memory = Memory::of((project, set), applied, pending, &server, zone.as_deref());
    // Who asks for a trial gets one.
    let kept = if args.trace { Vec::new() } else { memory.recall() };
    if kept.len() == pending.len() {
        show_all(pending, kept, plan);
        return Ok(None);
    }
    let work = Box::pin(on_a_shadow(cx, (project, set), applied, pending, zone.as_deref()));
    let tried = match source::until_interrupted(cx, project, work).await {
        Ok(tried) => tried,
        Err(failure) if args.trace || failure.exit == Exit::Interrupted => return Err(failure),
        // The plan counts without its trial too.
        Err(failure) => {
            let said = failure.diagnostics.iter().flat_map(|it| std::iter::once(&it.title).chain(&it.causes));
            let why = said.cloned().collect::<Vec<_>>().join(": ");
            plan.remarks.push(format!("not tried on a shadow database: {why} (`--trace` says more)"));
            return Ok(None);
        }
    };
    let mut failed = None;
    memory.keep(&tried);
    for (step, tried) in pending.iter().zip(tried) {
        for one in tried {
            failed = show(step, one, plan).or(failed);
        }
    }
    Ok(failed)
}

/// Puts into a plan what an earlier trial of the same migrations has shown, in the same place; nothing is run.
pub async fn recall(
    (project, set): (&Project, &Set),
    (applied, pending): (&BTreeSet<i64>, &[Step]),
    target: &Session,
    plan: &mut Plan,
) -> Result<(), Failure> {
    if pending.is_empty() {
        return Ok(());
    }
    // Where nobody knows which server, nothing was tried either.
    if let Ok(Ok(server)) = server(project, set, applied, false) {
        let zone = time_zone(Some(target)).await?;
        let kept = Memory::of((project, set), applied, pending, &server, zone.as_deref()).recall();
        show_all(pending, kept, plan);
    }
    Ok(())
}

fn show_all(pending: &[Step], kept: Vec<Vec<Kept>>, plan: &mut Plan) {
    for (step, kept) in pending.iter().zip(kept) {
        for one in kept {
            show(step, one.into(), plan);
        }
    }
}

/// What trials that began at the same place have shown.
struct Memory {
    state: StateDir,
    begin: String,
    steps: Vec<String>,
}

impl Memory {
    fn of(
        (project, set): (&Project, &Set),
        applied: &BTreeSet<i64>,
        pending: &[Step],
        server: &str,
        zone: Option<&str>,
    ) -> Self {
        let place = format!("{server} {}", zone.unwrap_or_default());
        let (begin, steps) = source::trial_hashes(project, set, applied, pending, &place);
        Self { state: StateDir::open(project.root.as_std_path()), begin, steps }
    }

    /// What is known of the first steps.
    fn recall(&self) -> Vec<Vec<Kept>> {
        let kept = trials::load::<Vec<(String, Vec<Kept>)>>(&self.state, &self.begin).unwrap_or_default();
        self.steps.iter().zip(kept).map_while(|(hash, (of, kept))| (*hash == of).then_some(kept)).collect()
    }

    /// Remembers the steps before the one that failed.
    fn keep(&self, tried: &[Vec<Tried>]) {
        let passed = tried.iter().map_while(|step| step.iter().map(Kept::of).collect::<Option<Vec<_>>>());
        let kept: Vec<_> = self.steps.iter().zip(passed).collect();
        trials::save(&self.state, &self.begin, &kept);
    }
}

/// What is kept of a statement that did not fail.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    number: usize,
    trace: PlanTrace,
    held: BTreeMap<String, LockMode>,
}

impl Kept {
    fn of(tried: &Tried) -> Option<Self> {
        let Tried { number, trace, held, error } = tried;
        error.is_none().then(|| Self { number: *number, trace: trace.clone(), held: held.clone() })
    }
}

impl From<Kept> for Tried {
    fn from(kept: Kept) -> Self {
        let Kept { number, trace, held } = kept;
        Self { number, trace, held, error: None }
    }
}

/// The server that the trial is on, by a name that changes with its version; or why there is no trial.
fn server(
    project: &Project,
    set: &Set,
    applied: &BTreeSet<i64>,
    is_wanted: bool,
) -> Result<Result<String, String>, Failure> {
    let without = applied.iter().filter(|key| set.by_key(**key).is_none()).count();
    if without > 0 {
        return Ok(Err(format!("{} applied there without a file", count(without, "migration"))));
    }
    if let Some(url) = source::own_server(project) {
        return Ok(Ok(url));
    }
    Ok(match server::status(&local::settings(project))? {
        server::Status::Running(running) => Ok(running.engine.to_string()),
        _ if is_wanted => Ok("the local server".to_owned()),
        server::Status::Stopped(_) => Err("the local server is stopped; `--trace` starts it".to_owned()),
        server::Status::Absent => Err("there is no local server yet; `--trace` makes it".to_owned()),
    })
}

/// The time zone of the target's sessions, on which it depends whether a timestamp has to be written anew.
async fn time_zone(target: Option<&Session>) -> Result<Option<String>, Failure> {
    let Some(session) = target else { return Ok(None) };
    let rows = session.rows("select pg_catalog.current_setting('TimeZone')").await?;
    Ok(rows.first().and_then(|row| row.get(0)).map(str::to_owned))
}

/// Tries the steps, in order, up to the first that fails.
async fn on_a_shadow(
    cx: &Cx,
    (project, set): (&Project, &Set),
    applied: &BTreeSet<i64>,
    pending: &[Step],
    zone: Option<&str>,
) -> Result<Vec<Vec<Tried>>, Failure> {
    let wait = cx.terminal.wait("trying the plan on a shadow database");
    let (shadows, shadow) = source::shadow_at(cx, project, set, applied).await?;
    let tried = tries(project, (&shadows, &shadow), pending, zone).await;
    drop(wait);
    shadows.drop(shadow).await?;
    tried
}

async fn tries(
    project: &Project,
    (shadows, shadow): (&Shadows, &Shadow),
    pending: &[Step],
    zone: Option<&str>,
) -> Result<Vec<Vec<Tried>>, Failure> {
    let mut session = shadows.session(shadow, false).await?;
    if let Some(zone) = zone {
        let (name, zone) = (quote_ident(&shadow.name), quote_literal(zone));
        // A zone that this server does not know is no reason not to try.
        if session.batch(&format!("alter database {name} set timezone = {zone}")).await.is_ok() {
            session = shadows.session(shadow, false).await?;
        }
    }
    let mut ready = pending.to_vec();
    steps::stub_extensions(&session, project, &mut ready).await?;
    roles::tolerate(&mut ready);
    let roles = roles::new(&session, &ready).await?;
    let mut tracer = Tracer::begin(session).await?;
    let mut all = Vec::with_capacity(ready.len());
    for step in &ready {
        let tried = tracer.step(step).await?;
        let has_failed = tried.iter().any(|one| one.error.is_some());
        all.push(tried);
        if has_failed {
            break;
        }
    }
    drop(tracer);
    if !roles.is_empty() {
        roles::forget(&shadows.session(shadow, false).await?, &roles).await;
    }
    Ok(all)
}

/// Puts what a statement did into the plan; gives what is to be said where it failed.
fn show(step: &Step, tried: Tried, plan: &mut Plan) -> Option<Diagnostic> {
    let Tried { number, mut trace, held, error } = tried;
    let failed = error.map(|error| {
        let title =
            format!("`migrate` would fail: migration `{}_{}` fails on a shadow database", step.version, step.name);
        let diagnostic = run_failure::tried(step, Some(number), &error, ("plan/fails-on-shadow", title));
        trace.failed = Some(failure(step, number, &error, &diagnostic));
        diagnostic.note(format!("`{}` was only read, and the shadow database is dropped", plan.target.name))
    });
    let text = step.statements.iter().find(|it| it.number == number).map_or("", |it| step.text(it));
    let earlier = step.statements.iter().filter(|it| it.number < number && &*it.kind == "TRUNCATE TABLE");
    let truncates: Vec<&str> = earlier.map(|it| step.text(it)).collect();
    let mut judged = trace.clone();
    judged.scans.retain(|table| !empties(&truncates, table));
    let statements = plan.steps.iter_mut().filter(|it| it.version == step.version).flat_map(|it| &mut it.statements);
    for statement in statements.filter(|it| it.number == number) {
        trace.disagrees = disagreements((statement, text), &judged, &held);
        statement.trace = Some(trace.clone());
    }
    failed
}

/// Where and why a statement failed, as data.
fn failure(step: &Step, number: usize, error: &Error, diagnostic: &Diagnostic) -> PlanFailure {
    let begin = step.statements.iter().find(|it| it.number == number).map_or(0, |it| it.span.start);
    let position = step.source.position(diagnostic.labels.first().map_or(begin, |label| label.span.start));
    let server = error.server();
    PlanFailure {
        line: position.line,
        column: position.column,
        sqlstate: server.map(|server| server.sqlstate.clone()),
        message: server.map_or_else(|| error.to_string(), |server| server.message.clone()),
    }
}

/// Puts into a plan what the target's statistics say of the relations that it touches; where they cannot be read the plan
/// counts without them.
pub async fn estimate(session: &Session, plan: &mut Plan) {
    let touched = touched(plan);
    if touched.is_empty() {
        return;
    }
    match stats::read(session, &touched).await {
        Ok(stats) => (plan.estimates, plan.replication) = stats,
        Err(error) => plan.remarks.push(format!("the statistics of `{}` were not read: {error}", plan.target.name)),
    }
}

/// The relations that a plan touches, each with its strongest lock.
fn touched(plan: &Plan) -> BTreeMap<String, LockMode> {
    let mut touched = BTreeMap::new();
    for statement in plan.steps.iter().flat_map(|step| &step.statements) {
        let trace = statement.trace.as_ref();
        // What is said of a table holds of its partitions, whose sizes are in its own.
        let seen = trace.into_iter().flat_map(|trace| trace.locks.iter().filter(|lock| !trace.is_of_root(lock)));
        let locks = statement.locks.iter().chain(seen);
        let read = statement.rewrites.iter().chain(&statement.scans);
        let read = read.chain(trace.into_iter().flat_map(|trace| trace.rewrites.iter().chain(&trace.scans)));
        let read = read.map(|name| (name, LockMode::AccessShare));
        for (name, mode) in locks.map(|lock| (&lock.relation, lock.mode)).chain(read) {
            let strongest = touched.entry(name.clone()).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
    }
    touched
}
