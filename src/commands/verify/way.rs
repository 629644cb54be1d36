//! The way back: it has to restore what was there before, and the migration has to run again on that.

use super::ground::{Broke, Ground, Stage};
use super::judge::{OPTIONS, column_orders, differences, sql};
use super::loss;
use super::walk::{breakage, locks};
use crate::catalog::{Id, Kind};
use crate::db::watch::{Moment, Pair};
use crate::diagnostic::Diagnostic;
use crate::diff::rename::{Rename, known};
use crate::diff::{Plan, Step as Statement, parts, plan};
use crate::error::Failure;
use crate::plan::step::Step;
use crate::report::TransactionMode;
use crate::report::verify::{Breakage, DataLoss, LostBy, Reversible, WaySource};

/// What came of a way back by its file.
pub struct ByFile {
    /// For machines.
    pub report: Reversible,
    /// For people.
    pub diagnostics: Vec<Diagnostic>,
}

/// What came of a generated way back.
pub struct Generated {
    /// For machines.
    pub report: Reversible,
    /// For people.
    pub diagnostics: Vec<Diagnostic>,
    /// The statements, from what the migration has left to what was there before it.
    pub plan: Plan,
}

/// Takes a migration back by its down file, and applies it again.
pub async fn by_file(
    ground: &mut Ground,
    (up, down): (&Step, &Step),
    states: (Moment, Moment),
) -> Result<ByFile, Failure> {
    let is_single = |step: &Step| step.transaction == TransactionMode::Single;
    let mut on_copy = !is_single(up) || !is_single(down);
    loop {
        let stage = ground.stage(on_copy).await?;
        let tried = file_on(ground, &stage, (up, down), states).await;
        ground.place.leave(stage).await?;
        match tried? {
            Some(found) => return Ok(found),
            None => on_copy = true,
        }
    }
}

async fn file_on(
    ground: &mut Ground,
    stage: &Stage,
    (up, down): (&Step, &Step),
    (before, after): (Moment, Moment),
) -> Result<Option<ByFile>, Failure> {
    let mut report =
        Reversible { source: WaySource::File, path: Some(down.path.clone()), tested: true, ..Reversible::default() };
    let mut diagnostics = Vec::new();
    let played = ground.place.play(stage, down).await?;
    if let Err(broke) = played {
        if matches!(stage, Stage::Inside) && broke.wants_commits() {
            return Ok(None);
        }
        let title = format!("the way back of `{}_{}` fails", up.version, up.name);
        let (failure, diagnostic) = breakage(down, &broke, ("verify/reversible", title));
        let pair = ground.watch.pair(after, before);
        let mend = plan(&pair.from, &pair.to, OPTIONS);
        report.mend = Some(sql(&mend));
        report.failure = Some(failure);
        diagnostics.push(diagnostic);
        return Ok(Some(ByFile { report, diagnostics }));
    }
    let touched = played.unwrap_or_default();
    report.locks = locks(ground, touched.as_ref());
    let left = ground.peek(stage, touched.as_ref()).await?;
    let pair = ground.watch.pair(left, before);
    let mend;
    (report.differs, mend) = differences(&pair.from, &pair.to);
    report.exact = report.differs.is_empty();
    report.column_order_of = column_orders(&pair.from, &pair.to);
    report.column_order = !report.column_order_of.is_empty();
    report.mend = mend.as_ref().map(sql);
    report.data_loss = dropped(ground, before, (after, left));
    if !report.exact {
        diagnostics.push(not_exact(up, down, &report));
    }
    if !again(ground, stage, up, after, &mut report, &mut diagnostics).await? {
        return Ok(None);
    }
    Ok(Some(ByFile { report, diagnostics }))
}

/// Takes a migration back by the difference of the schemas, and applies it again.
pub async fn generated(ground: &mut Ground, up: &Step, states: (Moment, Moment)) -> Result<Generated, Failure> {
    let mut on_copy = up.transaction != TransactionMode::Single;
    let mut whole = false;
    loop {
        let stage = ground.stage(on_copy).await?;
        let tried = generated_on(ground, &stage, up, states, whole).await;
        ground.place.leave(stage).await?;
        match tried? {
            Tried::Found(found) if found.report.exact || whole => return Ok(*found),
            // What is enough to compare may be too little to plan with.
            Tried::Found(_) => whole = true,
            Tried::WantsCommits => on_copy = true,
        }
    }
}

