//! The local gate and the question before a remote database is changed.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

fn project() -> (Database, Database, Project) {
    let (local, remote) = (Database::new(), Database::new());
    let project = Project::with_both(&local, &remote).up("1_t", "create table t ()").down("1_t", "drop table t");
    (local, remote, project)
}

#[test]
fn what_has_not_passed_locally_is_refused_and_passes_afterwards() {
    let (_local, remote, project) = project();
    project.dbctl("migrate --yes").ends(Exit::Refused).says("1 migration has not passed locally").says("1_t.sql");
    assert!(!remote.has("t"));
    project.dbctl("migrate --local").ok();
    project.dbctl("migrate --yes").ok().answers("Applied 1 migration");
    assert!(remote.has("t"));
    project.dbctl("migrate").ok().answers("Nothing to do");
}

#[test]
fn what_was_changed_since_is_refused_again() {
    let (local, remote, project) = project();
    project.dbctl("migrate --local").ok();
    let project = project.up("1_t", "create table t (a int)");
    project.dbctl("migrate --yes").ends(Exit::Refused).says("not passed locally as written");
    assert!(!remote.has("t"));
    project.dbctl("rollback --local --yes").ok();
    project.dbctl("migrate --local").ok();
    project.dbctl("migrate --yes").ok();
    assert!(local.has("t") && remote.has("t"));
}

#[test]
fn passing_by_the_gate_needs_a_reason_and_is_recorded() {
    let (_local, remote, project) = project();
    project.dbctl("migrate --yes --skip-local-gate").ends(Exit::Usage).says("--reason");
    project.dbctl_with("migrate --yes --skip-local-gate --reason", "the server burns").ok();
    assert!(remote.has("t"));
    let meta = fs_err::read_to_string(project.runs()[0].join("meta.json")).unwrap();
    assert!(meta.contains("the server burns"), "{meta}");
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_changed() {
    let (_local, remote, project) = project();
    project.dbctl("migrate --local").ok();
    project.dbctl("migrate").ends(Exit::Refused).says("there is no terminal to ask on").says("`--yes`");
    assert!(!remote.has("t") && !remote.has("dbctl.schema_history"));
    project.dbctl("migrate --yes").ok();
    for words in ["rollback", "rollback --local"] {
        project.dbctl(words).ends(Exit::Refused).says("`--yes`");
    }
    assert!(remote.has("t"));
}

#[test]
fn push_means_migrate_to_the_remote() {
    let (_local, remote, project) = project();
    project.dbctl("up --local").ok();
    project.dbctl("push --yes").ok();
    project.dbctl("list --exit-code").ok();
    project.dbctl("down --remote --yes").ok();
    assert!(!remote.has("t"));
}

#[test]
fn the_plan_tells_where_the_gate_is_closed() {
    let (_local, _remote, project) = project();
    let gate = || project.dbctl("plan --format json").ok().json()["steps"][0]["gate"].clone();
    assert_eq!(gate(), false);
    project.dbctl("migrate --local").ok();
    assert_eq!(gate(), true);
}
