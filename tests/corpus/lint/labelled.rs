//! Other linters' own cases: what they call bad has to be found, what they call good must not be.
//!
//! ```console
//! $ cargo test --test main labelled -- --nocapture
//! ```
//!
//! Every `lint/*.jsonl` of the corpora is a suite: a case a line, with `peer`, `case`, `rule`, `expect` (`bad` or `ok`)
//! and `sql`; `pg_version` and `assume_in_transaction` may say more. [`super::map`] says which rules of ours are meant.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use dbctl::lint::{Input, lint, parse_all};
use serde::Deserialize;

use super::{loose, map};
use crate::support::{corpus, files_under};

/// How many of a hundred cases have to come out as their authors say, each way and for each rule; what [`KNOWN`] explains
/// does not count.
const AIM: usize = 98;

/// Cases that come out otherwise for a reason: peer, rule, a part of the SQL, why.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    (
        "eugene",
        "E10",
        "isnt't about that",
        "the case says itself that the change of type rewrites the table, and ignores the rule that finds it",
    ),
    (
        "eugene",
        "added_serial_or_stored_generated_column",
        "generated always as identity",
        "a new identity column takes a value for every row, so the table is rewritten as for a serial",
    ),
    ("pgls", "addingFieldWithDefault", "DEFAULT 10", CONSTANT),
    ("pgls", "addingFieldWithDefault", "DEFAULT 'active'", CONSTANT),
    ("pgls", "addingFieldWithDefault", "DEFAULT now()", CONSTANT),
    (
        "pgls",
        "requireStatementTimeout",
        "SET statement_timeout = '5s';\nCOMMIT;",
        "`set` without `local` outlives the transaction that it is committed in",
    ),
];

const CONSTANT: &str = "the case is about PostgreSQL 10: from 11 on no default but a volatile one rewrites the table";

#[derive(Deserialize)]
struct Case {
    peer: String,
    case: String,
    rule: String,
    expect: Expect,
    sql: String,
    pg_version: Option<u32>,
    assume_in_transaction: Option<bool>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Bad,
    Ok,
}

/// How many cases there are, how many came out right, and how many of the others are known.
#[derive(Default, Clone, Copy)]
struct Tally {
    cases: usize,
    right: usize,
    known: usize,
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        self.cases += 1;
        match outcome {
            Outcome::Right => self.right += 1,
            Outcome::Known(_) => self.known += 1,
            Outcome::Wrong(_) => {}
        }
    }

    fn share(self) -> String {
        if self.cases == 0 { "-".to_owned() } else { format!("{}/{}", self.right, self.cases) }
    }

    fn is_enough(self) -> bool {
        (self.right + self.known) * 100 >= self.cases * AIM
    }
}

enum Outcome {
    Right,
    Known(&'static str),
    Wrong(Vec<&'static str>),
}

#[test]
fn labelled_cases_of_other_linters_come_out_as_their_authors_say() {
    let Some(folder) = corpus("lint") else { return };
    let mut tallies: BTreeMap<(String, String), [Tally; 2]> = BTreeMap::new();
    let mut unmapped: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut told = String::new();
    let mut met = BTreeSet::new();
    for case in cases(&folder) {
        let Some(ours) = map::ours(&case.peer, &case.rule) else {
            *unmapped.entry((case.peer, case.rule)).or_default() += 1;
            continue;
        };
        let outcome = outcome(&case, ours, &mut met);
        match &outcome {
            Outcome::Right => {}
            Outcome::Known(why) => writeln!(told, "known: {}: {why}", heading(&case)).unwrap(),
            Outcome::Wrong(found) => {
                writeln!(told, "\n{}: found {found:?} of {ours:?} in\n{}", heading(&case), case.sql.trim()).unwrap();
            }
        }
        let tally = tallies.entry((case.peer, case.rule)).or_default();
        tally[usize::from(case.expect == Expect::Ok)].add(&outcome);
    }
    eprintln!("{told}\n{}", table(&tallies));
    for ((peer, rule), count) in unmapped {
        eprintln!("no rule of ours is meant by {peer}'s {rule} ({count} cases)");
    }
    let short: Vec<_> = tallies
        .iter()
        .filter(|(_, tally)| !tally.iter().all(|tally| tally.is_enough()))
        .map(|(name, _)| name)
        .collect();
    assert!(short.is_empty(), "below {AIM} % without a reason: {short:?}");
    let idle: Vec<_> = KNOWN.iter().filter(|known| !met.contains(&known.2)).collect();
    assert!(idle.is_empty(), "known misses that are none: {idle:?}");
}

fn cases(folder: &std::path::Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in files_under(folder).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "jsonl")) {
        for (number, line) in fs_err::read_to_string(&path).unwrap().lines().enumerate() {
            let case = serde_json::from_str(line);
            cases.push(case.unwrap_or_else(|error| panic!("{}:{}: {error}", path.display(), number + 1)));
        }
    }
    cases
}

fn outcome(case: &Case, ours: &[&str], met: &mut BTreeSet<&'static str>) -> Outcome {
    let mut config = map::config(&case.peer, ours, case.assume_in_transaction);
    config.pg_version = case.pg_version.unwrap_or(config.pg_version);
    let report = lint(&parse_all(migrations(&case.sql)), &config);
    let found: Vec<_> = report.findings.iter().map(|finding| finding.rule.id).filter(|id| ours.contains(id)).collect();
    if found.is_empty() == (case.expect == Expect::Ok) {
        return Outcome::Right;
    }
    let known =
        KNOWN.iter().find(|(peer, rule, part, _)| *peer == case.peer && *rule == case.rule && case.sql.contains(part));
    match known {
        Some((.., part, why)) => {
            met.insert(part);
            Outcome::Known(why)
        }
        None => Outcome::Wrong(found),
    }
}

/// The migrations of a case: one, unless lines as eugene writes them (`-- 2.sql`) part it.
fn migrations(sql: &str) -> Vec<Input> {
    let mut parts = vec![String::new()];
    for line in sql.lines() {
        let file = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(".sql"));
        let begins = file.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()));
        if begins && !parts.last().unwrap().trim().is_empty() {
            parts.push(String::new());
        }
        let part = parts.last_mut().unwrap();
        part.push_str(line);
        part.push('\n');
    }
    parts.into_iter().enumerate().map(|(at, text)| loose(&format!("2024010100000{at}_example.sql"), text)).collect()
}

fn heading(case: &Case) -> String {
    let wanted = if case.expect == Expect::Bad { "bad" } else { "ok" };
    format!("{} {} ({}), which is {wanted}", case.peer, case.rule, case.case)
}

fn table(tallies: &BTreeMap<(String, String), [Tally; 2]>) -> String {
    let mut text = format!("{:<12} {:<52} {:>9} {:>9}\n", "peer", "rule", "bad", "ok");
    let mut row = |peer: &str, rule: &str, [bad, ok]: [Tally; 2]| {
        writeln!(text, "{peer:<12} {rule:<52} {:>9} {:>9}", bad.share(), ok.share()).unwrap();
    };
    let mut sums: BTreeMap<&str, [Tally; 2]> = BTreeMap::new();
    for ((peer, rule), tally) in tallies {
        row(peer, rule, *tally);
        for name in [peer.as_str(), "all"] {
            for (sum, part) in sums.entry(name).or_default().iter_mut().zip(tally) {
                sum.cases += part.cases;
                sum.right += part.right;
                sum.known += part.known;
            }
        }
    }
    for (name, sum) in sums {
        row(name, "", sum);
    }
    text
}
