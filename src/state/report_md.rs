//! `report.md`: a run told to a person, from `templates/report.md.j2`.

use std::time::Duration;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::Error;
use crate::report::{Direction, Event, Outcome, RunMeta, Stamped, target_flag};
use crate::text::{count, human_duration};

const TEMPLATE: &str = include_str!("../../templates/report.md.j2");

/// A migration of ten thousand statements is told by its first ones.
const DETAILS: usize = 100;

/// What the template sees.
#[derive(Debug, Serialize)]
struct Report<'a> {
    title: String,
    result: String,
    command: String,
    target: String,
    server_version: &'a str,
    started: String,
    took: Option<String>,
    actor: &'a str,
    git_commit: Option<&'a str>,
    git_dirty: bool,
    gate_skipped: Option<&'a str>,
    allowed: String,
    dbctl_version: &'a str,
    run: &'a str,
    migrations: Vec<Migration>,
    failures: Vec<Failure>,
    next: String,
}

#[derive(Debug, Serialize)]
struct Migration {
    id: String,
    version: String,
    result: &'static str,
    statements: usize,
    took: String,
    details: Vec<String>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Failure {
    id: String,
    place: Option<String>,
    sqlstate: Option<String>,
    message: String,
    state: &'static str,
}

/// Tells a run from what it was and what happened.
pub(super) fn render(meta: &RunMeta, events: &[Stamped]) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("code", code);
    environment.add_filter("cell", |value: &str| code(value).replace('|', "\\|"));
    environment.add_filter("text", text);
    environment.add_filter("block", block);
    let context = Value::from(Serde(report(meta, events)));
    let text = environment.template_from_str(TEMPLATE).and_then(|template| template.render(context));
    text.map(|text| text + "\n").map_err(|source| Error::Template { source })
}

fn report<'a>(meta: &'a RunMeta, events: &[Stamped]) -> Report<'a> {
    let mut migrations: Vec<Migration> = Vec::new();
    let mut failures = Vec::new();
    let mut statement = None;
    let mut finished = None;
    for Stamped { event, .. } in events {
        match event {
            Event::MigrationStarted { version, name, statements, .. } => migrations.push(Migration {
                id: format!("{version}_{name}"),
                version: version.clone(),
                result: "not finished",
                statements: *statements,
                took: String::new(),
                details: Vec::new(),
                more: 0,
            }),
            Event::StatementStarted { number, line, summary: what, .. } => {
                statement = Some((*number, format!("line {line}: {}", one_line(what))));
            }
            Event::StatementFinished { version, ms, rows, .. } => {
                let rows = rows.map(|rows| format!(", {}", count(usize::try_from(rows).unwrap_or(usize::MAX), "row")));
                let what = statement.take().map(|(_, what)| what).unwrap_or_default();
                let told = format!("{what} ({}{})", duration(*ms), rows.unwrap_or_default());
                detail(&mut migrations, version, told);
            }
            Event::Notice { version, severity, message } => {
                detail(&mut migrations, version, format!("{}: {}", severity.to_lowercase(), code(message)));
            }
            Event::Remark { version, message } => detail(&mut migrations, version, one_line(message)),
            Event::MigrationFinished { version, direction, ms, .. } => {
                let result = match direction {
                    Direction::Up => "applied",
                    Direction::Down => "rolled back",
                };
                end(&mut migrations, version, result, *ms);
            }
            Event::MigrationFailed { version, name, statement: number, sqlstate, message, rolled_back, .. } => {
                if let Some(migration) = migrations.iter_mut().rfind(|migration| migration.version == *version) {
                    migration.result = "**failed**";
                }
                failures.push(Failure {
                    id: format!("{version}_{name}"),
                    place: number.map(|number| place(number, statement.take())),
                    sqlstate: sqlstate.clone(),
                    message: message.clone(),
                    state: if *rolled_back {
                        "Everything that it did was rolled back."
                    } else {
                        "It was **not** rolled back: a part of it stays, or the outcome of its commit is unknown."
                    },
                });
            }
            Event::RunFinished { outcome, migrations, ms } => finished = Some((*outcome, *migrations, *ms)),
            Event::RunStarted { .. } | Event::Waiting { .. } => {}
        }
    }
    let outcome = finished.map(|(outcome, ..)| outcome);
    let done = finished.map_or(0, |(_, done, _)| done);
    Report {
        title: format!("{} `{}`", heading(&meta.command), meta.target.name),
        result: result(outcome, &count(done, "migration"), &meta.command),
        command: meta.argv.join(" "),
        target: format!("{}@{}/{}", meta.target.user, meta.target.host, meta.target.database),
        server_version: &meta.target.server_version,
        started: meta.started_at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        took: finished.map(|(.., ms)| duration(ms)),
        actor: &meta.actor,
        git_commit: meta.git_commit.as_deref(),
        git_dirty: meta.git_dirty == Some(true),
        gate_skipped: meta.gate_skipped.as_deref(),
        allowed: meta.allowed.join(", "),
        dbctl_version: &meta.dbctl_version,
        run: &meta.run,
        migrations,
        failures,
        next: next(outcome, meta),
    }
}

