//! The ways back: down files run by dbctl, and as a script that somebody else runs with psql.

use std::path::{Path, PathBuf};
use std::process::Command;

use dbctl::exit::Exit;

use crate::support::{Database, Output, Project};

fn project() -> (Database, Project) {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_a", "create table a ()")
        .down("1_a", "drop table a")
        .up("2_b", "create table b ()")
        .down("2_b", "-- dbctl: no-transaction\ndrop table b")
        .up("3_c", "create table c ()")
        .down("3_c", "begin;\ndrop table c;\ncommit;");
    project.dbctl("migrate --local").ok();
    (database, project)
}

/// psql of this machine, on PATH or where packages put it.
pub(super) fn psql(database: &Database, script: &Path) -> Option<Output> {
    let on_path = std::env::var_os("PATH")?;
    let packaged = fs_err::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let packaged = packaged.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut folders = std::env::split_paths(&on_path).chain(packaged);
    let program: Option<PathBuf> = folders.find_map(|folder| Some(folder.join("psql")).filter(|path| path.is_file()));
    let Some(program) = program else {
        crate::support::not_run("the rollback scripts: there is no psql on this machine");
        return None;
    };
    Some(Command::new(program).arg("-X").arg(&database.url).arg("-f").arg(script).output().unwrap().into())
}

#[test]
fn takes_back_the_newest_by_default_and_everything_down_to_a_version() {
    let (database, project) = project();
    project.dbctl("rollback --local --yes").ok().answers("Rolled back 1 migration");
    assert_eq!(database.applied(), ["1", "2"]);
    project.dbctl("rollback --local --yes --to 1").ok();
    assert_eq!(database.applied(), ["1"]);
    project.dbctl("rollback --local --yes -n 5").ok();
    assert!(database.applied().is_empty() && !database.has("a"));
    project.dbctl("rollback --local --yes").ok().answers("Nothing to do");
    project.dbctl("migrate --local").ok().answers("Applied 3 migrations");
}

#[test]
fn refuses_by_name_before_anything_runs_where_a_down_file_is_missing() {
    let (database, project) = project();
    project.remove("migrations/1_a.down.sql");
    project
        .dbctl("rollback --local --yes --to 0")
        .ends(Exit::Refused)
        .says("`1_a`: there is none")
        .says("dbctl rollback --generate");
    assert_eq!(database.applied(), ["1", "2", "3"]);
    project.dbctl("rollback --local --yes -n 2").ok();
}

#[test]
fn a_down_file_that_fails_leaves_file_and_history_together() {
    let (database, project) = project();
    let project = project.down("3_c", "drop table c;\ndrop table nowhere;");
    project
        .dbctl("rollback --local --yes --to 0")
        .ends(Exit::RolledBack)
        .says("migrations/3_c.down.sql:2:12")
        .says("42P01 undefined_table");
    assert!(database.has("c"));
    assert_eq!(database.applied(), ["1", "2", "3"]);
}

#[test]
fn the_script_does_the_same_with_psql_and_a_second_time_fails_cleanly() {
    let (database, project) = project();
    project.dbctl("rollback --local --to 1 --plan -o back.sql").ok();
    assert_eq!(database.applied(), ["1", "2", "3"], "writing the script changes nothing");
    let Some(run) = psql(&database, &project.path("back.sql")) else { return };
    assert_eq!(run.code, Some(0), "{run}");
    assert!(database.has("a") && !database.has("b") && !database.has("c"));
    let status = project.dbctl("status --local --format json").ok().json();
    let found: Vec<_> = (0..3).map(|at| status["migrations"][at]["local"].as_str().unwrap()).collect();
    assert_eq!(found, ["applied", "pending", "pending"]);

    let events = "select count(*) from dbctl.event where kind = 'reverted'";
    let before = database.value(events);
    let again = psql(&database, &project.path("back.sql")).unwrap();
    assert_ne!(again.code, Some(0), "{again}");
    assert_eq!(database.value(events), before);
    assert_eq!(database.applied(), ["1"]);
    project.dbctl("migrate --local").ok().answers("Applied 2 migrations");
}

#[test]
fn the_script_of_a_run_is_in_its_folder() {
    let (database, project) = project();
    let Some(run) = psql(&database, &project.runs()[0].join("rollback.sql")) else { return };
    assert_eq!(run.code, Some(0), "{run}");
    assert!(database.applied().is_empty() && !database.has("a"));
}
