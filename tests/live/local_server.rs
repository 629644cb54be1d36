//! The managed local server, and the main job on it: the project in `tests/projects/saas`.

use std::path::Path;
use std::time::Instant;

use dbctl::exit::Exit;

use crate::support::{Client, Output, Project, files_under};

/// A copy of the project of the README's main job.
fn saas() -> Project {
    let project = Project::empty();
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects/saas");
    for file in files_under(&original) {
        let path = file.strip_prefix(&original).unwrap();
        // What a run of the main job left there is no part of the project.
        if !path.starts_with(".dbctl") {
            project.write(path.to_str().unwrap(), &fs_err::read_to_string(&file).unwrap());
        }
    }
    project
}

fn goes_up_and_down_and_up_again(project: &Project) {
    let count = dir_count(&project.path("supabase/migrations"));
    project.dbctl("migrate --local").ok().answers(&format!("Applied {count} migrations"));
    project.dbctl("migrate --local").ok().answers("Nothing to do");
    project.dbctl("status --local --exit-code").ok().answers("all applied to `local`");
    project.dbctl("rollback --local --yes --to 0").ok().answers(&format!("Rolled back {count} migrations"));
    let url = project.dbctl("db url").ok().stdout.trim().to_owned();
    let left = "select string_agg(relname, ', ' order by relname) from pg_class \
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'S')";
    assert_eq!(Client::open(&url).values(left), [""], "the ways back leave nothing");
    project.dbctl("migrate --local").ok().answers(&format!("Applied {count} migrations"));
}

fn dir_count(folder: &Path) -> usize {
    let is_up = |path: &Path| !path.to_str().unwrap().ends_with(".down.sql");
    files_under(folder).iter().filter(|path| is_up(path)).count()
}

#[test]
fn the_main_job_goes_up_down_and_up_again() {
    let project = saas();
    let committed = project.read("dbctl.sum");
    goes_up_and_down_and_up_again(&project);
    assert_eq!(project.read("dbctl.sum"), committed, "tests/projects/saas/dbctl.sum is not up to date");
}

#[test]
fn the_main_job_goes_up_down_and_up_again_on_the_bundle() {
    let project = saas().variable("DBCTL_LOCAL_ENGINE", "bundle");
    goes_up_and_down_and_up_again(&project);
    let status = project.dbctl("db status --format json").ok().json();
    assert!(status["version"].as_str().unwrap().starts_with("18."), "{status:#}");
}

#[test]
fn processes_that_start_it_at_once_get_one_server() {
    let project = Project::new();
    let starts: Vec<_> = (0..3).map(|_| project.begin("db start --format json")).collect();
    let outputs: Vec<Output> = starts.into_iter().map(|start| start.end().ok()).collect();
    let pid = |output: &Output| output.json()["pid"].as_i64().unwrap();
    assert_eq!(pid(&outputs[0]), pid(&outputs[1]));
    assert_eq!(pid(&outputs[0]), pid(&outputs[2]));
}

#[test]
fn starts_stops_keeps_its_data_and_is_destroyed() {
    let project = Project::new().up("1_t", "create table t (a int); insert into t values (7);");
    project.dbctl("db status").ok().answers("There is no local server yet");
    project.dbctl("status").ok().answers("pending");
    assert!(!project.path(".dbctl/local").exists(), "asking starts nothing");
    project.dbctl("migrate --local").ok();
    project.dbctl("db stop").ok().answers("its data stay");
    project.dbctl("db stop").ok().answers("Nothing to do");
    project.dbctl("db status").ok().answers("is stopped");
    let warm = Instant::now();
    let url = project.dbctl("db url").ok().stdout.trim().to_owned();
    eprintln!("a warm start took {:?}", warm.elapsed());
    assert_eq!(Client::open(&url).values("select a from t"), ["7"]);
    project.dbctl("db reset").ends(Exit::Refused).says("`--yes`");
    project.dbctl("db reset --yes").ok();
    assert_eq!(Client::open(&url).values("select to_regclass('t') is null"), ["t"]);
    project.dbctl("migrate --local").ok().answers("Applied 1 migration");
    project.dbctl("db destroy").ends(Exit::Refused);
    project.dbctl("db destroy --yes").ok();
    project.dbctl("db status").ok().answers("There is no local server yet");
    project.dbctl("db destroy --yes").ok().answers("Nothing to do");
}

#[test]
fn survives_being_killed() {
    let project = Project::new().up("1_t", "create table t ()");
    project.dbctl("migrate --local").ok();
    let pid = project.dbctl("db status --format json").ok().json()["pid"].as_i64().unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    project.dbctl("migrate --local").ok().answers("Nothing to do");
}

#[test]
fn an_extension_that_is_not_there_is_named_with_the_choices() {
    let project = Project::new().up("1_net", "create extension pg_net;\nselect 1;\n");
    project
        .dbctl("migrate --local")
        .ends(Exit::Project)
        .says("the local server lacks extension `pg_net`")
        .says("migrations/1_net.sql:1:1")
        .says("stub_extensions = [\"pg_net\"]");
    project.write("dbctl.toml", "[local]\nstub_extensions = [\"pg_net\"]\n");
    project.dbctl("migrate --local").ok().says("stubbed");
}