fn detail(migrations: &mut [Migration], version: &str, told: String) {
    if let Some(migration) = migrations.iter_mut().rfind(|migration| migration.version == version) {
        migration.more += usize::from(migration.details.len() >= DETAILS);
        migration.details.extend((migration.details.len() < DETAILS).then_some(told));
    }
}

fn end(migrations: &mut [Migration], version: &str, result: &'static str, ms: f64) {
    if let Some(migration) = migrations.iter_mut().rfind(|migration| migration.version == version) {
        migration.result = result;
        migration.took = duration(ms);
    }
}

fn heading(command: &str) -> &'static str {
    if command == "rollback" { "Rollback of" } else { "Migration of" }
}

fn result(outcome: Option<Outcome>, done: &str, command: &str) -> String {
    let verb = if command == "rollback" { "rolled back" } else { "applied" };
    match outcome {
        Some(Outcome::Done) => format!("**Done:** {done} {verb}."),
        Some(Outcome::NothingToDo) => "**Nothing to do.**".to_owned(),
        Some(Outcome::Failed) => format!("**Failed:** {done} {verb}; the one that failed was rolled back."),
        Some(Outcome::Partial) => format!("**Failed in part:** {done} {verb}; a part of the next one stays."),
        Some(Outcome::Refused) => "**Refused:** nothing was run.".to_owned(),
        Some(Outcome::Interrupted) => format!("**Interrupted:** {done} {verb}; what ran then was rolled back."),
        None => "**No result:** the run has not ended in order.".to_owned(),
    }
}

/// What a person would do now, with the commands for it.
fn next(outcome: Option<Outcome>, meta: &RunMeta) -> String {
    let flag = target_flag(&meta.target.name);
    let flag = flag.trim_start();
    let command = &meta.command;
    let status = format!("`dbctl status {flag}` shows where every migration stands.");
    match outcome {
        Some(Outcome::Done) if command == "migrate" && meta.target.local => {
            format!(
                "Take the same files to the remote with `dbctl migrate`, or take them back with `dbctl rollback {flag}`."
            )
        }
        Some(Outcome::Done) if command == "migrate" => {
            format!(
                "Nothing. `dbctl rollback {flag}` takes the migrations back, `dbctl rollback {flag} --plan` only shows how."
            )
        }
        Some(Outcome::Done | Outcome::NothingToDo) => format!("Nothing. {status}"),
        Some(Outcome::Failed) => {
            format!("Mend the file and run `dbctl {command} {flag}` again: it goes on where it stopped. {status}")
        }
        Some(Outcome::Partial) => format!(
            "Look at the database before anything else is run: compare it with the statements above, which ended well \
             up to the failure. Then mend the file and run `dbctl {command} {flag}` again. {status}"
        ),
        Some(Outcome::Refused) => format!("Settle what was refused, then run `dbctl {command} {flag}` again. {status}"),
        Some(Outcome::Interrupted) | None => {
            format!("Run `dbctl {command} {flag}` again when it suits: it goes on where it stopped. {status}")
        }
    }
}

fn duration(ms: f64) -> String {
    human_duration(Duration::try_from_secs_f64(ms / 1_000.0).unwrap_or_default())
}

/// ``statement 3, line 12: CREATE TABLE `users` ``, where the statement is known.
fn place(number: usize, statement: Option<(usize, String)>) -> String {
    match statement {
        Some((known, what)) if known == number => format!("statement {number}, {what}"),
        _ => format!("statement {number}"),
    }
}

