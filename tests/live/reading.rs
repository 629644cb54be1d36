//! Commands that only read: they never write to a database, and their answers keep their shape.

use std::os::unix::fs::PermissionsExt;

use dbctl::exit::Exit;
use serde_json::Value;

use crate::support::{Database, Project};

fn schemas(database: &Database) -> String {
    database.value("select count(*) from pg_namespace where nspname = 'dbctl'")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_role_that_may_create_nothing_can_ask_for_everything() {
    let database = Database::new();
    let url = database.role("pass", "");
    let project = Project::new().up("1_t", "create table t ()").down("1_t", "drop table t").variable("URL", &url);
    let project = project.file("dbctl.toml", "[targets.prod]\nurl_env = \"URL\"\n");
    project.dbctl("status --target prod").ok().answers("pending");
    project.dbctl("plan --target prod").ok().answers("CREATE TABLE t");
    project.dbctl("migrate --target prod --dry-run").ok().answers("create table t");
    project.dbctl("rollback --target prod --plan").ok();
    assert_eq!(schemas(&database), "0");
}

#[test]
fn status_and_plan_write_nothing_even_where_they_could() {
    let database = Database::new();
    let project = Project::with_both(&database, &database).up("1_t", "create table t ()");
    for words in ["status", "status --local", "status --remote", "plan", "plan --local", "migrate --local --dry-run"] {
        project.dbctl(words).ok();
    }
    assert_eq!(schemas(&database), "0");
}

#[test]
fn status_in_json_has_the_documented_shape() {
    let (local, remote) = (Database::new(), Database::new());
    let project = Project::with_both(&local, &remote).up("1_t", "create table t ()").down("1_t", "drop table t");
    project.dbctl("migrate --local").ok();
    let status = project.dbctl("status --format json").ok().json();
    assert_eq!(keys(&status), ["folder", "format", "layout", "local", "migrations", "remote"]);
    assert_eq!(status["format"], "dbctl/status/v1");
    assert_eq!(status["remote"]["initialised"], false);
    let migration = &status["migrations"][0];
    assert_eq!((&migration["version"], &migration["name"]), (&"1".into(), &"t".into()));
    assert_eq!((&migration["local"], &migration["remote"]), (&"applied".into(), &"pending".into()));
    assert_eq!((&migration["reversible"], &migration["gate"]), (&true.into(), &true.into()));
    assert!(migration["localAppliedAt"].is_string() && migration["localMs"].is_number(), "{migration:#}");
}

#[test]
fn every_answer_in_json_names_its_format() {
    let (local, remote) = (Database::new(), Database::new());
    let project = Project::with_both(&local, &remote).up("1_t", "create table t ()").down("1_t", "drop table t");
    for (words, format) in [
        ("init", "dbctl/init/v1"),
        ("new thing", "dbctl/new/v1"),
        ("plan --local", "dbctl/plan/v1"),
        ("migrate --local", "dbctl/migrate/v1"),
        ("migrate --local", "dbctl/migrate/v1"),
        ("migrate --yes", "dbctl/migrate/v1"),
        ("status", "dbctl/status/v1"),
        ("rollback --local --yes", "dbctl/rollback/v1"),
        ("db status", "dbctl/db/v1"),
        ("runs list", "dbctl/runs/v1"),
    ] {
        let run = project.dbctl(&format!("{words} --format json")).ok();
        assert_eq!(run.json()["format"], format, "{words}{run}");
    }
}

#[test]
fn jsonl_tells_each_event_once_in_a_line_of_its_own() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()");
    let run = project.dbctl("migrate --local --format jsonl").ok();
    let lines: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(
        events,
        [
            "run-started",
            "migration-started",
            "statement-started",
            "statement-finished",
            "migration-finished",
            "run-finished"
        ],
        "{run}"
    );
    assert_eq!(lines.last().unwrap()["format"], "dbctl/migrate/v1", "{run}");
}

#[test]
fn status_tells_a_script_whether_everything_is_applied() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()");
    project.dbctl("status --local --exit-code").ends(Exit::No);
    project.dbctl("status --local").ok();
    project.dbctl("migrate --local").ok();
    project.dbctl("status --local --exit-code").ok();
}

#[test]
fn runs_can_be_listed_and_shown() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()").up("2_bad", "nonsense");
    project.dbctl("migrate --local").ends(Exit::RolledBack);
    project.dbctl("runs list").ok().answers("migrate").answers("local");
    let run = project.runs()[0].file_name().unwrap().to_str().unwrap().to_owned();
    let id = run.rsplit('-').next().unwrap().to_owned();
    project.dbctl(&format!("runs show {id}")).ok().answers("2_bad").answers("42601");
    let names = ["meta.json", "plan.json", "events.jsonl", "rollback.sql", "applied.sql", "report.md"];
    for name in names {
        let path = project.runs()[0].join(name);
        assert!(path.is_file(), "{}", path.display());
        assert_eq!(fs_err::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{name} is private");
    }
    let report = fs_err::read_to_string(project.runs()[0].join("report.md")).unwrap();
    assert!(report.contains("2_bad") && report.contains("What to do next"), "{report}");
}
