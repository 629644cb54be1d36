//! A run that failed, as people read it: what, where, why, what is true now, and what mends it.

mod place;

use crate::db::{Error, RunError};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::plan::step::Step;
use crate::report::{Applied, Direction, Target, short_run};
use crate::sqlstate::{ErrorPosition, ServerError, condition_name, remedy};
use crate::text::{Source, count};

use self::place::place;

/// Explains why a run stopped.
pub fn run_error(error: &RunError, steps: &[Step], done: &[Applied], target: &Target, run: &str) -> Failure {
    explain(error, steps, done, target).note(format!("the run's record: `dbctl runs show {}`", short_run(run)))
}

/// The same for a run that keeps no record.
pub fn explain(error: &RunError, steps: &[Step], done: &[Applied], target: &Target) -> Failure {
    let step = |version: &str| steps.iter().find(|step| step.version == version);
    let name = &target.name;
    let (exit, mut diagnostic) = match error {
        RunError::Statement { version, number, error, blockers, rolled_back, done, invalid } => {
            let mut diagnostic = statement(step(version), *number, error, name);
            if !invalid.is_empty() {
                // `if not exists`, the advice otherwise, would keep an index that serves nothing.
                diagnostic.helps.retain(|help| !help.contains("if not exists"));
                diagnostic = left_invalid(diagnostic, invalid);
            }
            diagnostic.notes.extend(blockers.iter().cloned());
            after_statement(diagnostic, step(version), *rolled_back, *done, invalid)
        }
        RunError::Commit { version, error, rolled_back } => {
            let diagnostic = Diagnostic::error(
                "apply/commit-failed",
                format!("{} ran, but could not be committed on `{name}`", title(step(version), version)),
            )
            .caused_by(error.to_string());
            let (exit, state) = if *rolled_back {
                (Exit::RolledBack, undone(step(version)))
            } else {
                let state = "it runs outside a transaction: all its statements stay in effect, its end is not recorded";
                (Exit::Partial, state)
            };
            (exit, recording(diagnostic.note(state), error))
        }
        RunError::CommitInDoubt { version, recorded } => in_doubt(step(version), version, *recorded, name),
        RunError::Lost { version, number, rolled_back, error } => {
            let title = format!("the connection to `{name}` was lost during {}", title(step(version), version));
            let diagnostic = Diagnostic::error("apply/connection-lost", title);
            let mut diagnostic = at_statement(diagnostic, step(version), *number, "was running");
            diagnostic.causes.extend(error.server().map(said));
            after_loss(diagnostic, step(version), *number, *rolled_back)
        }
        RunError::Unrecorded { version, number, error, took_effect, done } => {
            let title =
                format!("{} stopped: its progress could not be recorded on `{name}`", title(step(version), version));
            let diagnostic = Diagnostic::error("apply/not-recorded", title).caused_by(error.to_string());
            (Exit::Partial, unrecorded(diagnostic, step(version), (*number, *took_effect), *done, error))
        }
        RunError::Interrupted { version, rolled_back, done, cancelled, invalid } => {
            let title = format!("interrupted during {} on `{name}`", title(step(version), version));
            let diagnostic = Diagnostic::note_only("apply/interrupted", title);
            let diagnostic = if *rolled_back {
                diagnostic.note(undone(step(version)))
            } else {
                let state = match (cancelled, done) {
                    (Some(_), done) => outside(*done, "was cancelled"),
                    (None, 1) => {
                        "it runs outside a transaction: its first statement is applied and recorded".to_owned()
                    }
                    (None, done) => {
                        format!("it runs outside a transaction: its first {done} statements are applied and recorded")
                    }
                };
                left_invalid(diagnostic.note(state), invalid)
            };
            (Exit::Interrupted, diagnostic.help("run the same command again: it goes on where it stopped"))
        }
        RunError::Database(error) => between_migrations(error),
        RunError::Refinery(message) => {
            let title = format!("the history of `{name}` is not what it was when this run was planned");
            let diagnostic = Diagnostic::error("apply/history-changed", title)
                .caused_by(message.clone())
                .note("nothing of this migration was run")
                .help("run the same command again; if it says this again, it is a bug");
            (Exit::Refused, diagnostic)
        }
    };
    let verb =
        if steps.first().is_some_and(|step| step.direction == Direction::Down) { "rolled back" } else { "applied" };
    if !done.is_empty() {
        diagnostic = diagnostic.note(format!(
            "{} before it {} {verb} and recorded",
            count(done.len(), "migration"),
            stay(done.len())
        ));
    }
    Failure::new(exit, diagnostic)
}

/// The database failed where no statement of a migration ran.
fn between_migrations(error: &Error) -> (Exit, Diagnostic) {
    let Failure { exit, mut diagnostics, .. } = Failure::from_database(error);
    let diagnostic = diagnostics.pop().unwrap_or_else(|| Diagnostic::error("db/error", error.to_string()));
    let timeout = error.server().filter(|server| server.sqlstate == "22023").and_then(|server| {
        ["lock_timeout", "statement_timeout"].into_iter().find(|name| server.message.contains(name))
    });
    let diagnostic = match timeout {
        Some(name) => diagnostic
            .note("nothing of the migration was run")
            .help(format!("write `{name}` in dbctl.toml as PostgreSQL does: `500ms`, `3s`, `5min`, `0` for none")),
        None => diagnostic.note("no statement of the next migration was run"),
    };
    (if timeout.is_some() { Exit::Project } else { exit }, diagnostic)
}

