//! The rollback script: SQL that a DBA can run with psql, and that keeps dbctl's history true.

use crate::db::Timeouts;
use crate::migration::Set;
use crate::plan::record::{Author, Kind, Record, delete_history};
use crate::plan::step::Step;
use crate::report::{Direction, Target, TransactionMode};
use crate::text::quote_literal;

/// The script that takes back what a run applies, newest first; it names what has no down file.
pub fn of_steps(set: &Set, steps: &[Step], timeouts: &Timeouts, target: &Target) -> String {
    let mut lacking = Vec::new();
    let mut downs = Vec::new();
    for step in steps.iter().rev() {
        let file = set.by_key(step.key);
        match file.map(super::steps::down) {
            Some(Ok(Some(down))) => downs.push(down),
            Some(Ok(None) | Err(_)) | None => lacking.push(title(step)),
        }
    }
    let lacking =
        lacking.iter().map(|title| format!("-- {title}: no down file, so this script does not take it back\n"));
    script(&downs, timeouts, target) + &lacking.collect::<String>()
}

/// The script of down steps, in the order given.
pub fn script(steps: &[Step], timeouts: &Timeouts, target: &Target) -> String {
    let mut text = format!(
        "-- Rolls migrations back, newest first, and keeps dbctl's history true.\n\
         -- Written by dbctl {} for {}.\n\
         -- Run it with: psql -X -v ON_ERROR_STOP=1 -f THIS_FILE \"$URL\"\n\
         \\set ON_ERROR_STOP on\n\n",
        env!("CARGO_PKG_VERSION"),
        target.describe().replace(['\n', '\r'], " "),
    );
    for step in steps {
        text.push_str(&one(step, timeouts));
        text.push('\n');
    }
    text
}

/// The migration in a comment, which a line end in its name must not leave.
fn title(step: &Step) -> String {
    format!("{}_{}", step.version, step.name).replace(['\n', '\r'], " ")
}

/// One down step, with its guard and the history that goes with it.
pub fn one(step: &Step, timeouts: &Timeouts) -> String {
    let author = Author { run: None, actor: None, tool_version: env!("CARGO_PKG_VERSION").to_owned() };
    let title = title(step);
    let guard = guard(step.key, &title);
    let body = step.sent();
    // A file whose last statement has no `;` is as good as one that has it.
    let body = body.trim_end();
    let body = if body.ends_with(';') { body.to_owned() } else { [body, "\n;"].concat() };
    let settings = |verb: &str| {
        let statement = timeouts.statement.as_deref().map(|time| (verb, "statement_timeout", time));
        let all = [Some((verb, "lock_timeout", timeouts.lock.as_str())), statement];
        let set = all.into_iter().flatten();
        set.map(|(verb, name, time)| [verb, " ", name, " = ", &quote_literal(time), ";\n"].concat()).collect::<String>()
    };
    let record = Record {
        key: step.key,
        version: &step.version,
        name: &step.name,
        kind: Kind::Reverted,
        direction: Direction::Down,
        sha256: &step.sha256,
        raw_sha256: &step.raw_sha256,
        statement: None,
        ms: None,
        sqlstate: None,
        message: None,
        sql: Some(&step.normalised),
    }
    .insert(&author);
    let reset = "reset session authorization; reset role; reset all;";
    let history = delete_history(step.key);
    match step.transaction {
        TransactionMode::Single => {
            format!(
                "-- {title}\nbegin;\n{}{guard}\n{body}\n{reset}\n{history};\n{record};\ncommit;\n",
                settings("set local")
            )
        }
        TransactionMode::None | TransactionMode::SelfManaged => {
            let reason = step.transaction_reason.as_deref().unwrap_or("as the file says");
            format!(
                "-- {title}: outside a transaction, {reason}\n{}{guard}\n{body}\n{reset}\nbegin;\n{history};\n{record};\ncommit;\n",
                settings("set")
            )
        }
    }
}

/// Stops the script where a migration is not applied, or another runner is at work.
fn guard(key: i64, title: &str) -> String {
    let not_applied = quote_literal(&format!("{title} is not applied here: nothing of it was rolled back"));
    let held = quote_literal("a dbctl runner is at work on this database: try again when it is done");
    format!(
        "do $dbctl$\nbegin\n  if not pg_catalog.pg_try_advisory_lock({lock}) then\n    raise exception using message = {held};\n  \
         end if;\n  if not exists (select from dbctl.schema_history where version = {key}) then\n    \
         raise exception using message = {not_applied};\n  end if;\nend\n$dbctl$;",
        lock = crate::db::LOCK_KEY,
    )
}
