//! Planted faults: migrations with one known fault each, which has to be found, and their twins without it, which must not
//! be accused of anything.
//!
//! `tests/faults/KIND/NAME.sql` holds a case: what is wrong in words, the command that finds it where that is not `verify`,
//! a line for each finding, and the texts of the migration before, of the faulty one and of its twin, with their down files.
//! What several begin with stands in `tests/faults/base`.

mod case;
mod found;

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use self::case::Case;
use crate::support::{Database, Project, files_under};

#[test]
fn what_cannot_run_twice_is_found() {
    kind("twice", 40);
}

#[test]
fn what_a_way_back_forgets_changes_or_takes_along_is_found() {
    kind("back", 60);
}

#[test]
fn what_fails_or_is_lost_where_there_are_rows_is_found() {
    kind("data", 15);
}

#[test]
fn what_blocks_while_it_reads_or_writes_a_table_is_found() {
    kind("plan", 10);
}

#[test]
fn whoever_reaches_rows_of_others_is_found() {
    kind("rls", 15);
}

/// Tries all cases of a kind, and tells of all that are wrong.
fn kind(name: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults").join(name);
    let cases: Vec<Case> = files_under(&folder).iter().map(|path| Case::read(path)).collect();
    assert!(cases.len() >= least, "{} cases in {}", cases.len(), folder.display());
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from).min(4) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    wrong.lock().unwrap().extend(check(case));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    for line in &wrong {
        writeln!(std::io::stderr(), "{line}").ok();
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is not as it should be: a finding that is missing, one that nobody planted, a twin that is accused.
fn check(case: &Case) -> Vec<String> {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .file("dbctl.toml", &case.settings)
        .up("1_base", &case.base);
    if let Some(seed) = &case.seed {
        project.write("seeds/seed.sql", seed);
    }
    if case.run.starts_with("plan") {
        project.dbctl("migrate --local").ok();
    }
    let mut wrong = Vec::new();
    let mut found = found::of(&project, case, &case.faulty);
    for wanted in &case.found {
        match found.iter().position(|it| it.starts_with(wanted.as_str())) {
            Some(at) => drop(found.remove(at)),
            None => wrong.push(format!("{}: not found: {wanted}", case.name)),
        }
    }
    wrong.extend(found.iter().map(|it| format!("{}: nobody has planted: {it}", case.name)));
    let accused = found::of(&project, case, &case.twin);
    wrong.extend(accused.iter().map(|it| format!("{}: the twin is accused: {it}", case.name)));
    wrong
}
