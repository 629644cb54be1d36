//! Files that differ from what is applied: changed, late, missing.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const UP: &str = "-- people\ncreate table person (\n  id int,\n  name text\n);\n";

fn applied() -> (Database, Project) {
    let database = Database::new();
    let project = Project::with_local(&database).up("10_person", UP).up("30_pet", "create table pet ()");
    project.dbctl("migrate --local").ok();
    (database, project)
}

#[test]
fn refuses_a_changed_applied_file_and_shows_the_difference() {
    let (database, project) = applied();
    let project =
        project.up("10_person", &UP.replace("name text", "name varchar(80)")).up("40_new", "create table n ()");
    let run = project.dbctl("migrate --local").ends(Exit::Refused).says("`migrations/10_person.sql` has changed");
    assert!(run.stderr.lines().any(|line| line.contains('-') && line.contains("name text")), "{run}");
    assert!(run.stderr.lines().any(|line| line.contains('+') && line.contains("name varchar(80)")), "{run}");
    assert!(!database.has("n"));
    let status = project.dbctl("status --local --format json").ok().json();
    assert_eq!(status["migrations"][0]["local"], "changed");
    project.dbctl("status --local --exit-code").ends(Exit::No);
}

#[test]
fn accepts_a_changed_file_when_told_that_the_database_matches() {
    let (database, project) = applied();
    let project = project.up("10_person", &UP.replace("name text", "name varchar(80)"));
    project.dbctl("migrate --local --accept-changed 10").ok();
    project.dbctl("migrate --local").ok().answers("Nothing to do");
    assert_eq!(database.value("select count(*) from dbctl.event where kind = 'accepted'"), "1");
}

#[test]
fn accepting_a_file_does_not_change_what_was_applied_last() {
    let (database, project) = applied();
    let project = project
        .up("10_person", &UP.replace("name text", "name varchar(80)"))
        .down("10_person", "drop table person")
        .down("30_pet", "drop table pet");
    project.dbctl("migrate --local --accept-changed 10").ok();
    project.dbctl("rollback --local --yes").ok();
    assert!(database.has("person") && !database.has("pet"));
}

#[test]
fn half_a_history_is_not_taken_for_none() {
    for table in ["event", "schema_history"] {
        let (database, project) = applied();
        database.run(&format!("drop table dbctl.{table} cascade"));
        for words in ["status --local", "plan --local", "migrate --local"] {
            let run = project.dbctl(words);
            run.ends(Exit::Refused).says(&format!("`dbctl.{table}` is missing"));
        }
    }
}

#[test]
fn warns_of_changed_comments_and_goes_on() {
    let (database, project) = applied();
    let project = project.up("10_person", &UP.replace("people", "persons")).up("40_new", "create table n ()");
    project.dbctl("migrate --local").ok().says("comments of `10_person` have changed");
    assert!(database.has("n"));
}

#[test]
fn does_not_mind_line_ends_byte_order_marks_and_trailing_blanks() {
    let (_database, project) = applied();
    let project = project.up("10_person", &format!("\u{feff}{}", UP.replace('\n', "  \r\n")));
    project.dbctl("migrate --local").ok().answers("Nothing to do").never_says("changed");
    project.dbctl("status --local --exit-code").ok();
}

#[test]
fn refuses_a_late_file_until_it_is_allowed() {
    let (database, project) = applied();
    let project = project.up("20_late", "create table late ()");
    project.dbctl("migrate --local").ends(Exit::Refused).says("`20_late` is older than `30_pet`").says("--allow-late");
    assert!(!database.has("late"));
    let status = project.dbctl("status --local --format json").ok().json();
    assert_eq!(status["migrations"][1]["local"], "late");
    project.dbctl("migrate --local --allow-late").ok().answers("Applied 1 migration");
    assert!(database.has("late"));
    project.dbctl("migrate --local").ok().answers("Nothing to do");
}

#[test]
fn refuses_a_missing_file_until_it_is_allowed() {
    let (database, project) = applied();
    project.remove("migrations/10_person.sql");
    let project = project.up("40_new", "create table n ()");
    project
        .dbctl("migrate --local")
        .ends(Exit::Refused)
        .says("`10_person` is applied to `local`, but its file is gone")
        .says("--allow-missing");
    assert!(!database.has("n"));
    let status = project.dbctl("status --local --format json").ok().json();
    assert_eq!(status["migrations"][0]["local"], "missing");
    project.dbctl("migrate --local --allow-missing").ok();
    assert!(database.has("n"));
}

#[test]
fn names_every_late_and_missing_file_at_once() {
    let (_database, project) = applied();
    project.remove("migrations/10_person.sql");
    let project = project.up("20_late", "select 1").up("25_later", "select 1");
    project.dbctl("migrate --local").ends(Exit::Refused).says("`10_person`").says("`20_late`").says("`25_later`");
}
