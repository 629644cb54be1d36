//! The trial of a statement against what the static table says of it.

use std::collections::BTreeMap;

use crate::report::{PlanLock, PlanStatement, PlanTrace};
use crate::risk::LockMode;

/// Statements of which nothing is known before they run: what they touch is in their rows and functions.
const UNKNOWN: [&str; 11] =
    ["DO", "SELECT", "CALL", "INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "EXECUTE", "EXPLAIN", "WITH"];

/// Statements that read whatever their query says.
const QUERIES: [&str; 3] = ["CREATE MATERIALIZED VIEW", "CREATE TABLE AS", "REFRESH MATERIALIZED VIEW"];

/// What is asked of whoever sees a difference.
const BUG: &str = "this is a bug of dbctl, please report it";

/// Where the static table says otherwise than the trial. `held` are the locks on tables after the statement, also those
/// that earlier statements of its transaction took; `text` is the statement.
#[must_use]
pub fn disagreements(
    (statement, text): (&PlanStatement, &str),
    trace: &PlanTrace,
    held: &BTreeMap<String, LockMode>,
) -> Vec<String> {
    let kind = statement.kind.as_str();
    if UNKNOWN.contains(&kind.split(' ').next().unwrap_or(kind)) || trace.failed.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    if trace.unseen.is_none() {
        locks(statement, trace, held, &mut found);
    }
    let tables: Vec<&String> = held.keys().collect();
    for table in &trace.rewrites {
        if !statement.rewrites.iter().any(|said| covers(said, table, trace)) {
            found.push(format!("the static table does not say that it rewrites {table}: {BUG}"));
        }
    }
    // Whether a timestamp changes with its type depends on the session's time zone, which no file tells.
    let is_of_time = text.to_ascii_lowercase().contains("timestamp");
    for said in statement.rewrites.iter().filter(|_| !is_of_time) {
        let is_seen = trace.rewrites.iter().chain(&trace.rebuilds).any(|table| covers(said, table, trace));
        if !is_seen && tables.iter().any(|table| same(said, table)) {
            found.push(format!("the static table says that it rewrites {said}, which it does not: {BUG}"));
        }
    }
    let is_query = QUERIES.contains(&kind);
    for table in trace.scans.iter().filter(|_| !is_query) {
        let said = statement.scans.iter().chain(&statement.rewrites).any(|said| covers(said, table, trace));
        if !said {
            found.push(format!("the static table does not say that it reads the whole of {table}: {BUG}"));
        }
    }
    // Where one table is read, the server may do without the other if the first has no rows.
    if trace.scans.is_empty() && trace.rewrites.is_empty() && trace.unseen.is_none() {
        for said in statement.scans.iter().filter(|said| tables.iter().any(|table| same(said, table))) {
            found.push(format!("the static table says that it reads the whole of {said}, which it does not: {BUG}"));
        }
    }
    found
}

fn locks(statement: &PlanStatement, trace: &PlanTrace, held: &BTreeMap<String, LockMode>, found: &mut Vec<String>) {
    let weighs = |lock: &&PlanLock| lock.mode >= LockMode::Share;
    let said_of = |table: &str| statement.locks.iter().filter(weighs).find(|lock| same(&lock.relation, table));
    for lock in trace.locks.iter().filter(weighs).filter(|lock| held.contains_key(&lock.relation)) {
        let (table, mode) = (&lock.relation, lock.mode);
        match said_of(table) {
            Some(said) if said.mode == mode => {}
            Some(said) => {
                found.push(format!("the static table says {} on {table}, and it takes {mode}: {BUG}", said.mode));
            }
            // What is said of a table holds of its partitions.
            None if trace.partitions.get(table).and_then(|root| said_of(root)).is_some_and(|it| it.mode >= mode) => {}
            None => found.push(format!("the static table does not say that it takes {mode} on {table}: {BUG}")),
        }
    }
    for said in statement.locks.iter().filter(weighs) {
        let taken = trace.locks.iter().any(|lock| same(&said.relation, &lock.relation));
        let has = held.iter().find(|(table, _)| same(&said.relation, table)).map(|(_, mode)| *mode);
        // A lock that an earlier statement holds already is not taken again; a relation that is not there is not locked.
        if !taken && has.is_some_and(|has| has < said.mode) {
            found.push(format!(
                "the static table says {} on {}, which it does not take: {BUG}",
                said.mode, said.relation
            ));
        }
    }
}

/// Whether one of these `truncate` statements names the table: what reads it afterwards reads nothing.
#[must_use]
pub fn empties(truncates: &[&str], table: &str) -> bool {
    let name = table.rsplit('.').next().unwrap_or(table).trim_matches('"');
    let is_named = |text: &&str| text.split(|it: char| !it.is_alphanumeric() && it != '_').any(|word| word == name);
    truncates.iter().any(is_named)
}

/// Whether two names are of one relation; what was written without its schema has none here.
#[must_use]
pub fn same(written: &str, name: &str) -> bool {
    written == name || !written.contains('.') && name.rsplit_once('.').is_some_and(|(_, last)| last == written)
}

/// Whether what is said of a relation, in the words of the statement, holds of another: the same, or one of its partitions.
#[must_use]
pub fn covers(written: &str, name: &str, trace: &PlanTrace) -> bool {
    same(written, name) || trace.partitions.get(name).is_some_and(|root| same(written, root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::PlanReversible;
    use crate::risk::{Level, Phase};

    fn lock(relation: &str, mode: LockMode) -> PlanLock {
        PlanLock { relation: relation.to_owned(), mode, blocks: mode.waits() }
    }

    fn statement(kind: &str, locks: Vec<PlanLock>) -> PlanStatement {
        PlanStatement {
            number: 1,
            line: 1,
            kind: kind.to_owned(),
            object: None,
            hazard: None,
            locks,
            rewrites: Vec::new(),
            scans: Vec::new(),
            may_fail: Vec::new(),
            reversible: PlanReversible::default(),
            instead: Vec::new(),
            approvals: Vec::new(),
            phase: Phase::Expand,
            risk: Level::None,
            trace: None,
        }
    }

    fn held(table: &str, mode: LockMode) -> BTreeMap<String, LockMode> {
        BTreeMap::from([(table.to_owned(), mode)])
    }

    #[test]
    fn what_both_say_is_no_difference() {
        let static_ = statement("ALTER TABLE", vec![lock("t", LockMode::AccessExclusive)]);
        let trace = PlanTrace { locks: vec![lock("public.t", LockMode::AccessExclusive)], ..PlanTrace::default() };
        assert!(disagreements((&static_, ""), &trace, &held("public.t", LockMode::AccessExclusive)).is_empty());
        // Held by an earlier statement already.
        let weaker = statement("CREATE INDEX", vec![lock("t", LockMode::Share)]);
        let trace = PlanTrace::default();
        assert!(disagreements((&weaker, ""), &trace, &held("public.t", LockMode::AccessExclusive)).is_empty());
    }

    #[test]
    fn another_lock_rewrite_or_scan_is_said_to_be_a_bug() {
        let static_ = PlanStatement {
            scans: vec!["public.t".to_owned()],
            ..statement("ALTER TABLE", vec![lock("public.t", LockMode::Share), lock("public.u", LockMode::Share)])
        };
        let mut held = held("public.t", LockMode::AccessExclusive);
        held.insert("public.u".to_owned(), LockMode::AccessShare);
        let trace = PlanTrace {
            locks: vec![lock("public.t", LockMode::AccessExclusive)],
            rewrites: vec!["public.u".to_owned()],
            ..PlanTrace::default()
        };
        assert_eq!(
            disagreements((&static_, ""), &trace, &held),
            [
                "the static table says SHARE on public.t, and it takes ACCESS EXCLUSIVE: this is a bug of dbctl, please \
                 report it",
                "the static table says SHARE on public.u, which it does not take: this is a bug of dbctl, please report it",
                "the static table does not say that it rewrites public.u: this is a bug of dbctl, please report it",
            ]
        );
        let quiet = PlanTrace { rewrites: Vec::new(), ..trace };
        let said = disagreements((&static_, ""), &quiet, &held);
        assert!(said.iter().any(|it| it.contains("reads the whole of public.t, which it does not")), "{said:?}");
    }

    #[test]
    fn what_is_said_of_a_table_holds_of_its_partitions() {
        let said = |lock: PlanLock, names: &[&str]| PlanStatement {
            rewrites: names.iter().map(ToString::to_string).collect(),
            ..statement("ALTER TABLE", vec![lock])
        };
        let trace = PlanTrace {
            locks: ["public.t", "public.t_1"].map(|it| lock(it, LockMode::AccessExclusive)).into(),
            rewrites: vec!["public.t_1".to_owned()],
            partitions: BTreeMap::from([("public.t_1".to_owned(), "public.t".to_owned())]),
            ..PlanTrace::default()
        };
        let held = BTreeMap::from(["public.t", "public.t_1"].map(|it| (it.to_owned(), LockMode::AccessExclusive)));
        for names in [["t"], ["public.t"], ["public.t_1"]] {
            let said = said(lock("t", LockMode::AccessExclusive), &names);
            assert_eq!(disagreements((&said, ""), &trace, &held), Vec::<String>::new(), "{names:?}");
        }
        let weak = said(lock("t", LockMode::Share), &["t"]);
        assert_eq!(disagreements((&weak, ""), &trace, &held).len(), 2);
        let other = said(lock("t", LockMode::AccessExclusive), &["public.t_1", "public.t_2"]);
        let held = held.into_iter().chain([("public.t_2".to_owned(), LockMode::AccessExclusive)]).collect();
        assert_eq!(disagreements((&other, ""), &trace, &held).len(), 1);
    }

    #[test]
    fn of_what_only_its_rows_know_nothing_is_expected() {
        let trace = PlanTrace { locks: vec![lock("public.t", LockMode::AccessExclusive)], ..PlanTrace::default() };
        assert!(
            disagreements((&statement("DO", Vec::new()), ""), &trace, &held("public.t", LockMode::AccessExclusive))
                .is_empty()
        );
        let unseen = PlanTrace { unseen: Some("over too soon".to_owned()), ..PlanTrace::default() };
        let said = statement("VACUUM", vec![lock("public.t", LockMode::AccessExclusive)]);
        assert!(disagreements((&said, ""), &unseen, &held("public.t", LockMode::AccessShare)).is_empty());
    }

    #[test]
    fn a_rewrite_that_the_time_zone_spares_is_no_difference() {
        let static_ = PlanStatement { rewrites: vec!["t".to_owned()], ..statement("ALTER TABLE", Vec::new()) };
        let held = held("public.t", LockMode::AccessExclusive);
        let trace = PlanTrace::default();
        assert!(disagreements((&static_, "alter table t alter a type TimestampTZ"), &trace, &held).is_empty());
        assert_eq!(disagreements((&static_, "alter table t alter a type date"), &trace, &held).len(), 1);
    }

    #[test]
    fn a_truncate_names_tables_with_and_without_their_schema() {
        let truncates = ["truncate table only a, public.\"B\" cascade"];
        assert!(empties(&truncates, "public.a") && empties(&truncates, "public.\"B\""));
        assert!(!empties(&truncates, "public.b") && !empties(&[], "public.a"));
    }
}
