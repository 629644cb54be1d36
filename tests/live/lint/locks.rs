//! The locks that rules state, against those that their examples take.

use std::time::{Duration, Instant};

use dbctl::lint::rules::RULES;
use dbctl::lint::{Finding, Input, LintFile};
use dbctl::risk::LockMode;
use dbctl::sql::{Mode, split};

use super::reasons::not_tried;
use super::{Bench, findings, inputs, none_wrong, run, send, server_held};
use crate::support::{Client, Database};

/// Rules whose lock is not on the object that a finding names, or whose examples fail before they take it.
const ELSEWHERE: &[(&str, &str)] =
    &[("timeout-bad-value", "it stands at the setting, and the lock is of the statements behind it")];

#[test]
fn examples_take_the_locks_that_rules_state() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for rule in RULES.iter() {
        if ELSEWHERE.iter().any(|(id, _)| *id == rule.id) {
            continue;
        }
        for text in rule.bad.iter().filter(|text| not_tried(rule.id, text).is_none()) {
            let parts = inputs(text);
            let (files, found) = findings(rule, &parts, bench.version);
            for finding in found.iter().filter(|finding| finding.place.file == Some(parts.len() - 1)) {
                let Some(stated) = finding.lock else { continue };
                let file = &files[parts.len() - 1];
                // The lock that is held once the statement has run; where an earlier one has taken a stronger one, the
                // statement's own.
                let taken = match bench.taken(&parts, file, finding, Earlier::InTransaction) {
                    Ok(Some(taken)) if taken > stated => bench.taken(&parts, file, finding, Earlier::Committed),
                    taken => taken,
                };
                match taken {
                    Ok(Some(taken)) if taken == stated => {}
                    Ok(Some(taken)) => wrong.push(format!("{}: states {stated}, takes {taken} in\n{text}", rule.id)),
                    Ok(None) => wrong.push(format!("{}: states {stated}, takes none in\n{text}", rule.id)),
                    Err(what) => wrong.push(format!("{}: states {stated}; {what} in\n{text}", rule.id)),
                }
            }
        }
    }
    none_wrong(&wrong);
}

/// What becomes of the statements before the finding's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Earlier {
    InTransaction,
    Committed,
}

impl Bench {
    /// The strongest lock on the finding's object once its statement has run.
    fn taken(
        &self,
        parts: &[Input],
        file: &LintFile,
        finding: &Finding,
        before: Earlier,
    ) -> Result<Option<LockMode>, String> {
        let _server = server_held(parts);
        let database = self.template.copy();
        let session = database.session();
        let (last, history) = parts.split_last().unwrap();
        for part in history {
            run(&session, part).map_err(|failure| failure.to_string())?;
        }
        let object = finding.object.as_deref().ok_or("no object")?;
        let oid = session.values(&format!("select to_regclass({})::oid::text", quoted(object))).concat();
        if oid.is_empty() {
            return Err(format!("{object} is no relation"));
        }
        let statements = split(&last.text).map_err(|error| error.to_string())?;
        let end = finding.place.span.start;
        let at = statements.iter().rposition(|statement| statement.span.start <= end).ok_or("no statement")?;
        let text = |at: usize| statements[at].span.of(&last.text);
        if file.is_atomic() && before == Earlier::InTransaction {
            session.run("begin");
        }
        for earlier in 0..at {
            send(&session, text(earlier)).map_err(|failure| failure.to_string())?;
        }
        let one = LintFile::new(0, Input { text: text(at).into(), ..last.clone() });
        if matches!(one.transaction.mode, Mode::NoTransaction { .. }) {
            return alone(&database, session, &oid, text(at), finding.lock.unwrap_or(LockMode::AccessExclusive));
        }
        if !file.is_atomic() || before == Earlier::Committed {
            session.run("begin");
        }
        send(&session, text(at)).map_err(|failure| failure.to_string())?;
        Ok(strongest(&session, &oid, "pid = pg_backend_pid()"))
    }
}

/// What a statement that refuses a transaction asks for, while another session stands in its way.
fn alone(
    database: &Database,
    session: Client,
    oid: &str,
    statement: &str,
    stated: LockMode,
) -> Result<Option<LockMode>, String> {
    let blocker = database.session();
    let in_the_way =
        LockMode::ALL.into_iter().find(|mode| mode.conflicts_with(stated)).ok_or("nothing is in its way")?;
    let table = blocker.values(&format!(
        "select coalesce((select indrelid from pg_index where indexrelid = {oid}), {oid})::regclass::text"
    ));
    blocker.run(&format!("begin; lock table {} in {} mode", table[0], in_the_way.sql()));
    let pid = session.values("select pg_backend_pid()").concat();
    let watcher = database.session();
    let statement = statement.to_owned();
    let running = std::thread::spawn(move || session.try_run(&statement).map_err(|error| error.to_string()));
    let begun = Instant::now();
    let waits = format!("select 1 from pg_locks where pid = {pid} and not granted");
    while watcher.values(&waits).is_empty() && !running.is_finished() && begun.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let taken = strongest(&watcher, oid, &format!("pid = {pid}"));
    blocker.run("rollback");
    running.join().unwrap()?;
    Ok(taken)
}

fn strongest(session: &Client, oid: &str, whose: &str) -> Option<LockMode> {
    let held = format!("select mode from pg_locks where locktype = 'relation' and relation = {oid} and {whose}");
    let held = session.values(&held);
    let name = |mode: &LockMode| format!("{}Lock", mode.sql().replace(' ', "")).to_ascii_lowercase();
    LockMode::ALL.into_iter().rev().find(|mode| held.iter().any(|held| held.to_ascii_lowercase() == name(mode)))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
