//! Several runners at once: each migration is applied exactly once, and everybody ends well.

use dbctl::exit::Exit;

use crate::support::{Database, Output, Process, Project, wait_until};

const COUNTER: &str = "create table counter (n int); insert into counter values (0);";
const COUNT_UP: &str = "update counter set n = n + 1; select pg_sleep(0.5);";

fn one_applied_and_the_others_had_nothing_to_do(database: &Database, runs: Vec<Process>) {
    let outputs: Vec<Output> = runs.into_iter().map(|run| run.end().ok()).collect();
    let applied = outputs.iter().filter(|output| output.stdout.contains("Applied 2 migrations")).count();
    let idle = outputs.iter().filter(|output| output.stdout.contains("Nothing to do")).count();
    assert_eq!((applied, idle), (1, 2), "{}{}{}", outputs[0], outputs[1], outputs[2]);
    assert_eq!(database.value("select n from counter"), "1");
}

#[test]
fn three_runners_in_one_project_apply_a_data_migration_once() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_counter", COUNTER).up("2_count_up", COUNT_UP);
    let runs = (0..3).map(|_| project.begin("migrate --local")).collect();
    one_applied_and_the_others_had_nothing_to_do(&database, runs);
}

#[test]
fn three_machines_apply_a_data_migration_once() {
    let database = Database::new();
    let clone = || Project::new().variable("DATABASE_URL", &database.url).up("1_counter", COUNTER).up("2_up", COUNT_UP);
    let clones = [clone(), clone(), clone()];
    let words = "migrate --yes --skip-local-gate --reason test";
    let runs = clones.iter().map(|project| project.begin(words)).collect();
    one_applied_and_the_others_had_nothing_to_do(&database, runs);
}

#[test]
fn says_for_whom_it_waited_in_vain() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_slow", "select pg_sleep(20)");
    let slow = project.begin("migrate --local");
    wait_until("the slow migration runs", || database.is_running("pg_sleep"));
    project
        .dbctl("migrate --local --lock-wait 1s")
        .ends(Exit::Refused)
        .says("another runner holds the migration lock")
        .says("dbctl migrate")
        .says("--lock-wait");
    slow.interrupt();
    slow.end().ends(Exit::Interrupted);
}

#[test]
fn a_rollback_waits_for_a_migrate() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()").down("1_t", "drop table t");
    project.dbctl("migrate --local").ok();
    let project = project.up("2_slow", "select pg_sleep(1)").down("2_slow", "select 1");
    let slow = project.begin("migrate --local");
    wait_until("the slow migration runs", || database.is_running("pg_sleep"));
    // What it was to take back is no longer the newest: it is not taken back behind the other's back.
    project.dbctl("rollback --local --yes").ends(Exit::Refused).says("another runner changed the history");
    slow.end().ok();
    assert!(database.has("t"));
}
