//! Which migrations are taken back, and why some cannot be.

use super::super::refuse::{InDoubt, begins_as};
use super::super::steps;
use super::RollbackArgs;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::plan::ledger::{Ledger, Partial, Row};
use crate::plan::step::{Resumed, Step};
use crate::report::{Target, target_flag};
use crate::text::count;

/// The migrations that are to be taken back, in the reverse of the order in which they were applied.
pub fn pick<'l>(set: &Set, ledger: &'l Ledger, args: &RollbackArgs, target: &Target) -> Result<Vec<&'l Row>, Failure> {
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
    Ok(rows)
}

/// The same as steps by their down files; refuses where one has none.
pub fn decide(set: &Set, ledger: &Ledger, args: &RollbackArgs, target: &Target) -> Result<Vec<Step>, Failure> {
    let rows = pick(set, ledger, args, target)?;
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

/// An earlier rollback of one of these was begun by its down file, and is to be ended by it.
pub fn begun_by_file(partial: &Partial, target: &Target) -> Failure {
    let flag = target_flag(&target.name);
    let title = format!(
        "the rollback of `{}_{}` on `{}` was begun and is not done",
        partial.version, partial.name, target.name
    );
    Failure::new(
        Exit::Refused,
        Diagnostic::error("rollback/unfinished", title)
            .note("it ran outside a transaction; nothing was changed now")
            .help(format!("end it by its down file first: `dbctl rollback{flag}`")),
    )
}

/// Migrations of which nobody has the file any more.
pub fn files_gone(gone: &[&Row], target: &Target) -> Failure {
    let lacking: Vec<(&Row, &str)> = gone.iter().map(|row| (*row, why_none(None))).collect();
    no_way_back(&lacking, target)
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
        Some(false) => "there is none",
        None => "its file is gone, and its down file with it",
    }
}

fn no_way_back(lacking: &[(&Row, &str)], target: &Target) -> Failure {
    let flag = target_flag(&target.name);
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
            .help("let dbctl write it, proved on a shadow database: `dbctl rollback --generate`")
            .help(format!(
                "or review a script with generated steps, and run it with psql: `dbctl rollback{flag} --plan -o back.sql`"
            ))
            .help("or write `VERSION_name.down.sql` beside the migration (`supabase/rollbacks/` on Supabase), or roll back fewer: `-n N`, `--to VERSION`"),
    )
}