enum Tried {
    Found(Box<Generated>),
    WantsCommits,
}

async fn generated_on(
    ground: &mut Ground,
    stage: &Stage,
    up: &Step,
    (before, after): (Moment, Moment),
    whole: bool,
) -> Result<Tried, Failure> {
    let is_inside = matches!(stage, Stage::Inside);
    let pair = |ground: &Ground, from: Moment| {
        if whole {
            return (ground.watch.whole(from), ground.watch.whole(before));
        }
        let pair = ground.watch.pair(from, before);
        (pair.from, pair.to)
    };
    ground.place.on(stage)?.batch("set check_function_bodies = off").await?;
    let identity = ground.watch.pair(after, before);
    let (renames, rename_steps) = rename(ground, stage, &identity).await?;
    let way = if renames.is_empty() {
        let (from, to) = pair(ground, after);
        plan(&from, &to, OPTIONS)
    } else {
        let touched = ground.place.touched(stage).await?;
        let now = ground.peek(stage, touched.as_ref()).await?;
        let (from, to) = pair(ground, now);
        plan(&from, &to, OPTIONS).after(&renames, &rename_steps)
    };
    let rest = way.steps.get(rename_steps.len()..).unwrap_or_default();
    if is_inside && !rest.is_empty() && (parts(rest).len() > 1 || rest.iter().any(|step| step.outside_transaction)) {
        return Ok(Tried::WantsCommits);
    }
    let mut report = Reversible { source: WaySource::Generated, tested: true, ..Reversible::default() };
    let mut diagnostics = Vec::new();
    if let Some((sql, broke)) = ground.place.run(stage, rest).await? {
        if is_inside && broke.wants_commits() {
            return Ok(Tried::WantsCommits);
        }
        report.failure = Some(generated_breakage(&sql, &broke));
        let title = "no way back of `{}` can be generated that works";
        diagnostics.push(generated_fails(up, title, &sql, &broke));
        return Ok(Tried::Found(Box::new(Generated { report, diagnostics, plan: way })));
    }
    let touched = ground.place.touched(stage).await?;
    report.locks = locks(ground, touched.as_ref());
    let left = ground.peek(stage, touched.as_ref()).await?;
    let there = ground.watch.pair(left, before);
    (report.differs, _) = differences(&there.from, &there.to);
    report.exact = report.differs.is_empty();
    report.column_order_of = column_orders(&there.from, &there.to);
    report.column_order = !report.column_order_of.is_empty();
    if !again(ground, stage, up, after, &mut report, &mut diagnostics).await? {
        return Ok(Tried::WantsCommits);
    }
    Ok(Tried::Found(Box::new(Generated { report, diagnostics, plan: way })))
}

/// Gives objects that only have another name now their old one; what PostgreSQL refuses is left to the plan.
async fn rename(ground: &Ground, stage: &Stage, identity: &Pair) -> Result<(Vec<Rename>, Vec<Statement>), Failure> {
    let session = ground.place.on(stage)?;
    let (mut renames, mut steps) = (Vec::new(), Vec::new());
    for rename in known(&identity.from, &identity.renamed) {
        let own = rename.steps(&identity.from);
        let sql = own.iter().map(|step| step.sql.as_str()).collect::<Vec<_>>().join("; ");
        let ran = match stage {
            Stage::Inside => {
                session.batch("savepoint rename").await?;
                let ran = session.batch(&sql).await;
                let end = if ran.is_ok() { "release rename" } else { "rollback to rename; release rename" };
                session.batch(end).await?;
                ran
            }
            Stage::Copy(..) => session.batch(&sql).await,
        };
        match ran {
            Ok(()) => {
                renames.push(rename);
                steps.extend(own);
            }
            Err(error) if error.connection_is_lost() => return Err(error.into()),
            Err(error) => tracing::debug!(%error, "a rename is left to the plan"),
        }
    }
    Ok((renames, steps))
}

