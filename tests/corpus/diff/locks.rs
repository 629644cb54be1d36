//! The locks that a plan states, against those that PostgreSQL takes: each statement runs, and `pg_locks` is read before
//! its transaction ends.

use std::collections::BTreeMap;
use std::path::Path;

use dbctl::diff::{Options, Step, Verb, plan};
use dbctl::risk::LockMode;

use super::state::State;
use super::tour::Case;
use super::{find, in_threads};
use crate::support::{Client, corpus};

/// Every how many-th case is taken.
const EVERY: usize = 8;

/// The strongest mode for each relation, by its name.
type Locks = BTreeMap<String, LockMode>;

#[test]
fn stated_locks_are_those_that_postgres_takes() {
    let mut cases = Vec::new();
    find(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff"), &mut cases);
    if let Some(folder) = corpus("diff") {
        find(&folder, &mut cases);
    }
    let every = if std::env::var_os("DBCTL_TEST_DIFF_ALL").is_some() { 1 } else { EVERY };
    let some: Vec<Case> = cases.into_iter().step_by(every).collect();
    let outcomes = in_threads(&some, |case| {
        let both = [(&case.scripts.a, &case.scripts.b), (&case.scripts.b, &case.scripts.a)];
        both.map(|(from, to)| run(case, from, to).unwrap_or_default())
    });
    let steps: usize = outcomes.iter().flatten().map(|it| it.steps).sum();
    let wrong: Vec<String> = outcomes.into_iter().flatten().flat_map(|it| it.wrong).collect();
    eprintln!("locks: {steps} statements of {} cases, {} otherwise than stated", some.len(), wrong.len());
    assert!(wrong.is_empty() && steps > 500, "{}", wrong.join("\n"));
}

#[derive(Default)]
struct Outcome {
    steps: usize,
    wrong: Vec<String>,
}

/// Runs a plan; nothing where a schema does not load here.
fn run(case: &Case, from: &str, to: &str) -> Option<Outcome> {
    if let Some(roles) = &case.scripts.roles {
        let nothing = State::empty();
        roles.split(';').for_each(|role| drop(nothing.run(role)));
    }
    let (state, wanted) = (State::load(from).ok()?, State::load(to).ok()?);
    let steps = plan(&state.catalog(), &wanted.catalog(), Options::default()).steps;
    drop(wanted);
    let session = state.session();
    session.run("set check_function_bodies = off");
    let there = session.values(RELATIONS);
    let sequences = session.values(SEQUENCES);
    let mut outcome = Outcome::default();
    for step in &steps {
        if step.outside_transaction {
            session.try_run(&step.sql).ok()?;
            continue;
        }
        let names = names(session, &there);
        session.run("begin");
        // Why a plan fails is for others to tell.
        session.try_run(&step.sql).ok()?;
        let mut taken = taken(session, &names);
        session.run("commit");
        let mut stated = stated(step);
        // Nobody waits for an index or a sequence when their table is locked as much.
        stated.retain(|name, _| names.values().any(|it| it == name));
        if step.verb == Verb::Drop {
            taken.retain(|name, _| !sequences.contains(name) || stated.contains_key(name));
        }
        outcome.steps += 1;
        if stated != taken {
            let name = format!("{}/{}", case.suite, case.name);
            outcome.wrong.push(format!("{name}: {}\n    stated {stated:?}\n    taken  {taken:?}", step.sql));
        }
    }
    Some(outcome)
}

fn stated(step: &Step) -> Locks {
    let locks = step.hazards.iter().filter_map(|hazard| Some((hazard.locked.clone()?, hazard.lock?)));
    locks.filter(|(_, mode)| *mode >= LockMode::ShareUpdateExclusive).collect()
}

/// What they are called by now: a plan may rename what was there.
fn names(session: &Client, there: &[String]) -> BTreeMap<String, String> {
    let rows = session.values(&format!(
        "select c.oid || '=' || format('%I.%I', nspname, relname) from pg_class c \
         join pg_namespace n on n.oid = relnamespace where c.oid = any ('{{{}}}')",
        there.join(",")
    ));
    rows.iter().filter_map(|row| row.split_once('=')).map(|(oid, name)| (oid.to_owned(), name.to_owned())).collect()
}

fn taken(session: &Client, names: &BTreeMap<String, String>) -> Locks {
    let mut locks = Locks::new();
    for row in session.values(HELD) {
        let Some((oid, mode)) = row.split_once('=') else { continue };
        let mode = LockMode::ALL.into_iter().find(|it| it.pg_locks() == mode);
        if let (Some(name), Some(mode)) = (names.get(oid), mode.filter(|it| *it >= LockMode::ShareUpdateExclusive)) {
            let strongest = locks.entry(name.clone()).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
    }
    locks
}

const RELATIONS: &str =
    "select oid::text from pg_class where oid >= 16384 and relkind in ('r', 'p', 'v', 'm', 'f', 'S')";

const SEQUENCES: &str = "select format('%I.%I', nspname, relname) from pg_class c
    join pg_namespace n on n.oid = relnamespace where relkind = 'S'";

const HELD: &str = "select relation || '=' || mode from pg_locks
    where locktype = 'relation' and pid = pg_backend_pid() and granted and relation >= 16384";
