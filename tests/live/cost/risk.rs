//! `plan` tells the cost, and `--max-risk` stops what is too dangerous unless it is approved by name.

use dbctl::exit::Exit;
use serde_json::{Value, json};

use crate::support::{Database, Project};

const BASE: &str = "create table public.users (id bigint primary key, email text, old text);";
const CHANGE: &str = "alter table public.users add column name text;\nalter table public.users drop column old;\n";
const NAME: &str = "drop-column:public.users.old";

/// A project whose remote has the first migration, and whose second one has passed locally.
fn project(databases: &(Database, Database), change: &str) -> Project {
    let project = Project::with_both(&databases.0, &databases.1).up("20240101000000_base", BASE);
    project.dbctl("migrate --local").ok();
    project.dbctl("migrate --remote --yes").ok();
    let project = project.up("20240102000000_change", change);
    project.dbctl("migrate --local").ok();
    project
}

fn databases() -> (Database, Database) {
    (Database::new(), Database::new())
}

/// A file of the last run.
fn last(project: &Project, file: &str) -> String {
    // Folders of one second are in no order.
    let begun = |run: &std::path::PathBuf| {
        let meta = fs_err::read_to_string(run.join("meta.json")).unwrap();
        serde_json::from_str::<Value>(&meta).unwrap()["startedAt"].as_str().unwrap().to_owned()
    };
    let run = project.runs().into_iter().max_by_key(begun).unwrap();
    fs_err::read_to_string(run.join(file)).unwrap()
}

/// What its `meta.json` says was allowed.
fn allowed(project: &Project) -> Value {
    serde_json::from_str::<Value>(&last(project, "meta.json")).unwrap()["allowed"].clone()
}

#[test]
fn a_plan_says_what_each_statement_costs() {
    let databases = databases();
    let project = project(&databases, CHANGE);
    let plan = project.dbctl("plan --remote --format json").ok().json();
    let step = &plan["steps"][0];
    assert_eq!(step["risk"]["level"], "critical");
    assert_eq!(step["phases"], json!(["expand", "contract"]));
    assert_eq!(step["risk"]["reasons"][0]["approval"], NAME);
    assert_eq!(step["risk"]["reasons"][0]["level"], "critical");
    assert_eq!(step["risk"]["reasons"][0]["line"], 2);
    let drop = &step["statements"][1];
    assert_eq!(drop["locks"][0]["relation"], "public.users");
    assert_eq!(drop["locks"][0]["mode"], "ACCESS_EXCLUSIVE");
    assert_eq!(drop["locks"][0]["blocks"], "reads and writes");
    assert_eq!(drop["reversible"]["ok"], "data lost");
    assert_eq!(drop["phase"], "contract");
    assert_eq!(drop["approvals"][0], NAME);
    assert_eq!(step["statements"][0]["reversible"], json!({ "ok": "exact", "why": "" }));
    project
        .dbctl("plan --remote")
        .ok()
        .answers("contract (line 2): deploy the code that no longer counts on it first")
        .answers("--allow drop-column:public.users.old");
}

#[test]
fn what_is_too_dangerous_is_refused_until_it_is_approved_by_name() {
    let databases = databases();
    let project = project(&databases, CHANGE);
    project.dbctl("plan --remote --max-risk critical").ok();
    project
        .dbctl("plan --remote --max-risk high")
        .ends(Exit::Refused)
        .answers("approve `--allow drop-column:public.users.old`");
    project
        .dbctl("migrate --remote --yes --max-risk high")
        .ends(Exit::Refused)
        .says("risk/refused")
        .says("nothing was changed on `remote`");
    assert_eq!(databases.1.applied().len(), 1);
    // A slip in the name is said, and approves nothing.
    let slip =
        project.dbctl("migrate --remote --yes --max-risk high --allow drop-column:public.user.old").ends(Exit::Refused);
    assert!(slip.stderr.contains("did you mean `drop-column:public.users.old`?"), "{}", slip.stderr);
    project.dbctl(&format!("plan --remote --max-risk high --allow {NAME}")).ok();
    project.dbctl(&format!("migrate --remote --yes --max-risk high --allow {NAME}")).ok();
    assert_eq!(allowed(&project), json!([format!("--allow {NAME}")]));
    assert!(last(&project, "report.md").contains(NAME));
    assert!(last(&project, "plan.json").contains("\"level\": \"critical\""));
}

#[test]
fn the_configuration_sets_the_level_for_others_than_the_local_database() {
    let databases = databases();
    let project = project(&databases, CHANGE);
    project.write("dbctl.toml", "[apply]\nmax_risk = \"high\"\n");
    project.dbctl("migrate --remote --yes").ends(Exit::Refused);
    project.dbctl("migrate --remote --yes --dry-run").ends(Exit::Refused);
    project.dbctl("plan --local").ok();
    project.write("dbctl.toml", &format!("[apply]\nmax_risk = \"high\"\nallow = [\"{NAME}\"]\n"));
    project.dbctl("migrate --remote --yes").ok();
    project.write("dbctl.toml", "[apply]\nmax_risk = \"hihg\"\n");
    project.dbctl("status --local").ends(Exit::Project).says("did you mean `high`?");
}

#[test]
fn a_migration_approves_itself_with_a_reason() {
    let databases = databases();
    let change = format!("-- dbctl: allow {NAME} -- nobody reads it since 2.3\n{CHANGE}");
    let project = project(&databases, &change);
    project.dbctl("migrate --remote --yes --max-risk high").ok();
    assert_eq!(allowed(&project), json!([format!("-- dbctl: allow {NAME} -- nobody reads it since 2.3")]));
    let project = project.up("20240103000000_more", "-- dbctl: allow drop-table:public.users\nselect 1;");
    project.dbctl("status --local").ends(Exit::Project).says("without saying why");
}