/// Applies a migration that was taken back; says no where it can be tried only with commits.
async fn again(
    ground: &mut Ground,
    stage: &Stage,
    up: &Step,
    after: Moment,
    report: &mut Reversible,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<bool, Failure> {
    let played = ground.place.play(stage, up).await?;
    if let Err(broke) = played {
        if matches!(stage, Stage::Inside) && broke.wants_commits() {
            return Ok(false);
        }
        let title = format!("migration `{}_{}` does not apply again after its way back", up.version, up.name);
        let (failure, diagnostic) = breakage(up, &broke, ("verify/reversible", title));
        report.reup_failure = Some(failure);
        diagnostics.push(diagnostic);
        return Ok(true);
    }
    let again = ground.peek(stage, played.unwrap_or_default().as_ref()).await?;
    let pair = ground.watch.pair(again, after);
    (report.reup_differs, _) = differences(&pair.from, &pair.to);
    report.reup = report.reup_differs.is_empty();
    Ok(true)
}

/// The tables and columns that a down file drops, though they were there before the migration and it had let them be.
fn dropped(ground: &Ground, before: Moment, (after, left): (Moment, Moment)) -> Vec<DataLoss> {
    // One that the migration itself has made anew is lost already.
    let anew = ground.watch.made_anew(before, after);
    let is_lost = |id: &&Id| anew.contains(id) || anew.contains(&id.beside(Kind::Table, ""));
    let again = ground.watch.made_anew(after, left);
    let mut lost: Vec<DataLoss> =
        again.iter().filter(|id| !is_lost(id)).map(|id| loss::made_anew(id, LostBy::Down)).collect();
    let gone = ground.watch.gone(after, left);
    let kept = ground.watch.gone(after, before);
    lost.extend(gone.iter().filter(|id| ![&kept, &again].iter().any(|them| them.contains(id)) && !is_lost(id)).map(
        |id| DataLoss {
            why: "the down file drops it, and the migration had found it there".to_owned(),
            ..loss::made_anew(id, LostBy::Down)
        },
    ));
    lost
}

fn not_exact(up: &Step, down: &Step, report: &Reversible) -> Diagnostic {
    let title = format!("the way back of `{}_{}` does not restore what was there before", up.version, up.name);
    let mut diagnostic = Diagnostic::error("verify/reversible", title).note(format!("it is `{}`", down.path));
    for difference in report.differs.iter().take(NAMED) {
        diagnostic = diagnostic.note(format!("{} {}", difference.object, difference.how.after_back()));
    }
    let more = report.differs.len().saturating_sub(NAMED);
    if more > 0 {
        diagnostic = diagnostic.note(format!("and {more} more"));
    }
    match &report.mend {
        Some(mend) => diagnostic.help(format!("add to the file:\n{}", mend.trim_end())),
        None => diagnostic,
    }
}

/// How many objects are named.
const NAMED: usize = 10;

/// A generated statement that failed.
pub fn generated_breakage(sql: &str, broke: &Broke) -> Breakage {
    let server = broke.error.server();
    Breakage {
        path: None,
        statement: None,
        line: None,
        sql: sql.lines().next().unwrap_or_default().to_owned(),
        sqlstate: server.map(|it| it.sqlstate.clone()),
        message: server.map_or_else(|| broke.error.to_string(), |it| it.message.clone()),
        help: Vec::new(),
    }
}

/// Says that a generated statement failed; the title has a place for the migration.
pub fn generated_fails(up: &Step, title: &str, sql: &str, broke: &Broke) -> Diagnostic {
    let title = title.replace("{}", &format!("{}_{}", up.version, up.name));
    let message = broke.error.server().map_or_else(|| broke.error.to_string(), |it| it.message.clone());
    Diagnostic::error("verify/reversible", title)
        .caused_by(format!("`{sql}` fails: {message}"))
        .help("write the down file by hand")
}
