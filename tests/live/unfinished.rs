//! What was begun and not finished, and ways back that nobody has written.

use dbctl::exit::Exit;

use crate::support::{Database, Project, files_under, wait_until};

#[test]
fn an_unwritten_way_back_is_none() {
    let database = Database::new();
    let project = Project::with_local(&database);
    project.dbctl("new things").ok();
    let files = files_under(&project.path("migrations"));
    let up = files.iter().find(|file| !file.to_string_lossy().ends_with(".down.sql")).unwrap();
    fs_err::write(up, "create table things ();").unwrap();
    project.dbctl("migrate --local").ok();
    project.dbctl("rollback --local --yes").ends(Exit::Refused).says("its down file is the template");
    assert!(database.has("things"));
    project.dbctl("status --local").ok().answers("no");
}

#[test]
fn a_first_statement_that_failed_holds_nothing_up() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_v", "vacuum nope");
    project.dbctl("migrate --local").ends(Exit::RolledBack).says("no statement is in effect");
    project.dbctl("status --local").ok().answers("pending");
    project.remove("migrations/1_v.sql");
    let project = project.up("2_t", "create table t ()");
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
}

#[test]
fn a_statement_that_another_runner_is_at_is_waited_for() {
    let database = Database::new();
    let sql = "-- dbctl: no-transaction\ncreate table a ();\nselect pg_sleep(2);\n";
    let project = Project::with_local(&database).up("1_slow", sql);
    let run = project.begin("migrate --local");
    wait_until("the sleep is sent", || database.has("a"));
    std::thread::sleep(std::time::Duration::from_millis(300));
    project.dbctl("migrate --local").ok().answers("Nothing to do");
    run.end().ok();
}

#[test]
fn what_is_begun_on_top_keeps_the_rest_from_being_rolled_back() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .up("1_t", "create table t (a int); insert into t values (1), (1)")
        .down("1_t", "drop table t")
        .up("2_i", "-- dbctl: no-transaction\ncreate index concurrently i on t (a);\nselect 1 / 0;\n");
    project.dbctl("migrate --local").ends(Exit::Partial);
    project.dbctl("rollback --local --yes").ends(Exit::Refused).says("`2_i` was begun");
    assert!(database.has("t"));
    project.remove("migrations/2_i.sql");
    project.dbctl("migrate --local").ends(Exit::Refused).says("--allow-missing");
    project.dbctl("migrate --local --allow-missing").ok();
}

#[test]
fn a_reason_has_to_say_something() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()");
    let run = project.dbctl_with("migrate --yes --skip-local-gate --reason", " ");
    run.ends(Exit::Usage).says("say why");
}

#[test]
fn a_url_in_the_place_of_a_variables_name_is_not_repeated() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()");
    project.write("dbctl.toml", "[targets.staging]\nurl_env = \"postgres://x:sekret@h/d\"\n");
    let run = project.dbctl("status --target staging").ends(Exit::Project).says("is not the name of a variable");
    assert!(!run.stderr.contains("sekret"), "{run}");
}
