//! What a rollback says of rows, and does with them: values that cannot go back, counters, time zones, rows that collide.

use dbctl::exit::Exit;

use super::script::psql;
use crate::support::{Database, Project};

fn project(database: &Database, first: &str, second: &str) -> Project {
    let project = Project::with_local(database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", first)
        .up("2_more", second);
    project.dbctl("migrate --local").ok();
    project
}

#[test]
fn a_value_that_an_enum_loses_stops_the_way_back_while_rows_have_it_and_only_then() {
    let database = Database::new();
    let project = project(
        &database,
        "create type st as enum ('a', 'b'); create table orders (id int primary key, st st default 'a', all_st st[])",
        "alter type st add value 'c'",
    );
    let plan = project.dbctl("rollback --local --plan -o exact.sql").ok();
    plan.answers("generated: exact").answers("no row of public.orders.st has 'c' now");
    database.run("insert into orders select n, 'c', '{a}' from generate_series(1, 5) n");
    let Some(run) = psql(&database, &project.path("exact.sql")) else { return };
    assert!(
        run.stderr.contains("rows of public.orders.st hold 'c': decide what they become; nothing of step 2_more"),
        "{run}"
    );

    let plan = project.dbctl("rollback --local --plan").ok();
    let fails = "fails: while 5 rows of public.orders.st hold 'c': decide what they become, and change them before: \
                 `update public.orders set st = … where st in ('c')`";
    let plan = plan.answers("NOT REVERSIBLE (generated").answers(fails);
    assert!(!plan.stdout.contains("lost:"), "{}", plan.stdout);
    let json = project.dbctl("rollback --local --plan --format json").ok().json();
    assert_eq!(
        (&json["steps"][0]["verdict"], &json["steps"][0]["failsOn"][0]["rows"]),
        (&"not-reversible".into(), &5.into())
    );
    let refused = project.dbctl("rollback --local --keep-data --yes").ends(Exit::Refused);
    refused.says("fails while 5 rows of public.orders.st hold 'c'").says("nothing was rolled back");

    database.run("update orders set st = 'b' where st in ('c'); update orders set all_st = '{c}' where id = 1");
    project.dbctl("rollback --local --plan").ok().answers("while 1 row of public.orders.all_st holds 'c'");
    database.run("update orders set all_st = null");
    project.dbctl("rollback --local --keep-data --yes").ok();
    assert_eq!(database.value("select count(*) from orders where st = 'b'"), "5");
}

#[test]
fn a_counter_comes_back_with_its_table_and_is_lost_only_where_it_is_ahead_of_the_rows() {
    let database = Database::new();
    let project = project(
        &database,
        "create table other (id int primary key)",
        "create table t (id serial primary key, n int generated always as identity);\n\
         alter table other add column number bigserial;",
    );
    database.run("insert into t values (default), (default), (default)");
    let plan = project.dbctl("rollback --local --plan").ok();
    assert!(!plan.stdout.contains("has counted"), "{}", plan.stdout);
    database.run("select setval('t_id_seq', 100); select setval('t_n_seq', 50); select setval('other_number_seq', 7)");
    let plan = project.dbctl("rollback --local --plan").ok();
    plan.answers("lost: public.t.id: that it has counted to 100, which is beyond its last row");
    let plan = project.dbctl("rollback --local --plan --keep-data").ok();
    assert!(!plan.stdout.contains("lost: public.t.id"), "{}", plan.stdout);
    project.dbctl("rollback --local --keep-data --yes").ok();
    project.dbctl("migrate --local").ok();
    project.dbctl("rollback --local --restore --yes").ok().answers("Brought back");
    let next = "select nextval('t_id_seq') || ' ' || nextval('t_n_seq') || ' ' || nextval('other_number_seq')";
    assert_eq!(database.value(next), "101 51 8");
    assert_eq!(database.value("select count(*) from dbctl_trash.counters"), "0");
}

#[test]
fn what_is_kept_without_a_key_is_said_not_to_come_back_before_it_goes() {
    let database = Database::new();
    let project = project(
        &database,
        "create table nopk (a int, b text); create table keyed (id int primary key)",
        "alter table nopk add column extra text;\nalter table keyed add column extra text;",
    );
    let why = "but does NOT come back by `--restore`: public.nopk has no key, and nobody can tell which row each value belongs to";
    let plan = project.dbctl("rollback --local --keep-data --plan").ok();
    assert_eq!(plan.stdout.matches(why).count(), 1, "{}", plan.stdout);
    let run = project.dbctl("rollback --local --keep-data --yes").ok();
    let run =
        run.says("public.nopk.extra is kept in dbctl_trash.nopk__2__").says("but does not come back by `--restore`");
    assert!(!run.stderr.contains("public.keyed.extra is kept"), "{}", run.stderr);
}

const SEEDED: &str = "create table roles (id uuid primary key default gen_random_uuid(), name text unique not null);\n\
    insert into roles (name) values ('admin') on conflict do nothing;\n\
    create table members (id int primary key, role_id uuid references roles);\n\
    create table notes (id int primary key, text text);\n\
    insert into notes values (1, 'seeded');";

#[test]
fn rows_that_collide_keep_their_table_in_the_trash_and_no_other() {
    let database = Database::new();
    let project = project(&database, "create table base ()", SEEDED);
    database.run("insert into members select 1, id from roles; update notes set text = 'mine'");
    let old = database.value("select id from roles");
    project.dbctl("rollback --local --keep-data --yes").ok();
    project.dbctl("migrate --local").ok();
    let new = database.value("select id from roles");
    let run = project.dbctl("rollback --local --restore --yes").ends(Exit::RolledBack);
    let run = run.answers("Brought back table public.notes").says("table public.roles could not be brought back");
    let run =
        run.says(&format!("kept:  id = '{old}', name = 'admin'")).says(&format!("there: id = '{new}', name = 'admin'"));
    let run = run.says(&format!("to take what is kept: `delete from public.roles where id = '{new}'`"));
    run.says("table public.members could not be brought back").says("is not present in table \"roles\"");
    assert_eq!(database.values("select text from notes"), ["mine"], "the kept row wins over one of the same key");
    assert_eq!(database.values("select id from roles"), [new.as_str()], "nothing was taken away");

    database.run(&format!("delete from public.roles where id = '{new}'"));
    project
        .dbctl("rollback --local --restore --yes")
        .ok()
        .answers("Brought back table public.roles; table public.members");
    assert_eq!(database.values("select role_id from members"), [old.as_str()]);
}

#[test]
fn times_are_turned_back_in_the_zone_that_the_migration_says() {
    let database = Database::new();
    let project = project(
        &database,
        "create table a (id int primary key, t timestamp(3) not null, u timestamp); create table b (id int, t timestamptz)",
        "alter table a alter column t type timestamptz(3) using t at time zone 'UTC', alter u type timestamptz;\n\
         alter table b alter t type timestamp using timezone('UTC', t);",
    );
    database.run("insert into a values (1, '2020-01-01 12:00+00', null); insert into b values (1, '2020-01-01 12:00')");
    database.run(&format!("alter database {} set timezone = 'America/New_York'", database.name));
    let plan = project.dbctl("rollback --local --plan -o back.sql").ok();
    let plan =
        plan.answers("values of public.a.u are turned by the TimeZone of the session that runs it, `America/New_York`");
    let plan = plan.answers("lost: public.a.u: the instants that times stand for");
    assert!(!plan.stdout.contains("lost: public.a.t") && !plan.stdout.contains("public.b.t"), "{}", plan.stdout);
    let Some(run) = psql(&database, &project.path("back.sql")) else { return };
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(database.value("select t from a"), "2020-01-01 12:00:00");
    assert_eq!(database.value("select t at time zone 'UTC' from b"), "2020-01-01 12:00:00");
}
