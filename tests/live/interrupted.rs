//! Runs that are cut short: by Ctrl-C, by kill -9, and what the next run finds.

use std::time::{Duration, Instant};

use dbctl::exit::Exit;

use crate::support::{Database, Process, Project, wait_until};

const SLOW: &str = "create table begun ();\nselect pg_sleep(60);\n";

fn under_way(database: &Database, project: &Project) -> Process {
    let run = project.begin("migrate --local");
    wait_until("the migration runs", || database.is_running("pg_sleep"));
    run
}

#[test]
fn ctrl_c_during_a_long_statement_rolls_back_and_leaves_cleanly() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_first", "create table first ()").up("2_slow", SLOW);
    let run = under_way(&database, &project);
    let pressed = Instant::now();
    run.interrupt();
    run.end()
        .ends(Exit::Interrupted)
        .says("interrupted during migration `2_slow`")
        .says("its transaction was rolled back")
        .says("1 migration before it is applied and recorded");
    assert!(pressed.elapsed() < Duration::from_secs(5));
    assert!(!database.has("begun"));
    assert_eq!(database.applied(), ["1"]);
    assert_eq!(database.locks(), 0);
    let project = project.up("2_slow", &SLOW.replace("60", "0"));
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
}

#[test]
fn ctrl_c_outside_a_transaction_lets_the_statement_end_and_the_next_run_goes_on() {
    let database = Database::new();
    let sql = "-- dbctl: no-transaction\ncreate table a ();\nselect pg_sleep(1);\ncreate table b ();\n";
    let project = Project::with_local(&database).up("1_parts", sql);
    let run = under_way(&database, &project);
    run.interrupt();
    run.end().ends(Exit::Interrupted).says("its first 2 statements are applied and recorded");
    assert!(database.has("a") && !database.has("b"));
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
    assert!(database.has("b"));
}

#[test]
fn a_second_ctrl_c_cancels_what_runs_outside_a_transaction() {
    let database = Database::new();
    let sql = "-- dbctl: no-transaction\ncreate table a ();\nselect pg_sleep(60);\n";
    let project = Project::with_local(&database).up("1_parts", sql);
    let run = under_way(&database, &project);
    run.interrupt();
    std::thread::sleep(Duration::from_millis(300));
    run.interrupt();
    run.end().ends(Exit::Interrupted).says("its first statement stays in effect");
    assert_eq!(database.locks(), 0);
}

#[test]
fn kill_9_during_a_transaction_leaves_nothing_and_the_next_run_works_within_seconds() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_slow", SLOW);
    under_way(&database, &project).kill();
    project.write("migrations/1_slow.sql", &SLOW.replace("60", "0"));
    let again = Instant::now();
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
    assert!(again.elapsed() < Duration::from_secs(10), "{:?}", again.elapsed());
    assert!(database.has("begun"));
    assert_eq!(project.runs().len(), 2);
}

#[test]
fn kill_9_outside_a_transaction_asks_what_became_of_the_statement() {
    let database = Database::new();
    let sql = "-- dbctl: no-transaction\ncreate table a ();\nselect pg_sleep(30);\ncreate table b ();\n";
    let project = Project::with_local(&database).up("1_parts", sql);
    under_way(&database, &project).kill();
    project
        .dbctl("migrate --local")
        .ends(Exit::Refused)
        .says("nobody knows whether statement 2 of `1_parts` took effect")
        .says("migrations/1_parts.sql:3:1")
        .says("--in-doubt skip");
    project.dbctl("migrate --local --in-doubt skip").ok();
    assert!(database.has("a") && database.has("b"));
}

#[test]
fn status_tells_of_a_run_that_was_killed() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_slow", SLOW);
    under_way(&database, &project).kill();
    project.dbctl("status --local").ok().answers("ended without a result");
}
