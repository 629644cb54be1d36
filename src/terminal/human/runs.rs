//! `dbctl runs` for people.

use comfy_table::Cell;
use std::time::Duration;

use super::{Human, NOTHING, line, minute, outcome, remarks, sentence};
use crate::report::{Direction, Event, Outcome, RunMeta, RunSummary, Runs, Stamped, short_run};
use crate::terminal::progress::duration;
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::{count, human_duration};

const HEADERS: [&str; 7] = ["RUN", "STARTED (UTC)", "COMMAND", "TARGET", "OUTCOME", "MIGRATIONS", "TIME"];

impl Human for Runs {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        let last = match &self.shown {
            Some(meta) => {
                show(&mut out, meta, &self.events);
                let summary = self.runs.first();
                let (word, role) = summary.map_or(("ended without a result", Role::Warning), result);
                (role, format!("Run {} on `{}`: {word}.", short_run(&meta.run), meta.target.name))
            }
            None if self.runs.is_empty() => (Role::Plain, "No runs yet: `dbctl migrate` makes the first.".to_owned()),
            None => {
                out = table(&HEADERS, self.runs.iter().map(row), usize::MAX, width);
                (Role::Plain, format!("{}; `dbctl runs show RUN` shows one.", count(self.runs.len(), "run")))
            }
        };
        if !self.remarks.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        remarks(&mut out, &self.remarks);
        sentence(&mut out, last.0, &last.1);
        out
    }
}

fn row(run: &RunSummary) -> Vec<Cell> {
    let (word, role) = result(run);
    vec![
        Cell::new(short_run(&run.run)),
        Cell::new(minute(run.started_at)),
        Cell::new(&run.command),
        Cell::new(&run.target),
        role.cell(word),
        Cell::new(run.migrations),
        Cell::new(run.ms.map_or_else(|| NOTHING.to_owned(), duration)),
    ]
}

fn result(run: &RunSummary) -> (&'static str, Role) {
    match run.outcome {
        Some(ended) => outcome(ended),
        None if run.running => ("running", Role::Help),
        None => ("ended without a result", Role::Warning),
    }
}

fn show(out: &mut String, meta: &RunMeta, events: &[Stamped]) {
    fact(out, "run", &meta.run);
    fact(out, "command", &meta.argv.join(" "));
    fact(out, "by", &meta.actor);
    fact(out, "started", &format!("{} UTC", meta.started_at.strftime("%Y-%m-%d %H:%M:%S")));
    fact(out, "target", &format!("{}, PostgreSQL {}", meta.target.describe(), meta.target.server_version));
    if let Some(commit) = &meta.git_commit {
        let dirty = if meta.git_dirty == Some(true) { ", with changes not committed" } else { "" };
        fact(out, "git commit", &format!("{commit}{dirty}"));
    }
    fact(out, "dbctl", &meta.dbctl_version);
    if let Some(reason) = &meta.gate_skipped {
        fact(out, "gate skipped", reason);
    }
    if !meta.allowed.is_empty() {
        fact(out, "allowed", &meta.allowed.join(", "));
    }
    if !events.is_empty() {
        out.push('\n');
    }
    for stamped in events {
        if let Some(text) = told(&stamped.event) {
            let since = stamped.at.duration_since(meta.started_at);
            let since = human_duration(Duration::try_from(since).unwrap_or_default());
            line(out, &format!("{} {text}", Role::Dim.paint(&format!("{since:>12}"))));
        }
    }
}

fn fact(out: &mut String, name: &str, value: &str) {
    line(out, &format!("{} {}", Role::Dim.paint(&format!("{name:<12}")), clean(value)));
}

/// An event as a line; statements are told by the migration that they belong to.
fn told(event: &Event) -> Option<String> {
    Some(match event {
        Event::RunStarted { migrations, .. } => format!("began with {}", count(*migrations, "migration")),
        Event::MigrationFinished { version, name, direction, ms } => {
            let done = match direction {
                Direction::Up => "applied",
                Direction::Down => "rolled back",
            };
            format!("{} {version}_{} in {}", Role::Success.paint(done), clean(name), duration(*ms))
        }
        Event::MigrationFailed { version, name, statement, sqlstate, message, rolled_back, .. } => {
            let place = statement.map(|number| format!(" at statement {number}")).unwrap_or_default();
            let sqlstate = sqlstate.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
            let state = if *rolled_back { "rolled back" } else { "not rolled back" };
            let failed = Role::Error.paint("failed");
            format!("{failed} {version}_{}{place}: {sqlstate}{} ({state})", clean(name), clean(message))
        }
        Event::Waiting { holder } => format!("waited for {}", clean(holder)),
        Event::Notice { severity, message, .. } => format!("{}: {}", severity.to_lowercase(), clean(message)),
        Event::Remark { message, .. } => clean(message),
        Event::RunFinished { outcome: ended, ms, .. } => ended_after(*ended, *ms),
        Event::MigrationStarted { .. } | Event::StatementStarted { .. } | Event::StatementFinished { .. } => {
            return None;
        }
    })
}

