//! `dbctl rollback --plan`: a document with a script, from down files that are proved and generated steps where not.

use dbctl::exit::Exit;

use super::script::psql;
use crate::support::{Database, Project};

const BASE: &str = "create table users (id bigint generated always as identity primary key, name text not null);";

const MORE: &str = "create type state as enum ('new', 'done');\n\
    create table orders (id bigint primary key, user_id bigint not null references users, state state not null);\n\
    create view open_orders as select id from orders where state = 'new';\n\
    alter table users add column mail text;";

const RENAME: &str = "alter table users rename column name to full_name;\n\
    alter table orders rename to purchases;\n\
    update users set mail = 'changed';";

/// A project with three migrations that are applied, and rows.
fn project(database: &Database) -> Project {
    let project = Project::with_local(database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", BASE)
        .up("2_more", MORE)
        .up("3_rename", RENAME);
    project.dbctl("migrate --local").ok();
    database.run(
        "insert into users (full_name, mail) values ('ann', 'a@b'), ('bob', null); \
         insert into purchases select n, 1 + n % 2, 'new' from generate_series(1, 5) n",
    );
    project
}

#[test]
fn a_plan_says_what_each_step_restores_loses_locks_and_leaves_to_a_person() {
    let database = Database::new();
    let project = project(&database);
    let plan = project.dbctl("rollback --local --to 1 --plan").ok();
    let head = plan.stdout.split("\\set ON_ERROR_STOP").next().unwrap().to_owned();
    for said in [
        "ROLLBACK PLAN: 2 migrations, newest first",
        "-- to         1_base, which stays",
        "--  1. 3_rename\n--     NOT REVERSIBLE (generated, one transaction)\n",
        "decide: UPDATE in line 3 of the migration: the rows of public.users (mail) keep the values they were given",
        "--  2. 2_more\n--     EXACT, BUT DATA IS LOST (generated, one transaction)\n",
        // It is called otherwise at this moment, and is counted all the same.
        "lost: public.orders: all its rows: the way back destroys it (5 rows now)",
        "lost: public.users.mail: all its values: the way back destroys it (1 row now)",
        "lock: ACCESS EXCLUSIVE on public.orders (",
        "BEFORE IT RUNS, applications must no longer use",
        "column public.users.full_name (it is called public.users.name then)",
        "view public.open_orders",
    ] {
        assert!(head.contains(said), "{said}\n{head}");
    }
    assert!(head.lines().all(|line| line.is_empty() || line.starts_with("--")), "{head}");
    assert_eq!(database.applied(), ["1", "2", "3"], "the plan changes nothing");
    let json = project.dbctl("rollback --local --to 1 --plan --format json").ok().json();
    assert_eq!(json["format"], "dbctl/rollback-script/v1");
    assert_eq!(
        (&json["steps"][0]["verdict"], &json["steps"][1]["verdict"]),
        (&"not-reversible".into(), &"data-lost".into())
    );
    assert_eq!(json["steps"][1]["losses"][0]["rows"], 5);
    assert_eq!(json["steps"][1]["source"], "generated");
}

#[test]
fn psql_runs_the_plan_on_its_own_database_at_its_own_version_only() {
    let database = Database::new();
    let project = project(&database);
    let wanted = Database::new();
    wanted.run(BASE);
    project.dbctl("rollback --local --to 1 --plan -o back.sql").ok().answers("Wrote the rollback of 2 migrations");
    let other = database.copy();
    let Some(run) = psql(&other, &project.path("back.sql")) else { return };
    assert_eq!(run.code, Some(3), "{run}");
    assert!(run.stderr.contains("and this is another: nothing was changed"), "{run}");
    assert_eq!(other.applied(), ["1", "2", "3"]);

    project.write("migrations/4_newer.sql", "create table newer ()");
    project.dbctl("migrate --local").ok();
    let run = psql(&database, &project.path("back.sql")).unwrap();
    assert!(run.stderr.contains("other migrations are applied now; make a new plan"), "{run}");
    assert!(run.stderr.contains("newest there: 4"), "{run}");
    assert!(database.has("purchases"));

    project.dbctl("rollback --local --plan --to 1 -o back.sql").ok();
    let run = psql(&database, &project.path("back.sql")).unwrap();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(database.applied(), ["1"]);
    project.dbctl("diff --from local --to migrations@1 --check").ok();
    let names = "select name from users order by id";
    assert_eq!(database.values(names), ["ann", "bob"], "what was only renamed keeps its values");
    let run = psql(&database, &project.path("back.sql")).unwrap();
    assert_eq!(run.code, Some(3), "a second time it refuses: {run}");
    project.dbctl("migrate --local").ok().answers("Applied 3 migrations");
}

#[test]
fn a_down_file_that_forgets_something_gives_way_unless_it_is_preferred() {
    let database = Database::new();
    let project = project(&database).down("3_rename", "alter table users rename column full_name to name");
    let plan = project.dbctl("rollback --local --plan").ok();
    let plan = plan.answers("note: the down file does not restore the schema: table public.orders is not made again");
    let plan = plan.answers("generated steps stand in its place: `--prefer-files` takes the file all the same");
    plan.answers("alter table public.purchases rename to orders;");
    let plan = project.dbctl("rollback --local --plan --prefer-files -o back.sql").ok();
    plan.answers("3_rename.down.sql").answers("not reversible");
    let Some(run) = psql(&database, &project.path("back.sql")) else { return };
    assert!(run.stderr.contains("step 3_rename was not proved, and stops here"), "{run}");
    assert_eq!(database.applied(), ["1", "2", "3"]);
}

#[test]
fn a_down_file_that_restores_all_is_taken_and_may_change_rows_back() {
    let database = Database::new();
    let down = "update users set mail = null;\nalter table purchases rename to orders;\n\
                alter table users rename column full_name to name;";
    let project = project(&database).down("3_rename", down);
    let plan = project.dbctl("rollback --local --plan").ok();
    let plan = plan.answers("EXACT (file migrations/3_rename.down.sql, one transaction)");
    plan.answers("the down file changes rows of public.users too: whether that takes back the UPDATE in line 3");
}

#[test]
fn a_database_that_is_not_what_its_migrations_leave_is_said() {
    let database = Database::new();
    let project = project(&database);
    database.run("create index by_hand on users (mail)");
    let plan = project.dbctl("rollback --local --plan").ok();
    plan.answers("this database is not what its migrations leave (1 difference by `dbctl diff`): index public.by_hand");
}

#[test]
fn what_stands_in_parts_runs_in_parts() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create type mood as enum ('a', 'b'); create table t (id int primary key, m mood default 'b')")
        .up(
            "2_less",
            "alter table t alter m drop default, alter m type text; drop type mood;\ncreate type mood as enum ('a');",
        )
        .up("3_index", "-- dbctl: no-transaction\ncreate index concurrently i on t (m)");
    project.dbctl("migrate --local").ok();
    project.dbctl("rollback --local --plan --to 1 -o back.sql").ok();
    let Some(run) = psql(&database, &project.path("back.sql")) else { return };
    assert_eq!(run.code, Some(0), "{run}");
    project.dbctl("diff --from local --to migrations@1 --check").ok();
}

#[test]
fn without_a_shadow_only_files_are_left_and_that_is_said() {
    let database = Database::new();
    let project = project(&database).down("3_rename", "alter table purchases rename to orders");
    let project = project.variable("DBCTL_SHADOW_URL", "postgres://nobody@127.0.0.1:1/none");
    let plan = project.dbctl("rollback --local --plan").ok();
    let plan = plan.says("the down files were not tried: no shadow database can be had");
    plan.answers("NOT PROVED").answers("it was not tried on a shadow database");
    let refused = project.dbctl("rollback --local --plan -n 2");
    assert_ne!(refused.code, Some(Exit::Ok.code().into()), "{refused}");
}
