//! What the tests of the state directory share: a run that applies one migration and fails at the next.

use crate::report::{Direction, Event, Outcome, RunMeta, Stamped, Target};

pub(super) fn meta(id: &str, started_at: &str) -> RunMeta {
    RunMeta {
        format: "dbctl/run/v1".to_owned(),
        run: id.to_owned(),
        command: "migrate".to_owned(),
        argv: ["dbctl", "migrate", "--local"].map(str::to_owned).to_vec(),
        actor: "ada@lovelace".to_owned(),
        started_at: started_at.parse().unwrap(),
        target: Target {
            name: "local".to_owned(),
            host: "127.0.0.1:5432".to_owned(),
            database: "postgres".to_owned(),
            user: "postgres".to_owned(),
            server_version: "18.0".to_owned(),
            local: true,
            fingerprint: "7300/5".to_owned(),
        },
        git_commit: Some("bcabcbc".to_owned()),
        git_dirty: Some(true),
        dbctl_version: "0.1.0".to_owned(),
        gate_skipped: None,
        allowed: Vec::new(),
    }
}

pub(super) fn stamp(event: Event) -> Stamped {
    Stamped { at: "2026-11-21T10:31:08.5Z".parse().unwrap(), event }
}

pub(super) fn finished(outcome: Outcome, migrations: usize) -> Stamped {
    stamp(Event::RunFinished { outcome, migrations, ms: 1_240.0 })
}

pub(super) fn applied(version: &str, name: &str) -> Vec<Stamped> {
    let (version, name) = (version.to_owned(), name.to_owned());
    [
        Event::MigrationStarted {
            version: version.clone(),
            name: name.clone(),
            path: "migrations/x.sql".to_owned(),
            direction: Direction::Up,
            statements: 1,
            transaction: true,
        },
        Event::StatementStarted {
            version: version.clone(),
            number: 1,
            line: 3,
            summary: "CREATE TABLE `a|b`".to_owned(),
        },
        Event::Notice { version: version.clone(), severity: "NOTICE".to_owned(), message: "skipping".to_owned() },
        Event::StatementFinished { version: version.clone(), number: 1, ms: 3.0, rows: Some(2) },
        Event::MigrationFinished { version, name, direction: Direction::Up, ms: 12.0 },
    ]
    .map(stamp)
    .to_vec()
}

/// A whole run: one migration is applied, the next one fails.
pub(super) fn failed_run() -> Vec<Stamped> {
    let mut events = applied("1", "users");
    events.extend(applied("2", "orders").into_iter().take(2));
    events.push(stamp(Event::MigrationFailed {
        version: "2".to_owned(),
        name: "orders".to_owned(),
        direction: Direction::Up,
        statement: Some(1),
        sqlstate: Some("42P07".to_owned()),
        message: "relation \"a|b\" already exists".to_owned(),
        rolled_back: true,
    }));
    events.push(finished(Outcome::Failed, 1));
    events
}
