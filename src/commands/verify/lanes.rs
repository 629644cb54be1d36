//! Many migrations are walked over in several places at a time, each a shadow database of its own: a client and its server
//! keep one processor busy between them.

use std::collections::BTreeSet;
use std::time::Instant;

use super::data::{Change, Data};
use super::ground::Ground;
use super::walk::{Subject, Trials, Walked, pass, walk};
use super::{VerifyArgs, ready, show, twice};
use crate::commands::{Cx, roles, source};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::migration::{Migration, Set};
use crate::project::Project;
use crate::report::verify::{Require, Verified, Verify};
use crate::report::{Event, TransactionMode};

/// So many migrations are worth a place of their own: it begins with all that stands before them.
const FEWEST: usize = 150;
/// More would keep a developer's machine from everything else.
const MOST: usize = 4;

/// Shares the chosen migrations out over as many places as there are processors, each its part of the history.
pub fn split<'c, 'm>(chosen: &'c [&'m Migration], set: &Set) -> Vec<&'c [&'m Migration]> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let lanes = (chosen.len() / FEWEST).min(cores).min(MOST);
    let last = chosen.iter().map(|it| it.version.key()).max().unwrap_or_default();
    let mut run = set.migrations.iter().filter(|it| it.version.key() <= last);
    if lanes < 2 || run.any(reaches_further) {
        return vec![chosen];
    }
    chosen.chunks(chosen.len().div_ceil(lanes)).collect()
}

/// Whether a migration may change what all databases of a server share: two that do it at a time are in each other's way.
fn reaches_further(migration: &Migration) -> bool {
    const WORDS: [&str; 10] = [
        "create role",
        "create user ",
        "create group",
        "alter role",
        "alter user ",
        "alter group",
        "drop role",
        "drop user ",
        "drop group",
        "drop owned",
    ];
    let shares = |text: &str| {
        let text = text.to_ascii_lowercase();
        let is_membership = |line: &str| {
            let line = line.trim_start();
            (line.starts_with("grant ") || line.starts_with("revoke ")) && !line.contains(" on ")
        };
        let others = ["alter system", "alter database", "reassign owned", "tablespace", "subscription"];
        WORDS.iter().chain(&others).any(|words| text.contains(words)) || text.lines().any(is_membership)
    };
    shares(migration.source.text()) || migration.down.as_ref().is_some_and(|down| shares(down.source.text()))
}

/// What is to be done, wherever.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    pub cx: &'a Cx,
    pub args: &'a VerifyArgs,
    pub project: &'a Project,
    pub set: &'a Set,
    /// What each has to be.
    pub required: &'a [Require],
    /// In how many places.
    pub lanes: usize,
}

/// What was found in a place.
#[derive(Default)]
pub struct Found {
    migrations: Vec<Verified>,
    not_reached: Vec<String>,
    /// What is to be said beside it.
    pub remarks: Vec<String>,
    said: Vec<Diagnostic>,
    stopped: bool,
}

impl Found {
    /// Makes it the answer; gives what is to be said about failures.
    pub fn hand_over(self, answer: &mut Verify) -> Vec<Diagnostic> {
        answer.migrations.extend(self.migrations);
        answer.not_reached.extend(self.not_reached);
        answer.remarks.extend(self.remarks);
        self.said
    }

    fn add(&mut self, other: Self) {
        self.migrations.extend(other.migrations);
        self.not_reached.extend(other.not_reached);
        self.remarks.extend(other.remarks);
        self.said.extend(other.said);
        self.stopped |= other.stopped;
    }
}

