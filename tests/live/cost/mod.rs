//! What lint says that statements cost, against what a server does: locks, rewrites, scans, and the rows they fail on.

mod risk;

use std::collections::{BTreeMap, BTreeSet};

use dbctl::lint::{Config, Input, costs, parse_all};
use dbctl::risk::{Cost, LockMode};

use crate::support::{Client, Database};

const SEED: &str = include_str!("seed.sql");
const CASES: &str = include_str!("cases.sql");

/// A statement, and the row on which it fails.
struct Case {
    sql: String,
    fails: Option<Row>,
    since: u32,
    is_planned: bool,
}

/// A row on which a statement fails.
#[derive(PartialEq, Eq)]
enum Row {
    /// One of those that are there.
    Seeded,
    /// One that this SQL makes.
    Made(String),
}

fn cases() -> Vec<Case> {
    let case = |paragraph: &str| {
        let (comments, sql): (Vec<&str>, Vec<&str>) = paragraph.lines().partition(|line| line.starts_with("--"));
        let fails = comments.iter().find_map(|line| match line.strip_prefix("-- fails: ") {
            Some(row) => Some(Row::Made(row.to_owned())),
            None => (*line == "-- fails").then_some(Row::Seeded),
        });
        let since = comments.iter().find_map(|line| line.strip_prefix("-- since: ")?.parse().ok()).unwrap_or(0);
        let is_planned = comments.contains(&"-- planned");
        Case { sql: sql.join("\n"), fails, since, is_planned }
    };
    CASES.split("\n\n").map(case).filter(|case| !case.sql.is_empty()).collect()
}

/// What is said of the statements behind the seed.
fn said(sql: &str, version: u32) -> Cost {
    let input = |path: &str, text: &str, selected| Input {
        path: path.to_owned(),
        text: text.into(),
        version: Some(path[..1].to_owned()),
        name: String::new(),
        down: None,
        has_downs: false,
        no_transaction: false,
        selected,
    };
    let files = parse_all(vec![input("1_seed.sql", SEED, false), input("2_case.sql", &format!("{sql};"), true)]);
    let config = Config { pg_version: version, ..Config::default() };
    let mut all = Cost::default();
    for it in costs(&files, &config) {
        for (name, mode) in it.cost.locks {
            let strongest = all.locks.entry(name).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
        all.rewrites.extend(it.cost.rewrites);
        all.scans.extend(it.cost.scans);
        all.may_fail.extend(it.cost.may_fail);
    }
    all
}

/// The relations that hold rows, by their oids: file node and whole readings in this transaction.
fn relations(session: &Client) -> BTreeMap<String, (String, String)> {
    let rows = session.values(
        "select concat_ws(' ', oid, relfilenode, pg_stat_get_xact_numscans(oid)) from pg_class \
         where relnamespace = to_regnamespace('shop') and relkind in ('r', 'm')",
    );
    let parts = |row: &String| {
        let mut words = row.split(' ').map(str::to_owned);
        Some((words.next()?, (words.next()?, words.next()?)))
    };
    rows.iter().filter_map(parts).collect()
}

/// The strongest lock on each relation that was there before, but for those of reading.
fn locks(session: &Client, names: &BTreeMap<String, String>) -> BTreeMap<String, LockMode> {
    let rows = session
        .values("select relation || ' ' || mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation'");
    let mut found = BTreeMap::new();
    for row in &rows {
        let (oid, mode) = row.split_once(' ').unwrap();
        let mode = LockMode::ALL.into_iter().find(|it| it.pg_locks() == mode).unwrap();
        if let Some(name) = names.get(oid).filter(|_| mode > LockMode::RowShare) {
            let strongest = found.entry(name.clone()).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
    }
    found
}

#[test]
fn statements_cost_what_is_said_of_them() {
    let database = Database::new();
    let session = database.session();
    // Between `timestamp` and `timestamptz` nothing is rewritten in UTC.
    session.run("set timezone = 'Europe/Berlin'");
    session.run(SEED);
    let version = session.values("show server_version_num")[0].parse::<u32>().unwrap() / 10_000;
    let names = session.values(
        "select oid || ' ' || oid::regclass from pg_class \
         where relnamespace = 'shop'::regnamespace and relkind in ('r', 'p', 'm', 'v', 'S')",
    );
    let pair = |row: &String| row.split_once(' ').map(|(oid, name)| (oid.to_owned(), name.to_owned()));
    let names: BTreeMap<String, String> = names.iter().filter_map(pair).collect();
    let mut wrong = Vec::new();
    for case in cases().into_iter().filter(|case| case.since <= version) {
        let cost = said(&case.sql, version);
        let mut say = |what: String| wrong.push(format!("{}\n   {what}", case.sql));
        if case.fails.is_some() == cost.may_fail.is_empty() {
            say(format!("may fail: {:?}", cost.may_fail));
        }
        session.run("begin");
        let before = relations(&session);
        let ran = session.try_run(&case.sql);
        match (&ran, case.fails == Some(Row::Seeded)) {
            (Ok(()), true) => say("it does not fail".to_owned()),
            (Err(error), false) => say(format!("{error:?}")),
            (Err(_), true) => {}
            (Ok(()), false) => {
                let taken = locks(&session, &names);
                let stated: BTreeMap<_, _> =
                    cost.locks.clone().into_iter().filter(|(name, _)| names.values().any(|it| it == name)).collect();
                if taken != stated {
                    say(format!("locks: said {stated:?}, took {taken:?}"));
                }
                let after = relations(&session);
                let changed = |of: &dyn Fn(&(String, String)) -> &String| -> BTreeSet<String> {
                    let differs =
                        |oid: &str, old: &(String, String)| after.get(oid).is_some_and(|new| of(new) != of(old));
                    let changed = before.iter().filter(|(oid, old)| differs(oid, old));
                    changed.filter_map(|(oid, _)| names.get(oid).cloned()).collect()
                };
                let (rewritten, read) = (changed(&|it| &it.0), changed(&|it| &it.1));
                // Where nothing is left, a new file is cheap.
                if rewritten != cost.rewrites && !case.sql.starts_with("truncate") {
                    say(format!("rewrites: said {:?}, did {rewritten:?}", cost.rewrites));
                }
                let scanned: BTreeSet<String> = read.difference(&rewritten).cloned().collect();
                // How a condition or a query is answered is the planner's to say.
                let is_query = [" where ", " as select "].iter().any(|words| case.sql.contains(words));
                if scanned != cost.scans && !is_query && !case.is_planned {
                    say(format!("scans: said {:?}, did {scanned:?}", cost.scans));
                }
            }
        }
        session.run("rollback");
        if let Some(Row::Made(row)) = &case.fails {
            // The row must be there against the rules that other cases are about.
            session.run("begin; set local session_replication_role = replica");
            session.run(row);
            session.run("set local session_replication_role = origin");
            if session.try_run(&case.sql).is_ok() {
                say("it does not fail on the row".to_owned());
            }
            session.run("rollback");
        }
    }
    assert!(wrong.is_empty(), "{} wrong of PostgreSQL {version}:\n{}", wrong.len(), wrong.join("\n"));
}