fn ended_after(ended: Outcome, ms: f64) -> String {
    format!("ended: {} after {}", outcome(ended).0, duration(ms))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{plain, target};
    use super::*;

    fn summary(outcome: Option<Outcome>) -> RunSummary {
        RunSummary {
            run: "0193a1b2-1c00-7abc-8def-0123456789ab".to_owned(),
            folder: ".dbctl/runs/20261121T103107Z-456789ab".to_owned(),
            command: "migrate".to_owned(),
            started_at: "2026-11-21T10:31:07Z".parse().unwrap(),
            target: "local".to_owned(),
            outcome,
            running: false,
            migrations: 3,
            ms: outcome.map(|_| 1_240.0),
        }
    }

    fn runs(runs: Vec<RunSummary>) -> Runs {
        Runs { format: "dbctl/runs/v1", runs, shown: None, events: Vec::new(), remarks: Vec::new() }
    }

    #[test]
    fn lists_the_runs() {
        let mut view = runs(vec![summary(Some(Outcome::Failed)), summary(None)]);
        view.remarks.push("`.dbctl/runs/x/meta.json` is damaged".to_owned());
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        RUN       STARTED (UTC)     COMMAND  TARGET  OUTCOME                 MIGRATIONS  TIME
        456789ab  2026-11-21 10:31  migrate  local   failed                  3           1.2 s
        456789ab  2026-11-21 10:31  migrate  local   ended without a result  3           -

        note: `.dbctl/runs/x/meta.json` is damaged

        2 runs; `dbctl runs show RUN` shows one.
        "#);
        assert_eq!(plain(&runs(Vec::new()).human(None)), "No runs yet: `dbctl migrate` makes the first.\n");
    }

    #[test]
    fn tells_a_run() {
        let mut view = runs(vec![summary(Some(Outcome::Failed))]);
        view.shown = Some(RunMeta {
            format: "dbctl/run/v1".to_owned(),
            run: "0193a1b2-1c00-7abc-8def-0123456789ab".to_owned(),
            command: "migrate".to_owned(),
            argv: vec!["dbctl".to_owned(), "migrate".to_owned(), "--local".to_owned()],
            actor: "ada@lovelace".to_owned(),
            started_at: "2026-11-21T10:31:07Z".parse().unwrap(),
            target: target("local"),
            git_commit: Some("bcabcbc".to_owned()),
            git_dirty: Some(true),
            dbctl_version: "0.1.0".to_owned(),
            gate_skipped: None,
            allowed: Vec::new(),
        });
        let at = "2026-11-21T10:31:08.500Z".parse().unwrap();
        let (version, name) = ("2".to_owned(), "orders".to_owned());
        let events = [
            Event::MigrationFinished {
                version: "1".to_owned(),
                name: "users".to_owned(),
                direction: Direction::Up,
                ms: 9.0,
            },
            Event::MigrationFailed {
                version,
                name,
                direction: Direction::Up,
                statement: Some(2),
                sqlstate: Some("42P07".to_owned()),
                message: "relation `orders` already exists".to_owned(),
                rolled_back: true,
            },
            Event::RunFinished { outcome: Outcome::Failed, migrations: 1, ms: 1_240.0 },
        ];
        view.events = events.map(|event| Stamped { at, event }).to_vec();
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        run          0193a1b2-1c00-7abc-8def-0123456789ab
        command      dbctl migrate --local
        by           ada@lovelace
        started      2026-11-21 10:31:07 UTC
        target       `local` (postgres@db.example:5432/app), PostgreSQL 15.18
        git commit   bcabcbc, with changes not committed
        dbctl        0.1.0

               1.5 s applied 1_users in 9 ms
               1.5 s failed 2_orders at statement 2: 42P07 relation `orders` already exists (rolled back)
               1.5 s ended: failed after 1.2 s

        Run 456789ab on `local`: failed.
        "#);
    }
}
