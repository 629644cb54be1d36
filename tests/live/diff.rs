//! `dbctl diff`, `dump` and `snapshot`, and the shadow databases they stand on.

use dbctl::exit::Exit;

use crate::support::{Database, Project, wait_until};

/// A project whose local database and whose shadows are on the test server.
fn project(local: &Database) -> Project {
    Project::with_local(local)
        .variable("DBCTL_SHADOW_URL", &local.url)
        .up("1_orders", "create table orders (id bigint primary key, note text not null default '');")
        .up(
            "2_lines",
            "create table lines (id bigint primary key, order_id bigint references orders on delete cascade);",
        )
}

/// The shadows on this server whose maker is gone.
fn orphans(database: &Database) -> usize {
    let maker = "'dbctl_shadow_' || a.pid || '_'";
    let sql = format!(
        "select datname from pg_database d where datname like 'dbctl\\_shadow\\_%' \
         and not exists (select from pg_stat_activity a where starts_with(d.datname, {maker}))"
    );
    database.values(&sql).len()
}

#[test]
fn what_was_tried_by_hand_is_told_with_the_sql_for_it() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("migrate --local").ok();
    project.dbctl("diff --check").ok().answers("are the same");
    local.run("alter table orders add column state text; create table tried (a int)");
    project.dbctl("diff --check").ends(Exit::No).answers("public.orders.state");
    let answer = project.dbctl("diff").ok();
    let answer = answer.answers("alter table public.orders add column state text").answers("create table public.tried");
    answer.answers("`migrations` and `local`");
    let json = project.dbctl("diff --format json").ok().json();
    assert_eq!(json["format"], "dbctl/diff/v1");
    assert!(json["steps"].as_array().unwrap().len() >= 2);
    let sql = project.dbctl("diff --format sql").ok().stdout;
    let other = Database::new();
    other.run("create table orders (id bigint primary key, note text not null default '')");
    other.run("create table lines (id bigint primary key, order_id bigint references orders on delete cascade)");
    other.run(&sql);
    assert!(other.has("tried"));
}

#[test]
fn what_is_lost_is_said() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("diff --from migrations --to migrations@1").ok().answers("data loss: all rows of public.lines");
    project.dbctl("diff --from migrations --to empty").ok().answers("drop table public.orders");
}

#[test]
fn a_snapshot_is_the_schema_it_was_taken_of() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("snapshot migrations -o before.json").ok().says("saved");
    project.dbctl("diff --from snapshot:before.json --to migrations --check").ok();
    let project = project.up("3_more", "alter table lines add column amount numeric(10, 2) not null");
    let more = project.dbctl("diff --from snapshot:before.json --to migrations --check").ends(Exit::No);
    more.answers("added   column  public.lines.amount");
    project.write("before.json", "{\"format\": \"dbctl/catalog/v9\"}");
    project.dbctl("diff --from snapshot:before.json --to empty").ends(Exit::Project).says("dbctl/catalog/v9");
}

#[test]
fn a_dump_makes_the_schema_again() {
    let local = Database::new();
    let project = project(&local);
    let sql = project.dbctl("dump migrations").ok().stdout;
    assert_eq!(sql, project.dbctl("dump migrations").ok().stdout);
    local.run(&sql);
    project.dbctl("diff --check").ok();
}

#[test]
fn files_of_a_schema_may_stand_in_any_order() {
    let local = Database::new();
    let project = project(&local)
        .file(
            "schema/a_lines.sql",
            "create table lines (id bigint primary key, order_id bigint references orders on delete cascade);",
        )
        .file("schema/b/orders.sql", "create table orders (id bigint primary key, note text not null default '');");
    project.dbctl("diff --from migrations --to file:schema --check").ok();
    project.write("schema/c.sql", "create view v as select missing from orders;");
    let failed = project.dbctl("diff --from migrations --to file:schema").ends(Exit::RolledBack);
    failed.says("schema/c.sql:1:25").says("missing");
    project.dbctl("diff --from migrations --to file:nowhere").ends(Exit::Project).says("nowhere");
}

#[test]
fn a_migration_that_fails_is_named_with_its_place_and_no_shadow_stays() {
    let local = Database::new();
    let project = project(&local).up("3_broken", "create table a ();\nalter table nowhere add column b int;");
    let failed = project.dbctl("diff").ends(Exit::RolledBack);
    failed.says("3_broken.sql:2").says("nowhere").says("no other database was touched");
    wait_until("its shadow is gone", || orphans(&local) == 0);
}

#[test]
fn a_killed_run_leaves_a_shadow_that_the_next_one_takes_away() {
    let local = Database::new();
    let project = project(&local).up("3_slow", "select pg_sleep(60) as of_a_killed_run;");
    let process = project.begin("diff");
    wait_until("the replay sleeps", || {
        local.value(
            "select count(*) > 0 from pg_stat_activity where query like '%of_a_killed_run%' and datname like 'dbctl%'",
        ) == "t"
    });
    process.kill();
    project.write("migrations/3_slow.sql", "select 1;");
    project.dbctl("diff --from migrations --to migrations").ok();
    wait_until("no shadow of the killed run is left", || {
        local.value(
            "select count(*) from pg_stat_activity where query like '%of_a_killed_run%' and datname like 'dbctl%'",
        ) == "0"
    });
}

#[test]
fn words_that_are_no_source_are_wrong_usage() {
    let project = Project::empty();
    project.dbctl("diff --from postgras://u:secret@h/d --to empty").ends(Exit::Usage).never_says("secret");
    project.dbctl("diff --from elsewhere --to empty").ends(Exit::Usage).says("is no source of a schema");
}

#[test]
fn what_the_model_does_not_see_is_said_by_the_catalogs() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("migrate --local").ok();
    project.dbctl("diff").ok().answers("are the same").never_says("catalogs differ");
    // No statement of a plan turns the trigger of a foreign key off.
    local.run("alter table lines disable trigger all");
    let same = project.dbctl("diff").ok().answers("are the same");
    same.says("the system catalogs differ").says("pg_trigger public.lines").says("tgenabled");
    project.dbctl("diff --no-verify").ok().never_says("catalogs differ");
    local.run("alter table lines add column more int");
    project.dbctl("diff").ends(Exit::No).says("the plan is not complete").says("pg_trigger public.lines");
}

#[test]
fn another_order_of_columns_is_said_as_that() {
    let local = Database::new();
    let project =
        project(&local).file("a.sql", "create table t (a int, b int);").file("b.sql", "create table t (b int, a int);");
    let same = project.dbctl("diff --from file:a.sql --to file:b.sql").ok().answers("are the same");
    same.answers("stand in another order").answers("public.t").never_says("not complete");
}

#[test]
fn what_is_not_covered_is_said() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("migrate --local").ok();
    local.run("select lo_create(0)");
    for command in ["diff", "dump local", "snapshot local"] {
        project.dbctl(command).ok().says("`local` has what is neither compared nor written here: large objects");
    }
}
