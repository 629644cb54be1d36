//! Indexes that are built concurrently, and go wrong half-way.

use dbctl::exit::Exit;

use crate::support::{Database, Project, wait_until};

fn is_valid(database: &Database, index: &str) -> bool {
    database.value(&format!("select indisvalid from pg_index where indexrelid = to_regclass('{index}')")) == "t"
}

#[test]
fn builds_one_while_another_runner_polls_for_the_lock() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .up("1_t", "create table t (a int); insert into t select generate_series(1, 1000);")
        .up("2_index", "create index concurrently t_a on t (a);");
    let runs = [project.begin("migrate --local"), project.begin("migrate --local")];
    for run in runs {
        run.end().ok();
    }
    assert!(is_valid(&database, "t_a"));
}

#[test]
fn kill_9_while_it_is_held_up_and_the_next_run_goes_on() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t (a int)");
    project.dbctl("migrate --local").ok();
    let other = database.session();
    other.run("begin; insert into t values (1)");
    let sql = "create index concurrently t_a on t (a);\ncreate index concurrently t_b on t ((a + 1));\n";
    let project = project.up("2_index", sql);
    let run = project.begin("migrate --local");
    wait_until("the index waits", || database.is_waiting("create index concurrently"));
    run.kill();
    wait_until("the server has noticed", || database.locks() == 0);
    other.run("commit");
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
    assert!(is_valid(&database, "t_a") && is_valid(&database, "t_b"));
    assert_eq!(database.applied(), ["1", "2"]);
}

#[test]
fn fails_on_duplicates_and_works_once_they_are_gone() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .up("1_t", "create table t (a int); insert into t values (1), (1);")
        .up("2_index", "create unique index concurrently t_a on t (a);");
    project.dbctl("migrate --local").ends(Exit::Partial).says("23505 unique_violation");
    assert!(!is_valid(&database, "t_a"));
    database.run("delete from t where ctid = (select min(ctid) from t)");
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
    assert!(is_valid(&database, "t_a"));
}

#[test]
fn fails_behind_a_finished_statement_and_says_what_stays() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .up("1_t", "create table t (a int); insert into t values (1), (1);")
        .up("2_index", "create index concurrently t_i on t (a);\ncreate unique index concurrently t_u on t (a);\n");
    project.dbctl("migrate --local").ends(Exit::Partial).says("its first statement stays in effect");
    database.run("delete from t where ctid = (select min(ctid) from t)");
    project.dbctl("migrate --local").ok();
    assert!(is_valid(&database, "t_i") && is_valid(&database, "t_u"));
}