/// A code span that holds any text, in a line.
fn code(value: &str) -> String {
    let value = one_line(value);
    if value.contains('`') { format!("`` {value} ``") } else { format!("`{value}`") }
}

/// Text in a table's cell; code spans in it are kept.
fn text(value: &str) -> String {
    one_line(value).replace('|', "\\|").replace('<', "&lt;")
}

/// Text without line ends and other control characters.
fn one_line(value: &str) -> String {
    value.replace(char::is_control, " ")
}

/// Text as a block of code.
fn block(value: &str) -> String {
    value.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{applied, failed_run, finished, meta};
    use super::*;

    const ID: &str = "0193a1b2-1c00-7abc-8def-0123456789ab";

    #[test]
    fn tells_a_failed_run() {
        let mut meta = meta(ID, "2026-11-21T10:31:07Z");
        meta.gate_skipped = Some("a hotfix | at night".to_owned());
        meta.allowed = vec!["--allow-late".to_owned()];
        insta::assert_snapshot!(render(&meta, &failed_run()).unwrap(), @r#"
        <!-- dbctl/report/v1 -->
        # Migration of `local`

        **Failed:** 1 migration applied; the one that failed was rolled back.

        | | |
        |---|---|
        | Command | `dbctl migrate --local` |
        | Target | `postgres@127.0.0.1:5432/postgres`, PostgreSQL 18.0 |
        | When | 2026-11-21 10:31:07 UTC, 1.2 s |
        | Who | `ada@lovelace` |
        | Git commit | `bcabcbc`, with changes that were not committed |
        | Local gate | skipped: a hotfix \| at night |
        | Allowed | `--allow-late` |
        | dbctl | 0.1.0 |
        | Run | `0193a1b2-1c00-7abc-8def-0123456789ab` |

        ## Migrations

        | Migration | Result | Statements | Time |
        |---|---|---:|---:|
        | `1_users` | applied | 1 | 12 ms |
        | `2_orders` | **failed** | 1 |  |

        ## What failed

        Migration `2_orders`, statement 1, line 3: CREATE TABLE `a|b`, SQLSTATE `42P07`:

            relation "a|b" already exists

        Everything that it did was rolled back.

        ## `1_users`

        - notice: `skipping`
        - line 3: CREATE TABLE `a|b` (3 ms, 2 rows)

        ## What to do next

        Mend the file and run `dbctl migrate --local` again: it goes on where it stopped. `dbctl status --local` shows where every migration stands.
        "#);
    }

    #[test]
    fn tells_a_run_that_did_nothing() {
        let mut meta = meta(ID, "2026-11-21T10:31:07Z");
        meta.git_commit = None;
        insta::assert_snapshot!(render(&meta, &[finished(Outcome::NothingToDo, 0)]).unwrap(), @r#"
        <!-- dbctl/report/v1 -->
        # Migration of `local`

        **Nothing to do.**

        | | |
        |---|---|
        | Command | `dbctl migrate --local` |
        | Target | `postgres@127.0.0.1:5432/postgres`, PostgreSQL 18.0 |
        | When | 2026-11-21 10:31:07 UTC, 1.2 s |
        | Who | `ada@lovelace` |
        | dbctl | 0.1.0 |
        | Run | `0193a1b2-1c00-7abc-8def-0123456789ab` |

        ## Migrations

        None was run.

        ## What to do next

        Nothing. `dbctl status --local` shows where every migration stands.
        "#);
    }

    #[test]
    fn knows_what_to_do_next_after_every_outcome() {
        let mut meta = meta(ID, "2026-11-21T10:31:07Z");
        for name in ["local", "remote", "staging", "url"] {
            meta.target.name = name.to_owned();
            meta.target.local = name == "local";
            for command in ["migrate", "rollback"] {
                meta.command = command.to_owned();
                for ended in [Outcome::Done, Outcome::Partial, Outcome::Refused, Outcome::Interrupted] {
                    let mut events = applied("1", "users");
                    events.push(finished(ended, 1));
                    assert!(render(&meta, &events).unwrap().contains("\n## What to do next\n\n"));
                }
            }
        }
        assert!(render(&meta, &[]).unwrap().contains("has not ended in order"));
    }
}
