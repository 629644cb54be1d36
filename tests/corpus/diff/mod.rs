//! Pairs of schemas: the SQL from the one to the other, run on a copy of the one, has to leave the other.

mod judge;
mod known;
mod proof;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use judge::{Remade, Verdict};

use crate::support::{Database, Project, corpus};

/// What became of a case.
struct Outcome {
    suite: String,
    case: String,
    verdict: Verdict,
    remade: Remade,
}

#[test]
fn the_sql_between_two_schemas_leaves_the_one_that_is_wanted() {
    let Some(folder) = corpus("diff") else { return };
    let Some(pg_dump) = judge::pg_dump() else { return };
    let cases = cases(&folder);
    let outcomes: Vec<Outcome> =
        in_threads(&cases, |case| run(&pg_dump, case, "a.sql", "b.sql")).into_iter().flatten().collect();
    report("there", &outcomes);
    let back: Vec<Outcome> =
        in_threads(&cases, |case| run(&pg_dump, case, "b.sql", "a.sql")).into_iter().flatten().collect();
    report("back", &back);
    known::check(outcomes.iter().map(|it| ("there", it)).chain(back.iter().map(|it| ("back", it))));
}

/// The folders with a pair of files.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = subfolders(folder).iter().flat_map(|suite| subfolders(suite)).collect();
    cases.retain(|case| case.join("a.sql").is_file() && case.join("b.sql").is_file());
    cases.sort();
    assert!(!cases.is_empty(), "no case in {}", folder.display());
    cases
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

/// Runs a case; nothing where one of the schemas does not load on this server.
fn run(pg_dump: &PathBuf, case: &Path, from: &str, to: &str) -> Option<Outcome> {
    let read = |name: &str| fs_err::read_to_string(case.join(name)).ok();
    let load = |sql: &str| {
        let database = Database::new();
        database.session().try_run(sql).is_ok().then_some(database)
    };
    if let Some(roles) = read("roles.sql") {
        let session = Database::new();
        for role in roles.split(';').filter(|it| !it.trim().is_empty()) {
            // Roles belong to the server, and may be there from another case.
            session.session().try_run(role).ok();
        }
    }
    let (before, after) = (load(&read(from)?)?, load(&read(to)?)?);
    let project = Project::empty();
    let sql =
        project.dbctl(&format!("diff --from {} --to {} --sql --owners --no-verify", before.url, after.url)).ok().stdout;
    let copy = before.copy();
    let session = copy.session();
    let was = judge::identities(&session);
    let verdict = match statements(&session, &sql) {
        Ok(()) => judge::compare(&judge::dump(pg_dump, &after), &judge::dump(pg_dump, &copy)),
        Err(said) => Verdict::Fails(said),
    };
    let remade = judge::remade(&was, &judge::identities(&session));
    let name = |path: Option<&Path>| path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    Some(Outcome { suite: name(case.parent()), case: name(Some(case)), verdict, remade })
}

/// Runs a script statement by statement, as psql does.
fn statements(session: &crate::support::Client, sql: &str) -> Result<(), String> {
    for statement in dbctl::sql::split(sql).map_err(|error| error.to_string())? {
        let text = statement.span.of(sql);
        session.try_run(text).map_err(|error| {
            let said = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
            format!("{said} in {text}")
        })?;
    }
    Ok(())
}

fn in_threads<T: Send>(cases: &[PathBuf], work: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    let (work, next) = (&work, std::sync::atomic::AtomicUsize::new(0));
    let next = &next;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(move || {
                    let mut done = Vec::new();
                    while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                        done.push(work(case));
                    }
                    done
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Prints what passed, by suite.
fn report(way: &str, outcomes: &[Outcome]) {
    let mut suites: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        suites.entry(&outcome.suite).or_default().push(outcome);
    }
    for (suite, outcomes) in suites {
        let at_least = |verdict: &Verdict| outcomes.iter().filter(|it| it.verdict <= *verdict).count();
        eprintln!(
            "diff {way}, {suite}: {} cases, {} exact, {} but for the order of columns, {} but for grants and comments; \
             needlessly made again: {} tables and columns, {} others",
            outcomes.len(),
            at_least(&Verdict::Exact),
            at_least(&Verdict::ColumnOrder),
            at_least(&Verdict::Extras),
            outcomes.iter().map(|it| it.remade.data.len()).sum::<usize>(),
            outcomes.iter().map(|it| it.remade.others.len()).sum::<usize>(),
        );
        for outcome in outcomes {
            match &outcome.verdict {
                Verdict::Exact | Verdict::ColumnOrder => {}
                verdict => eprintln!("  {}: {verdict:?}", outcome.case),
            }
            if !outcome.remade.data.is_empty() {
                eprintln!("  {}: made again: {}", outcome.case, outcome.remade.data.join(", "));
            }
        }
    }
}
