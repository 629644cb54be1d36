//! Pairs of schemas: the SQL from the one to the other, run on the one, has to leave the other, as `pg_dump` sees it.
//!
//! A case is a folder with `a.sql`, `b.sql` and perhaps `roles.sql`; a suite is a folder of cases. The project's own are in
//! `tests/diff`, others beside the project in `../shared/corpora/diff`; `DBCTL_TEST_DIFF_CASES` names other folders, any
//! depth of them, that are judged in their place.

mod histories;
mod judge;
mod known;
mod locks;
mod proof;
mod random;
mod report;
mod state;
mod tour;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::corpus;
use tour::{Case, Outcome, Scripts};

#[test]
fn the_sql_between_two_schemas_leaves_the_one_that_is_wanted() {
    let named: Vec<PathBuf> = std::env::var_os("DBCTL_TEST_DIFF_CASES")
        .iter()
        .flat_map(|it| std::env::split_paths(it).collect::<Vec<_>>())
        .collect();
    let others = !named.is_empty();
    let folders = if others {
        named
    } else {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
        std::iter::once(own).chain(corpus("diff")).collect()
    };
    let mut cases = Vec::new();
    for folder in &folders {
        let before = cases.len();
        find(folder, &mut cases);
        assert!(cases.len() > before, "no case in {}", folder.display());
    }
    let is_whole = others || std::env::var_os("DBCTL_TEST_DIFF_ALL").is_some();
    if !is_whole {
        let all = cases.len();
        let mut number = 0;
        cases.retain(|_| {
            number += 1;
            number % 2 == 1
        });
        eprintln!(
            "diff: {} of {all} cases, most of them there and back; DBCTL_TEST_DIFF_ALL=1 judges all",
            cases.len()
        );
    }
    let outcomes = judged(&cases, is_whole);
    report::print(&outcomes);
    // Of other suites nothing is known, and all that fails is told.
    known::check(&outcomes, !others);
}

#[test]
fn random_schemas_come_out_like_those_that_people_wrote() {
    let number = |name: &str, otherwise: u64| std::env::var(name).map_or(otherwise, |it| it.parse().unwrap());
    let first = number("DBCTL_TEST_RANDOM_SEED", 0);
    let cases: Vec<Case> = (first..first + number("DBCTL_TEST_RANDOM_SCHEMAS", 24))
        .map(|seed| {
            let (a, b) = random::pair(seed);
            let roles = Some(random::ROLES.to_owned());
            Case { suite: "random".to_owned(), name: seed.to_string(), scripts: Scripts { a, b, roles } }
        })
        .collect();
    let outcomes = judged(&cases, true);
    report::print(&outcomes);
    known::check(&outcomes, true);
}

/// The cases under a folder, in the order of their names.
fn find(folder: &Path, cases: &mut Vec<Case>) {
    let read = |name: &str| fs_err::read_to_string(folder.join(name)).ok();
    if let (Some(a), Some(b)) = (read("a.sql"), read("b.sql")) {
        let name =
            |path: Option<&Path>| path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let scripts = Scripts { a, b, roles: read("roles.sql") };
        cases.push(Case { suite: name(folder.parent()), name: name(Some(folder)), scripts });
        return;
    }
    let entries = fs_err::read_dir(folder).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    for folder in folders {
        find(&folder, cases);
    }
}

/// Judges cases, several at a time; of many, all of its ways are gone with one of eight.
fn judged(cases: &[Case], is_whole: bool) -> Vec<Outcome> {
    let Some(pg_dump) = judge::pg_dump() else { return Vec::new() };
    let cases: Vec<(usize, &Case)> = cases.iter().enumerate().collect();
    in_threads(&cases, |(number, case)| tour::run(&pg_dump, case, is_whole || number % 8 == 0))
}

/// Does some work with each item, several at a time; the answers come in the order of the items.
fn in_threads<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (work, next) = (&work, &AtomicUsize::new(0));
    let threads = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let turn = move || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(at) else { return done };
                done.push((at, work(item)));
            }
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(turn)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, it)| it).collect()
}
