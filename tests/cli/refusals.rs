//! What cannot be done, with the exit code that says so and the sentence that helps.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use dbctl::exit::Exit;

use crate::support::{Database, Output, Project, is_root};

#[test]
fn an_unknown_flag_is_wrong_usage() {
    Project::new().dbctl("migrate --lokal").ends(Exit::Usage).says("--lokal").says("--local");
    Project::new().dbctl("migrat").ends(Exit::Usage).says("migrate");
    Project::new().dbctl("migrate --local --remote").ends(Exit::Usage);
}

#[test]
fn an_unknown_key_is_a_warning_with_a_suggestion() {
    let project = Project::new().file("dbctl.toml", "[local]\nplatfrom = \"supabase\"\n").up("1_t", "select 1");
    project
        .dbctl("plan --local")
        .ok()
        .says("unknown key `local.platfrom` in dbctl.toml")
        .says("dbctl.toml:2:1")
        .says("did you mean `platform`?");
}

#[test]
fn a_wrong_value_is_an_error_with_its_place() {
    let project = Project::new().file("dbctl.toml", "[local]\nplatform = \"oracle\"\n");
    project.dbctl("plan --local").ends(Exit::Project).says("dbctl.toml:2:12").says("`postgres` or `supabase`");
    let project = Project::new().file("dbctl.toml", "[local\n");
    project.dbctl("plan --local").ends(Exit::Project).says("dbctl.toml:1");
}

#[test]
fn an_unknown_version_is_refused_with_the_nearest() {
    let database = Database::new();
    let project = Project::with_local(&database).up("20260101000000_users", "select 1");
    project.dbctl("migrate --local --to 2027").ends(Exit::Usage).says("there is no migration `2027`");
    project.dbctl("migrate --local --to usres").ends(Exit::Usage).says("did you mean `20260101000000_users`?");
    project.dbctl("rollback --local --yes --to nothing").ends(Exit::Usage).says("there is no migration `nothing`");
}

#[test]
fn an_unknown_target_is_refused_with_the_nearest() {
    let project = Project::new().file("dbctl.toml", "[targets.staging]\nurl_env = \"STAGING\"\n").up("1_t", "select 1");
    project.dbctl("plan --target stagign").ends(Exit::Project).says("did you mean `--target staging`?");
    project.dbctl("plan --target staging").ends(Exit::Project).says("`STAGING`, which is not set");
    project.dbctl("plan").ends(Exit::Project).says("target `remote` has no URL").says("--local");
}

#[test]
fn a_missing_folder_is_refused_with_the_way_to_make_it() {
    let project = Project::empty();
    project.dbctl("migrate --local").ends(Exit::Project).says("`migrations`").says("dbctl init");
    project.dbctl("migrate --local --migrations nowhere").ends(Exit::Project).says("`nowhere`");
    project.dbctl("-C nowhere status").ends(Exit::Project).says("there is no folder");
}

#[test]
fn an_empty_folder_has_nothing_to_do() {
    let database = Database::new();
    Project::with_local(&database).dbctl("migrate --local").ok().answers("Nothing to do");
}

#[test]
fn a_host_that_does_not_exist_cannot_be_reached() {
    let project = Project::new().up("1_t", "select 1").variable("DATABASE_URL", "postgres://u@no-such-host.invalid/d");
    project.dbctl("migrate --yes").ends(Exit::Connect).says("no-such-host.invalid");
    project.dbctl("status").ok().answers("no-such-host.invalid");
    let project = project.variable("DATABASE_URL", "postgres://u@127.0.0.1:1/d");
    project.dbctl("plan").ends(Exit::Connect).says("127.0.0.1:1");
    project.dbctl("status --exit-code").ends(Exit::No);
}

#[test]
fn a_broken_file_of_variables_is_refused_without_its_text() {
    let project = Project::new().up("1_t", "select 1").file(".env", "A=1\nB='s3cret\n");
    project.dbctl("plan").ends(Exit::Project).says("entry 2").never_says("s3cret");
}

#[test]
fn a_folder_that_may_not_be_written_is_said_before_anything_is_applied() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()");
    let folder = project.path("");
    fs_err::set_permissions(&folder, PermissionsExt::from_mode(0o555)).unwrap();
    let run = as_nobody(&project, "migrate --local");
    fs_err::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    run.ends(Exit::Project).says("`").says(".dbctl");
    assert!(!database.has("t"));
}

#[test]
fn a_migration_that_may_not_be_read_is_named() {
    let project = Project::new().up("1_t", "select 1");
    fs_err::set_permissions(project.path(""), PermissionsExt::from_mode(0o755)).unwrap();
    fs_err::set_permissions(project.path("migrations/1_t.sql"), PermissionsExt::from_mode(0o000)).unwrap();
    as_nobody(&project, "plan --local").ends(Exit::Project).says("migrations/1_t.sql");
}

/// Runs dbctl as somebody who is not root, whom no permission stops.
fn as_nobody(project: &Project, words: &str) -> Output {
    let command = project.command(words);
    if !is_root() {
        return { command }.output().unwrap().into();
    }
    // The program may lie where only root can go.
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("dbctl");
    fs_err::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    // In another process: a file that a thread beside this one has inherited open for writing cannot be run.
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_dbctl")).arg(&program).status().unwrap().success());
    let mut nobody = Command::new("setpriv");
    nobody.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program).args(command.get_args());
    nobody.current_dir(project.path("")).env_clear();
    nobody.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("HOME", "/nonexistent");
    nobody.output().unwrap().into()
}