/// How far a migration outside a transaction came, where the database does not know.
fn unrecorded(
    diagnostic: Diagnostic,
    step: Option<&Step>,
    (number, took_effect): (usize, bool),
    done: usize,
    error: &Error,
) -> Diagnostic {
    let (what, state) = if took_effect {
        ("took effect, but this is not recorded", "and this one took effect")
    } else {
        ("was not sent", "and this one was not sent")
    };
    let diagnostic = at_statement(diagnostic, step, number, what).note(format!(
        "it runs outside a transaction: {} before this one stay in effect, {state}",
        count(done, "statement")
    ));
    recording(diagnostic, error).help("mend the cause, and run the same command again: it goes on there, or asks how")
}

/// What holds after a statement failed: all rolled back, or the ones before it stay.
fn after_statement(
    diagnostic: Diagnostic,
    step: Option<&Step>,
    rolled_back: bool,
    done: usize,
    invalid: &[String],
) -> (Exit, Diagnostic) {
    if rolled_back {
        return (Exit::RolledBack, diagnostic.note(undone(step)));
    }
    if done == 0 && !invalid.is_empty() {
        let state = "it runs outside a transaction: of its first statement only the invalid index stays";
        return (Exit::Partial, diagnostic.note(state));
    }
    let diagnostic = diagnostic.note(outside(done, "failed"));
    if done == 0 {
        return (Exit::RolledBack, diagnostic);
    }
    let behind = if done == 1 { "statement".to_owned() } else { count(done, "statement") };
    (
        Exit::Partial,
        diagnostic.help(format!(
            "mend the file, but not its first {behind}, and run the same command again: it goes on there"
        )),
    )
}

/// What holds after the connection broke under a statement.
fn after_loss(diagnostic: Diagnostic, step: Option<&Step>, number: usize, rolled_back: bool) -> (Exit, Diagnostic) {
    if rolled_back {
        let diagnostic = diagnostic.note(undone(step)).help("run the same command again");
        return (Exit::RolledBack, diagnostic);
    }
    let diagnostic = diagnostic
        .note(format!("the migration runs outside a transaction: nobody recorded how statement {number} ended"))
        .help("run the same command again: it goes on there, or asks what to do");
    (Exit::Partial, diagnostic)
}

/// What a failed commit, or a failed row of dbctl's own, has to do with the migration before it.
fn recording(mut diagnostic: Diagnostic, error: &Error) -> Diagnostic {
    let server = error.server();
    if server.is_some_and(|server| server.sqlstate == "25006") {
        return diagnostic.help("leave `set transaction read only` and the like out of the migration");
    }
    let of_dbctl = |server: &ServerError| server.schema.as_deref() == Some("dbctl") || server.message.contains("dbctl");
    if server.is_some_and(|server| server.sqlstate == "23505" && of_dbctl(server)) {
        return diagnostic
            .help("another runner recorded it meanwhile: look at `dbctl status`, and run the command again");
    }
    if server.is_some_and(of_dbctl) {
        return diagnostic.help("a migration has to leave the schema `dbctl` and the rights on it alone");
    }
    diagnostic = with_server(diagnostic, error, "");
    // What fails at the commit was deferred already.
    diagnostic.helps.retain(|help| !help.contains(" deferred;"));
    diagnostic
}

fn stay(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// What holds after a rolled back transaction: of a way up nothing, of a way down all that was there.
fn undone(step: Option<&Step>) -> &'static str {
    match step.map(|step| step.direction) {
        Some(Direction::Down) => "its transaction was rolled back: the migration stays applied, nothing of it is lost",
        Some(Direction::Up) | None => "its transaction was rolled back: nothing of this migration is applied",
    }
}

fn outside(done: usize, how: &str) -> String {
    match done {
        0 => format!(
            "it runs outside a transaction; no statement is in effect, as none before the one that {how} was committed"
        ),
        1 => format!("it runs outside a transaction: its first statement stays in effect, the one that {how} is not"),
        n => {
            format!("it runs outside a transaction: its first {n} statements stay in effect, the one that {how} is not")
        }
    }
}

/// An index whose concurrent build failed exists, is kept up to date by every write, and serves no query.
fn left_invalid(diagnostic: Diagnostic, indexes: &[String]) -> Diagnostic {
    indexes.iter().fold(diagnostic, |diagnostic, index| {
        // A failed REINDEX leaves its own under a name that the next one does not take.
        let leftover = index.trim_end_matches('"').trim_end_matches(|c: char| c.is_ascii_digit());
        if leftover.ends_with("_ccnew") || leftover.ends_with("_ccold") {
            diagnostic
                .note(format!("index `{index}` is left invalid: writes keep it up to date, and it serves no query"))
                .help(format!("drop it: `drop index concurrently {index};`"))
        } else {
            diagnostic.note(format!(
                "index `{index}` is left invalid, as its build failed: writes keep it up to date, and it serves no \
                 query; the next run drops it before it builds it anew"
            ))
        }
    })
}

