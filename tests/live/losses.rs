//! The data that are lost on the way there and back, as `verify` lists them.

use serde_json::Value;

use crate::support::{Database, Project};

/// A migration, what it is, its way back, and what is lost: table, column, by which way.
type Case = (&'static str, &'static str, Option<&'static str>, &'static [(&'static str, &'static str, &'static str)]);

/// All of them.
const CASES: &[Case] = &[
    ("alter table a add x int", "the rows are let be", Some("alter table a drop x"), &[("public.a", "x", "down")]),
    (
        "create view v as select id from a",
        "the way back deletes rows that the migration has let be",
        Some("drop view v; delete from a"),
        &[("public.a", "", "down")],
    ),
    ("create view v as select id from a", "the way back deletes nothing", Some("drop view v"), &[]),
    (
        "create view v as select id from a",
        "the way back drops what was there before",
        Some("drop view v; drop table b"),
        &[("public.b", "", "down")],
    ),
    (
        "create view v as select id from a",
        "the way back drops a column that was there before",
        Some("drop view v; alter table b drop st"),
        &[("public.b", "st", "down")],
    ),
    (
        "insert into a values (7, 'seven')",
        "the way back takes out what the migration has put in",
        Some("delete from a where id = 7"),
        &[],
    ),
    (
        "alter table b drop column st; alter table b add column st text",
        "a column is dropped and made again",
        None,
        &[("public.b", "st", "up")],
    ),
    (
        "alter table gen alter column w type bigint using w * 100",
        "a change of type computes other values",
        None,
        &[("public.gen", "w", "up")],
    ),
    ("alter table gen alter column w type bigint using w::bigint", "a change of type keeps the values", None, &[]),
    (
        "update a set s = upper(s); delete from b",
        "the migration changes rows",
        None,
        &[("public.a", "s", "up"), ("public.b", "", "up")],
    ),
    ("insert into a values (8)", "the migration puts rows in", None, &[]),
];

#[test]
fn what_either_way_destroys_is_listed_and_nothing_else() {
    let database = Database::new();
    let project = Project::with_local(&database).variable("DBCTL_SHADOW_URL", &database.url).up(
        "1_base",
        "create table a (id int primary key, s text); create table b (id int primary key, st text); \
         create table gen (id int primary key, w int);",
    );
    for (up, what, down, wanted) in CASES {
        project.write("migrations/2_next.sql", up);
        match down {
            Some(down) => project.write("migrations/2_next.down.sql", down),
            None => fs_err::remove_file(project.path("migrations/2_next.down.sql")).unwrap_or_default(),
        }
        let json = project.dbctl("verify 2 --format json").json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let losses = json["migrations"][0]["reversible"]["dataLoss"].as_array().cloned().unwrap_or_default();
        let losses: Vec<[String; 3]> =
            losses.iter().map(|it| [text(&it["table"]), text(&it["column"]), text(&it["by"])]).collect();
        let wanted: Vec<[String; 3]> =
            wanted.iter().map(|(table, column, by)| [table, column, by].map(|it| (*it).to_owned())).collect();
        assert_eq!(losses, wanted, "{what}: {up}\n{json:#}");
    }
}

#[test]
fn values_that_a_change_of_type_computes_are_others_after_a_second_run_where_there_are_rows() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create table gen (id int primary key, w int, t text);")
        .up("2_computes", "alter table gen alter column w type bigint using w * 100;")
        .up("3_keeps", "alter table gen alter column t type varchar(200) using t::varchar(200);");
    let output = project.dbctl("verify 2 3 --with-data --format json");
    let json = output.json();
    let of = |at: usize| &json["migrations"][at];
    assert_eq!(of(0)["idempotent"]["rows"][0]["table"], "public.gen", "{json:#}");
    assert_eq!(of(0)["reversible"]["dataLoss"][0]["column"], "w");
    assert_eq!((&of(1)["idempotent"]["ok"], &of(1)["withData"]["reversible"]), (&true.into(), &true.into()));
}

#[test]
fn what_the_way_back_does_to_rows_without_a_reason_is_said_to_people() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create table gen (id int primary key); create table other (id int primary key, t text);")
        .file("migrations/2_next.sql", "alter table gen add column if not exists z int;")
        .file("migrations/2_next.down.sql", "alter table gen drop column z; update other set t = 'x';");
    let output = project.dbctl("verify 2 --with-data --require reversible");
    assert_eq!(output.code, Some(1), "{output}");
    for words in ["not on rows", "error[verify/reversible]", "public.other holds"] {
        assert!(output.stdout.contains(words) || output.stderr.contains(words), "`{words}` is not said{output}");
    }
}

#[test]
fn a_way_back_that_destroys_rows_is_not_called_exact() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create table a (id int primary key, s text); create table b (id int primary key, st text);")
        .up("2_view", "create view v as select id from a;")
        .down("2_view", "drop view v; delete from a;")
        .up("3_anew", "alter table b drop column st; alter table b add column st text;");
    project.dbctl("migrate --local --no-lint --yes").ok();
    let plan = project.dbctl("rollback --plan --local --to 1 --format json").ok().json();
    let steps = plan["steps"].as_array().unwrap();
    let verdicts: Vec<_> = steps.iter().map(|it| it["verdict"].as_str().unwrap_or_default()).collect();
    assert_eq!(verdicts, ["data-lost", "data-lost"], "{plan:#}");
}

#[test]
fn roles_are_left_to_a_person_and_gone_from_the_server_afterwards() {
    let database = Database::new();
    let role = format!("of_losses_{}", std::process::id());
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create table a (id int primary key);")
        .up("2_role", &format!("create role {role};\ngrant select on a to {role};"));
    let json = project.dbctl("verify 2 --format json").json();
    let of = |at: usize| &json["migrations"][at];
    assert_eq!(of(0)["idempotent"]["failure"]["sqlstate"], "42710", "{json:#}");
    assert!(of(0)["reversible"]["decide"][0].as_str().unwrap().contains("CREATE ROLE"), "{json:#}");
    assert!(json.get("remarks").is_none(), "{json:#}");
    let there = database.value(&format!("select count(*) from pg_roles where rolname = '{role}'"));
    assert_eq!(there, "0");
    project.write("migrations/2_role.down.sql", &format!("drop owned by {role};\ndrop role {role};"));
    let json = project.dbctl("verify 2 --format json").json();
    assert!(json["migrations"][0]["reversible"].get("decide").is_none(), "{json:#}");
}

#[test]
fn keys_that_a_migration_brings_meet_no_made_up_row() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up(
            "1_base",
            "create table plans (id int primary key, name text); create table users (plan int references plans);",
        )
        .up("2_rows", "insert into plans values (1, 'free'), (2, 'pro'), (3, 'max');");
    let json = project.dbctl("verify 1 2 --with-data --require applies --format json").ok().json();
    let table = &json["migrations"][1]["withData"]["notFilled"][0]["table"];
    assert!(table.is_null() || table == "public.plans", "{json:#}");
}