impl Work<'_> {
    /// A shadow database with what the migrations before these leave; gives the name of what it is a copy of too.
    pub async fn open(&self, chosen: &[&Migration]) -> Result<(Ground, String), Failure> {
        let Self { cx, args, project, set, .. } = *self;
        let shadows = source::open(cx, project).await?;
        let first = chosen.first().map(|it| it.version.key());
        let is_before = |it: &&Migration| first.is_some_and(|first| it.version.key() < first);
        let before: Vec<&Migration> = set.migrations.iter().filter(is_before).collect();
        let kept = source::kept(cx, project, &shadows, (set, &before)).await?;
        let shadow = shadows.create(Some(&kept)).await?;
        let ground = Box::pin(Ground::open(shadows, shadow, args.scope.scope(project))).await?;
        Ok((ground, kept))
    }

    /// Walks in all places at the same time: in the first, which is open, and in the others.
    pub async fn walk(
        &self,
        lanes: &[&[&Migration]],
        (ground, data): (&mut Ground, Option<&mut Data>),
        tell: &dyn Fn(Event),
        found: &mut Found,
    ) -> Result<(), Failure> {
        let Some((first, others)) = lanes.split_first() else { return Ok(()) };
        let rest = futures_util::future::join_all(others.iter().map(|chosen| Box::pin(self.apart(chosen, tell))));
        let (walked, rest) = {
            let walk = Box::pin(self.over(first, (&mut *ground, data), tell, found));
            futures_util::future::join(walk, rest).await
        };
        walked?;
        for (chosen, lane) in others.iter().zip(rest) {
            match lane {
                Ok(lane) if !found.stopped => found.add(lane),
                // What stands before it does not apply, or so it seemed: here it is seen.
                Err(_) if !found.stopped => Box::pin(self.over(chosen, (&mut *ground, None), tell, found)).await?,
                _ => found.not_reached.extend(chosen.iter().map(|it| title(it))),
            }
        }
        Ok(())
    }

    /// Walks in a place of its own.
    async fn apart(&self, chosen: &[&Migration], tell: &dyn Fn(Event)) -> Result<Found, Failure> {
        let mut found = Found::default();
        let (mut ground, _) = Box::pin(self.open(chosen)).await?;
        let walked = Box::pin(self.over(chosen, (&mut ground, None), tell, &mut found)).await;
        Box::pin(ground.drop()).await?;
        walked.map(|()| found)
    }

    /// Tries the chosen ones, and runs those between them.
    async fn over(
        &self,
        chosen: &[&Migration],
        (ground, mut data): (&mut Ground, Option<&mut Data>),
        tell: &dyn Fn(Event),
        found: &mut Found,
    ) -> Result<(), Failure> {
        let Self { args, project, set, .. } = *self;
        let keys: BTreeSet<i64> = chosen.iter().map(|it| it.version.key()).collect();
        let (first, last) = (keys.first().copied(), keys.last().copied());
        let between = |it: &&Migration| Some(it.version.key()) >= first && Some(it.version.key()) <= last;
        let trials = Trials { twice: true, generated: args.generated };
        let mut made = Vec::new();
        found.stopped = false;
        for migration in set.migrations.iter().filter(between) {
            let is_chosen = keys.contains(&migration.version.key());
            if found.stopped {
                found.not_reached.extend(is_chosen.then(|| title(migration)));
                continue;
            }
            let subject = ready(ground, project, migration).await?;
            made.extend(roles::new(ground.place.session()?, std::slice::from_ref(&subject.up)).await?);
            if !is_chosen {
                if let Err(diagnostic) = pass(ground, &subject.up).await? {
                    found.said.push(diagnostic);
                    found.stopped = true;
                } else if let Some(data) = &mut data {
                    let now = ground.watch.now();
                    data.pass(&subject, &ground.watch.whole(now)).await?;
                }
                continue;
            }
            // What is shown as running is one at a time.
            if self.lanes == 1 {
                tell(started(&subject));
            }
            let begun = Instant::now();
            let Walked { mut report, mut diagnostics, states, renamed, generated } =
                Box::pin(walk(ground, &subject, trials)).await?;
            found.stopped = !report.applies && !args.keep_going;
            if !report.applies && args.keep_going {
                // Outside a transaction a part of it stays.
                ground.watch.look(None).await?;
            }
            if let (Some(data), Some(states)) = (&mut data, &states) {
                let back = generated.as_ref().map(|plan| plan.steps.as_slice());
                let with_data = data.walk(&subject, &Change { states, renamed: &renamed, back }).await?;
                diagnostics.extend(with_data.diagnostics);
                let was_idempotent = report.idempotent.ok;
                report.take_over(with_data.report, with_data.again, with_data.losses);
                if was_idempotent && !report.idempotent.ok {
                    diagnostics.push(twice::otherwise(&subject.up, &report.idempotent));
                }
            }
            found.said.extend(diagnostics.into_iter().map(|it| show::judged(&report, it, self.required)));
            if self.lanes > 1 {
                tell(started(&subject));
            }
            tell(finished(&subject, begun, report.applies));
            found.migrations.push(report);
        }
        // What was followed step by step is read once as a whole.
        if !ground.watch.recheck().await? {
            found.remarks.push(
                "the schema that was followed is not the one that is there at the end: this is a bug of dbctl, and what it \
                 says of these migrations may be wrong"
                    .to_owned(),
            );
        }
        roles::forget(ground.place.session()?, &made).await;
        Ok(())
    }
}

/// The event that begins a migration.
fn started(subject: &Subject) -> Event {
    let up = &subject.up;
    Event::MigrationStarted {
        version: up.version.clone(),
        name: up.name.clone(),
        path: up.path.clone(),
        direction: up.direction,
        statements: up.statements.len(),
        transaction: up.transaction == TransactionMode::Single,
    }
}

/// The event that ends a migration.
fn finished(subject: &Subject, begun: Instant, applies: bool) -> Event {
    let (version, name) = (subject.up.version.clone(), subject.up.name.clone());
    let direction = subject.up.direction;
    if applies {
        return Event::MigrationFinished { version, name, direction, ms: begun.elapsed().as_secs_f64() * 1e3 };
    }
    let message = "it does not apply on the shadow database".to_owned();
    Event::MigrationFailed { version, name, direction, statement: None, sqlstate: None, message, rolled_back: true }
}

fn title(migration: &Migration) -> String {
    format!("{}_{}", migration.version, migration.name)
}
