//! The local gate and the question: what stands between a plan and a remote database.

use super::Cx;
use crate::diagnostic::{Diagnostic, Level};
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Set;
use crate::plan::ledger::Ledger;
use crate::plan::resolve::resolve;
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::{Checksum, MigrationState, Target};
use crate::state::{Gate, GateEntry, StateDir, SumFile};
use crate::terminal::Answer;
use crate::text::count;

/// Refuses steps whose exact content has not passed locally.
pub fn check(gate: &Gate, steps: &[Step], target: &str) -> Result<(), Failure> {
    let closed: Vec<&Step> = steps.iter().filter(|step| !gate.passed(&step.sha256)).collect();
    if closed.is_empty() {
        return Ok(());
    }
    let mut diagnostic =
        Diagnostic::error("migrate/local-gate", format!("{} not passed locally as written", subject(closed.len())));
    for step in &closed {
        diagnostic =
            diagnostic.note(format!("`{}` (SHA-256 {}…)", step.path, &step.sha256[..12.min(step.sha256.len())]));
    }
    diagnostic = diagnostic
        .note(format!("nothing was changed on `{target}`"))
        .help("run `dbctl migrate --local` first, then this command again")
        .help("where that finds nothing to do, the text was never run there: `dbctl db reset`, then migrate locally")
        .help("or pass by the gate, which the run records: `--skip-local-gate --reason \"…\"`");
    Err(Failure::new(Exit::Refused, diagnostic))
}

fn subject(n: usize) -> String {
    if n == 1 { "1 migration has".to_owned() } else { format!("{n} migrations have") }
}

/// Asks before a database that is not local is changed; the default is No.
pub fn confirm(cx: &Cx, yes: bool, what: &str, target: &Target) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    match cx.terminal.confirm(&format!("{what} {}?", target.describe())) {
        Ok(Answer::Yes) => Ok(()),
        Ok(Answer::No) => {
            Err(Failure::new(Exit::Refused, Diagnostic::note_only("confirm/declined", "declined: nothing was changed")))
        }
        Ok(Answer::Interrupted) => Err(Failure::new(
            Exit::Interrupted,
            Diagnostic::note_only("confirm/interrupted", "interrupted: nothing was changed"),
        )),
        Err(_) => Err(Failure::new(
            Exit::Refused,
            Diagnostic::error("confirm/no-terminal", "there is no terminal to ask on, and this needs a yes")
                .note("nothing was changed")
                .help("look at what it would do (`dbctl plan`, `dbctl rollback --plan`), then run the same command with `--yes`"),
        )),
    }
}

/// Records a green local run; the migrations are applied whatever becomes of dbctl's own files.
///
/// `recommented` are applied files that differ from what was run in comments alone.
pub fn record_or_warn(cx: &Cx, project: &Project, set: &Set, ledger: &Ledger, recommented: &[i64], run: Option<&str>) {
    let Err(failure) = record(project, set, ledger, recommented, run) else { return };
    for mut diagnostic in failure.diagnostics {
        diagnostic.level = Level::Warning;
        cx.terminal.diagnostic(
            &diagnostic
                .note("the migrations are applied and recorded in the database; the local gate or `dbctl.sum` is not")
                .help("then run `dbctl migrate --local` again: it brings both up to date"),
        );
    }
}

/// After a green local run: opens the gate for what is applied as written, and brings `dbctl.sum` up to date.
fn record(
    project: &Project,
    set: &Set,
    ledger: &Ledger,
    recommented: &[i64],
    run: Option<&str>,
) -> Result<(), Failure> {
    let passed = resolve(&set.migrations, ledger)
        .into_iter()
        .filter(|item| {
            let as_run = item.state == MigrationState::Applied && item.checksum == Checksum::Ok;
            // What was accepted was not run: it has not passed.
            (as_run || recommented.contains(&item.key)) && item.row.is_some_and(|row| !row.accepted)
        })
        .filter_map(|item| {
            let file = item.file?;
            let row = item.row?;
            let entry = GateEntry {
                version: file.version.text().to_owned(),
                run: row.run.clone().or_else(|| run.map(str::to_owned)).unwrap_or_default(),
                at: row.applied_at.unwrap_or_default(),
            };
            Some((file.checksum.to_string(), entry))
        });
    let state = StateDir::create(project.root.as_std_path())?;
    Gate::record(&state, passed)?;
    let sums: Vec<(String, String)> = set
        .migrations
        .iter()
        .map(|migration| (migration.version.text().to_owned(), migration.checksum.to_string()))
        .collect();
    SumFile::update(project.root.as_std_path(), &sums)?;
    Ok(())
}

/// What differs from `dbctl.sum`, which was committed by whoever ran it locally: worth knowing where it runs elsewhere.
pub fn sum_remarks(project: &Project, steps: &[Step]) -> Result<Vec<String>, Failure> {
    let Some(sums) = SumFile::load(project.root.as_std_path())? else { return Ok(Vec::new()) };
    let differs = |step: &&Step| sums.get(&step.version).is_some_and(|sum| sum != step.sha256);
    let remark =
        |step: &Step| format!("`{}` is not what `dbctl.sum` says: it changed after its last local run", step.path);
    Ok(steps.iter().filter(differs).map(remark).collect())
}

/// The sentence of the question.
pub fn apply_question(steps: usize, accepted: usize) -> String {
    match (steps, accepted) {
        (_, 0) => format!("Apply {} to", count(steps, "migration")),
        (0, _) => format!("Accept {} as they are now on", count(accepted, "changed file")),
        _ => format!("Accept {} and apply {} to", count(accepted, "changed file"), count(steps, "migration")),
    }
}
