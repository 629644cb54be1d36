//! `dbctl verify` where something stands in its way.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

#[test]
fn an_extension_that_the_server_lacks_is_a_reason_not_to_apply() {
    let local = Database::new();
    let project = Project::with_local(&local)
        .variable("DBCTL_SHADOW_URL", &local.url)
        .up("1_a", "create table if not exists a (id int);")
        .up("2_lacks", "create table if not exists b (id int);\ncreate extension if not exists no_such_extension;")
        .up("3_c", "create table if not exists c (id int);");
    let run = project.dbctl("verify --all").ends(Exit::No);
    let run = run.says("migration `2_lacks` does not apply").says("migrations/2_lacks.sql:2");
    run.says("`stub_extensions = [\"no_such_extension\"]`").says("or install the package of `no_such_extension`");
    let answer = project.dbctl("verify --all --format json").ends(Exit::No).json();
    let of = |at: usize| &answer["migrations"][at];
    assert!(of(0)["applies"] == true && of(0)["reversible"]["exact"] == true, "{answer}");
    assert!(of(1)["applies"] == false && of(1)["failure"]["line"] == 2, "{answer}");
    assert_eq!(answer["notReached"], serde_json::json!(["3_c"]), "{answer}");
    project.write("dbctl.toml", "[local]\nstub_extensions = [\"no_such_extension\"]\n");
    project.dbctl("verify --all").ok();
}