fn title(step: Option<&Step>, version: &str) -> String {
    match step {
        Some(Step { version, name, direction: Direction::Up, .. }) => format!("migration `{version}_{name}`"),
        Some(Step { version, name, direction: Direction::Down, .. }) => format!("the rollback of `{version}_{name}`"),
        None => format!("migration `{version}`"),
    }
}

/// A statement that failed where it was tried, under a title of its own; without a number, the end of the transaction.
pub fn tried(step: &Step, number: Option<usize>, error: &Error, (code, title): (&'static str, String)) -> Diagnostic {
    let diagnostic = match number {
        Some(number) => statement(Some(step), number, error, ""),
        None => with_server(Diagnostic::error(code, "").caused_by(error.to_string()), error, ""),
    };
    Diagnostic { code, title, ..diagnostic }
}

/// The statement that failed, at the place where PostgreSQL saw it.
fn statement(step: Option<&Step>, number: usize, error: &Error, target: &str) -> Diagnostic {
    let version = step.map(|step| step.version.clone()).unwrap_or_default();
    let diagnostic =
        Diagnostic::error("apply/statement-failed", format!("{} failed on `{target}`", title(step, &version)));
    let Some(step) = step else { return diagnostic.caused_by(error.to_string()) };
    let statement = step.statements.iter().find(|statement| statement.number == number);
    let (Some(statement), Error::Server(server)) = (statement, error) else {
        return at_statement(diagnostic, Some(step), number, error.to_string());
    };
    let diagnostic = diagnostic.at(&step.source, place(step, statement, server), said(server));
    let diagnostic = inner(diagnostic, server);
    let position = step.statements.iter().position(|other| other.number == number).unwrap_or_default() + 1;
    let diagnostic = diagnostic.note(format!("statement {position} of {}", step.statements.len()));
    with_server(diagnostic, error, step.text(statement))
}

fn at_statement(diagnostic: Diagnostic, step: Option<&Step>, number: usize, text: impl Into<String>) -> Diagnostic {
    let Some(step) = step else { return diagnostic };
    match step.statements.iter().find(|statement| statement.number == number) {
        Some(statement) => diagnostic.at(&step.source, step.source.word_at(statement.span.start), text),
        None => diagnostic,
    }
}

/// `23502 not_null_violation: column …`.
fn said(server: &ServerError) -> String {
    match condition_name(&server.sqlstate) {
        Some(condition) => format!("{} {condition}: {}", server.sqlstate, server.message),
        None => format!("{}: {}", server.sqlstate, server.message),
    }
}

/// Detail, hint and remedies of a server error.
fn with_server(mut diagnostic: Diagnostic, error: &Error, statement: &str) -> Diagnostic {
    let Error::Server(server) = error else { return diagnostic };
    if let Some(detail) = &server.detail {
        diagnostic = diagnostic.note(format!("detail: {detail}"));
    }
    if let Some(hint) = &server.hint {
        diagnostic = diagnostic.help(format!("the server's hint: {hint}"));
    }
    diagnostic.helps.extend(remedy(server, statement));
    diagnostic
}

/// The statement inside a function that failed, as its own snippet.
fn inner(diagnostic: Diagnostic, server: &ServerError) -> Diagnostic {
    let mut diagnostic = diagnostic;
    if let Some(ErrorPosition::Internal { position, query }) = &server.position {
        let source = Source::new("inside the code that it runs", query.as_str());
        let span = source.word_at(source.byte_of_character(0, *position as usize));
        diagnostic = diagnostic.see(&source, span, "here");
    }
    if let Some(stack) = &server.where_ {
        diagnostic = diagnostic.note(format!("in {}", stack.lines().collect::<Vec<_>>().join("; ")));
    }
    diagnostic
}

fn in_doubt(step: Option<&Step>, version: &str, recorded: Option<bool>, target: &str) -> (Exit, Diagnostic) {
    let diagnostic = Diagnostic::error(
        "apply/commit-in-doubt",
        format!("the connection to `{target}` was lost while {} was being committed", title(step, version)),
    );
    match recorded {
        Some(true) => (
            Exit::Connect,
            diagnostic
                .note("asked again on a new connection: it is committed and recorded")
                .help("run the same command again for what is left"),
        ),
        Some(false) => (
            Exit::RolledBack,
            diagnostic
                .note("asked again on a new connection: it is not committed")
                .note(undone(step))
                .help("run the same command again"),
        ),
        None => (
            Exit::Partial,
            diagnostic
                .note("no new connection could be had, so nobody knows yet whether it is committed")
                .help("run `dbctl status` when the server answers: the history row is written in the same transaction, so it tells"),
        ),
    }
}
