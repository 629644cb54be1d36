//! The walk: each migration is run on what those before it have left, run again, taken back, and run again.

use std::time::Instant;

use super::ground::{Broke, Ground};
use super::{loss, twice, way};
use crate::catalog::{Catalog, Id};
use crate::db::watch::Touched;
use crate::diagnostic::Diagnostic;
use crate::diff::Plan;
use crate::error::Failure;
use crate::plan::step::Step;
use crate::report::verify::{Breakage, Idempotent, Reversible, Verified, VerifyLock, WaySource};
use crate::risk::LockMode;
use crate::sql;

/// A migration, ready to be tried.
pub struct Subject {
    /// What applies it.
    pub up: Step,
    /// What takes it back; none where nobody has written it.
    pub down: Option<Step>,
}

/// What is tried of each.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trials {
    /// Whether it is run a second time.
    pub twice: bool,
    /// Whether the generated way back is tried where there is a down file.
    pub generated: bool,
}

/// What was seen of a migration.
pub struct Walked {
    /// What is proved.
    pub report: Verified,
    /// What is to be said about failures, at their places.
    pub diagnostics: Vec<Diagnostic>,
    /// What was there before it and what it left, as far as they may differ; none where it does not apply.
    pub states: Option<(Catalog, Catalog)>,
    /// Names of the same objects before and after it.
    pub renamed: Vec<(Id, Id)>,
    /// The generated way back; none where it was not asked for, or where it does not apply.
    pub generated: Option<Plan>,
}

/// Tries a migration, and leaves what it has made when it ran for the first time.
pub async fn walk(ground: &mut Ground, subject: &Subject, trials: Trials) -> Result<Walked, Failure> {
    let Subject { up, down } = subject;
    let mut report = unproved(up, down.as_ref());
    let mut diagnostics = Vec::new();
    let before = ground.watch.now();
    let begun = Instant::now();
    let touched = match ground.place.advance(up).await? {
        Ok(touched) => touched,
        Err(broke) => {
            let title = format!("migration `{}_{}` does not apply", up.version, up.name);
            let (breakage, diagnostic) = breakage(up, &broke, ("verify/applies", title));
            report.failure = Some(breakage);
            return Ok(Walked {
                report,
                diagnostics: vec![diagnostic],
                states: None,
                renamed: Vec::new(),
                generated: None,
            });
        }
    };
    report.ms = begun.elapsed().as_secs_f64() * 1e3;
    report.applies = true;
    report.locks = locks(ground, touched.as_ref());
    let after = ground.watch.look(touched.as_ref()).await?;
    let mut pair = ground.watch.pair(before, after);
    report.changes_schema = pair.from != pair.to;
    if trials.twice {
        let found = twice::run(ground, up, after, touched.as_ref()).await?;
        diagnostics.extend(found.diagnostic);
        report.idempotent = found.idempotent;
    }
    let states = (before, after);
    let mut generated = None;
    if let Some(down) = down {
        let found = way::by_file(ground, (up, down), states).await?;
        diagnostics.extend(found.diagnostics);
        report.reversible = found.report;
    }
    if down.is_none() || trials.generated {
        let found = way::generated(ground, up, states).await?;
        generated = Some(found.plan);
        if down.is_none() {
            diagnostics.extend(found.diagnostics);
            report.reversible = found.report;
        } else {
            report.generated = Some(found.report);
        }
    }
    if !pair.is_whole && [Some(up), down.as_ref()].into_iter().flatten().any(changes_rows) {
        // What rows are changed of is known by its name, and what changes them may be any function.
        (pair.from, pair.to) = (ground.watch.whole(before), ground.watch.whole(after));
    }
    let back: Vec<(Id, Id)> = pair.renamed.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
    let anew = ground.watch.made_anew(before, after);
    let names = (back.as_slice(), anew.as_slice());
    let (lost, decide) = loss::of((&pair.from, &pair.to), names, (up, down.as_ref()));
    report.reversible.data_loss.extend(lost);
    report.reversible.decide = decide;
    if let Some(generated) = &mut report.generated {
        (generated.data_loss, generated.decide) = loss::of((&pair.from, &pair.to), names, (up, None));
    }
    Ok(Walked { report, diagnostics, states: Some((pair.from, pair.to)), renamed: pair.renamed, generated })
}

/// Whether a statement of it may change rows: all that is not a definition.
fn changes_rows(step: &Step) -> bool {
    const DEFINITIONS: [&str; 8] = ["CREATE", "DROP", "COMMENT", "GRANT", "REVOKE", "SET", "RESET", "SECURITY"];
    step.statements.iter().any(|statement| {
        let verb = statement.kind.split(' ').next().unwrap_or_default();
        let computes = || step.text(statement).to_ascii_lowercase().contains("using");
        !DEFINITIONS.contains(&verb) && (verb != "ALTER" || computes())
    })
}

/// Runs a migration that nobody asked about, on the way to those somebody did.
pub async fn pass(ground: &mut Ground, up: &Step) -> Result<Result<(), Diagnostic>, Failure> {
    Ok(match ground.place.advance(up).await? {
        Ok(touched) => {
            ground.watch.look(touched.as_ref()).await?;
            Ok(())
        }
        Err(broke) => {
            let title = format!("migration `{}_{}` does not apply", up.version, up.name);
            Err(breakage(up, &broke, ("verify/applies", title)).1)
        }
    })
}

fn unproved(up: &Step, down: Option<&Step>) -> Verified {
    let source = if down.is_some() { WaySource::File } else { WaySource::Generated };
    Verified {
        version: up.version.clone(),
        name: up.name.clone(),
        path: up.path.clone(),
        sha256: up.sha256.clone(),
        applies: false,
        failure: None,
        idempotent: Idempotent::default(),
        reversible: Reversible { source, path: down.map(|down| down.path.clone()), ..Reversible::default() },
        generated: None,
        with_data: None,
        changes_schema: false,
        locks: Vec::new(),
        ms: 0.0,
    }
}

/// The locks that a transaction holds on what was there before it, SHARE and stronger.
pub fn locks(ground: &Ground, touched: Option<&Touched>) -> Vec<VerifyLock> {
    let held = touched.map(|touched| ground.watch.locks(touched)).unwrap_or_default();
    let mode = |word: &str| LockMode::ALL.into_iter().find(|mode| mode.pg_locks() == word);
    let lock = |(relation, word): (String, String)| Some(VerifyLock { relation, mode: mode(&word)? });
    held.into_iter().filter_map(lock).collect()
}

/// A statement that failed, as a machine and as a person read it.
pub fn breakage(step: &Step, broke: &Broke, (code, title): (&'static str, String)) -> (Breakage, Diagnostic) {
    let diagnostic = super::super::run_failure::tried(step, broke.number, &broke.error, (code, title));
    let statement = step.statements.iter().find(|it| Some(it.number) == broke.number);
    let server = broke.error.server();
    let breakage = Breakage {
        path: Some(step.path.clone()),
        statement: broke.number,
        line: statement.map(|statement| step.line(statement)),
        sql: statement.map(|it| sql::first_line(step.source.text(), it.span, SHOWN)).unwrap_or_default(),
        sqlstate: server.map(|it| it.sqlstate.clone()),
        message: server.map_or_else(|| broke.error.to_string(), |it| it.message.clone()),
        help: diagnostic.helps.clone(),
    };
    (breakage, diagnostic)
}

/// How much of a statement is shown.
const SHOWN: usize = 100;
