//! What the idempotency rules call bad fails or changes data when it runs again; what they call good, or have mended, does
//! neither.

use dbctl::lint::rules::RULES;
use dbctl::lint::{Group, Input};

use super::reasons::{QUIET, failures, not_tried};
use super::{Bench, Failure, inputs, needs_its_own, none_wrong, run, send};
use crate::support::Client;

/// How many rows all tables of migrations have: what a second run must not change.
const ROWS: &str = "select coalesce(sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', \
    oid::regclass), false, true, '')))[1]::text::bigint), 0)::text from pg_class where relkind = 'r' and oid >= 16384";

/// What a second run does.
enum Second {
    Nothing,
    Fails(Failure),
    ChangesRows,
}

impl Bench {
    /// Runs the history and the last migration, and that one again.
    fn twice(&self, inputs: &[Input]) -> Result<Second, Failure> {
        let last = inputs.last().unwrap();
        let own = inputs.iter().any(needs_its_own);
        self.try_out(inputs, |session| {
            let before = session.values(ROWS);
            // It would run again in another session.
            session.run("discard temp");
            let again = if own { run(session, last) } else { send(session, &last.text) };
            match again {
                Err(failure) => Second::Fails(failure),
                Ok(()) if rows(session) != before => Second::ChangesRows,
                Ok(()) => Second::Nothing,
            }
        })
    }
}

fn rows(session: &Client) -> Vec<String> {
    session.values(ROWS)
}

#[test]
fn what_is_called_idempotent_runs_twice_and_the_rest_does_not() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.group == Group::Idempotency) {
        let quiet = QUIET.iter().any(|(id, _)| *id == rule.id);
        let mut tell = |kind: &str, text: &str, what: String| {
            wrong.push(format!("{}, a {kind} example: {what} in\n{text}", rule.id));
        };
        for text in rule.bad.iter().filter(|text| not_tried(rule.id, text).is_none()) {
            match bench.twice(&inputs(text)) {
                Ok(Second::Nothing) if !quiet => tell("bad", text, "runs twice".to_owned()),
                Err(failure) if !failures(rule.id).contains(&failure.code.as_str()) => {
                    tell("bad", text, failure.to_string())
                }
                _ => {}
            }
            let Some(fixed) = super::fixes::fixed(rule, &inputs(text), bench.version) else { continue };
            if let Some(what) = bench.differs_again(&fixed) {
                tell("fixed", &fixed.last().unwrap().text, what);
            }
        }
        for text in rule.good.iter().filter(|text| not_tried(rule.id, text).is_none()) {
            if let Some(what) = bench.differs_again(&inputs(text)) {
                tell("good", text, what);
            }
        }
    }
    none_wrong(&wrong);
}

impl Bench {
    fn differs_again(&self, inputs: &[Input]) -> Option<String> {
        match self.twice(inputs) {
            Ok(Second::Nothing) => None,
            Ok(Second::ChangesRows) => Some("changes rows the second time".to_owned()),
            Ok(Second::Fails(failure)) => Some(format!("fails the second time: {failure}")),
            Err(failure) => Some(failure.to_string()),
        }
    }
}
