//! The second run: it has to run, and to leave what the first one has left.

use std::collections::BTreeSet;

use super::ground::{Broke, Ground, Stage};
use super::judge::differences;
use super::rows::{self, Digests};
use super::sequences::{self, Counts};
use super::shared;
use super::walk::breakage;
use crate::db::watch::{Moment, Touched};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::plan::step::Step;
use crate::report::TransactionMode;
use crate::report::verify::Idempotent;

/// What came of it.
#[derive(Default)]
pub struct Found {
    /// For machines.
    pub idempotent: Idempotent,
    /// For people, at its place.
    pub diagnostic: Option<Diagnostic>,
    /// Whether sequences stand elsewhere now.
    sets_sequences: bool,
}

/// Runs a migration again on what it has left.
pub async fn run(ground: &mut Ground, up: &Step, after: Moment, touched: Option<&Touched>) -> Result<Found, Failure> {
    let locked = touched.map(Touched::exclusive).unwrap_or_default();
    let written = touched.map(Touched::sequences).unwrap_or_default();
    let touched = touched.map(Touched::tables).unwrap_or_default();
    // By name: a run may make a table anew.
    let mut asked: BTreeSet<String> = touched.iter().map(rows::name).collect();
    asked.extend(rows::with_rows(ground.place.session()?, &locked).await?);
    let mut left = rows::digests(ground.place.session()?, &asked).await?;
    let mut counts = sequences::of(ground.place.session()?, written).await?;
    let mut rounds = 0;
    let again = shared::intolerant(up);
    let mut on_copy = up.transaction != TransactionMode::Single;
    loop {
        let stage = ground.stage(on_copy).await?;
        if on_copy {
            left = rows::all(ground.place.on(&stage)?).await?;
            counts = sequences::all(ground.place.on(&stage)?).await?;
        }
        let wanted = (&left, &counts, (rounds < MOST_ROUNDS).then_some(&asked));
        let tried = on(ground, &stage, again.as_ref().unwrap_or(up), after, wanted).await;
        ground.place.leave(stage).await?;
        match tried? {
            Tried::Found(found) => {
                if !on_copy && found.sets_sequences {
                    sequences::restore(ground.place.session()?, &counts).await?;
                }
                return Ok(*found);
            }
            Tried::WantsCommits if !on_copy => on_copy = true,
            Tried::WantsRows(names) => {
                left.extend(rows::digests(ground.place.session()?, &names).await?);
                asked.extend(names);
                rounds += 1;
            }
            Tried::WantsCommits => return Ok(Found::default()),
        }
    }
}

/// How often a run may name tables that were not asked for: it may make some with another name each time.
const MOST_ROUNDS: usize = 2;

enum Tried {
    Found(Box<Found>),
    /// It can be tried only where its parts are committed.
    WantsCommits,
    /// What these tables held before is to be known first.
    WantsRows(BTreeSet<String>),
}

async fn on(
    ground: &mut Ground,
    stage: &Stage,
    up: &Step,
    after: Moment,
    (left, counts, asked): (&Digests, &Counts, Option<&BTreeSet<String>>),
) -> Result<Tried, Failure> {
    let is_inside = matches!(stage, Stage::Inside);
    let touched = match ground.place.play(stage, up).await? {
        Ok(touched) => touched,
        Err(broke) if is_inside && broke.wants_commits() => return Ok(Tried::WantsCommits),
        Err(broke) => return Ok(Tried::Found(Box::new(fails(up, &broke)))),
    };
    let mut idempotent = Idempotent { tested: true, ..Idempotent::default() };
    if let (Some(touched), Some(asked)) = (&touched, asked) {
        let names = touched.tables().iter().map(rows::name);
        let unknown: BTreeSet<String> = names.filter(|name| !asked.contains(name)).collect();
        if !unknown.is_empty() {
            return Ok(Tried::WantsRows(unknown));
        }
    }
    if touched.as_ref().is_none_or(|touched| !touched.catalogs().is_empty()) {
        let again = ground.peek(stage, touched.as_ref()).await?;
        if !ground.watch.is_same(after, again) {
            let pair = ground.watch.pair(again, after);
            (idempotent.differs, _) = differences(&pair.from, &pair.to);
        }
    }
    let is = rows::digests(ground.place.on(stage)?, &left.keys().cloned().collect()).await?;
    idempotent.rows = rows::differing(left, &is, rows::Times::MayDiffer);
    let set = sequences::differing(up, counts, &sequences::again(ground.place.on(stage)?, counts).await?);
    let sets_sequences = !set.is_empty();
    idempotent.rows.extend(set);
    idempotent.ok = idempotent.differs.is_empty() && idempotent.rows.is_empty();
    let diagnostic = (!idempotent.ok).then(|| otherwise(up, &idempotent));
    Ok(Tried::Found(Box::new(Found { idempotent, diagnostic, sets_sequences })))
}

fn fails(up: &Step, broke: &Broke) -> Found {
    let title = format!("migration `{}_{}` cannot run twice", up.version, up.name);
    let (failure, diagnostic) = breakage(up, broke, ("verify/idempotent", title));
    Found {
        idempotent: Idempotent { tested: true, failure: Some(failure), ..Idempotent::default() },
        diagnostic: Some(diagnostic),
        sets_sequences: false,
    }
}

/// It runs, and changes something again.
pub fn otherwise(up: &Step, idempotent: &Idempotent) -> Diagnostic {
    let title = format!("migration `{}_{}` changes something when it runs again", up.version, up.name);
    let mut diagnostic = Diagnostic::error("verify/idempotent", title);
    for difference in &idempotent.differs {
        diagnostic = diagnostic.note(format!("{} {}", difference.object, difference.how.again()));
    }
    for rows in &idempotent.rows {
        diagnostic = diagnostic.note(format!("{} holds {}", rows.table, rows.how));
    }
    diagnostic
        .help("guard what it does: `if not exists`, `or replace`, `on conflict do nothing`, names for what is made")
}
