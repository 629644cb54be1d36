//! `--keep-data`: what a rollback drops is kept with its rows, and comes back once the migrations are applied again.

use dbctl::exit::Exit;

use super::script::psql;
use crate::support::{Database, Project};

const BASE: &str = "create table users (id bigint generated always as identity primary key, name text not null);\n\
    insert into users (name) values ('ann'), ('bob');";

/// Everything that could stand in the way of a table that is to be moved, and a name that changes later.
const MORE: &str = "create type state as enum ('new', 'done');\n\
    create table orders (id bigserial primary key, user_id bigint not null references users, \
      state state not null default 'new', twice bigint generated always as (id * 2) stored);\n\
    create table lines (id int generated always as identity primary key, note text, \
      order_id bigint not null references orders deferrable initially deferred, self int references lines);\n\
    create index on orders (user_id) where state = 'new';\n\
    create function touch() returns trigger language plpgsql as \
      $$begin new.note = coalesce(new.note, '') || '!'; return new; end$$;\n\
    create trigger touch before insert or update on lines for each row execute function touch();\n\
    alter table orders enable row level security, force row level security;\n\
    create policy mine on orders using (user_id > 0);\n\
    create view open_orders as select * from orders where state = 'new';\n\
    create statistics both_columns on id, user_id from orders;\n\
    create table parts (id int, at date) partition by range (at);\n\
    create table parts_1 partition of parts for values from ('2024-01-01') to ('2025-01-01');\n\
    create publication changes for table lines;\n\
    alter table users add column mail text default 'x@y', add column state state;";

const RENAME: &str = "alter table lines rename to order_lines;\nalter table users rename column mail to e_mail;";

const ROWS: &str = "insert into orders (user_id, state) \
      select 1 + n % 2, case when n % 3 = 0 then 'done' else 'new' end::state from generate_series(1, 20) n;\n\
    insert into order_lines (note, order_id) select 'n' || n, n from generate_series(1, 20) n;\n\
    update order_lines set self = id - 1 where id > 1;\n\
    insert into parts select n, '2024-02-01' from generate_series(1, 3) n;\n\
    update users set e_mail = 'm' || id, state = 'done';";

fn project(database: &Database) -> Project {
    let project = Project::with_local(database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", BASE)
        .up("2_more", MORE)
        .up("3_rename", RENAME);
    project.dbctl("migrate --local").ok();
    database.run(ROWS);
    project
}

/// Every row of every table.
fn rows(database: &Database) -> Vec<String> {
    ["users", "orders", "order_lines", "parts"]
        .map(|table| database.value(&format!("select md5(string_agg(t::text, ',' order by id)) from {table} t")))
        .into()
}

#[test]
fn what_is_dropped_comes_back_row_for_row() {
    let database = Database::new();
    let project = project(&database);
    let before = rows(&database);
    let plan = project.dbctl("rollback --local --to 1 --plan --keep-data -o back.sql").ok();
    let plan = plan.answers("kept in dbctl_trash.orders__2__");
    plan.answers("what brings the data back to `back.restore.sql`");
    let Some(run) = psql(&database, &project.path("back.sql")) else { return };
    assert_eq!(run.code, Some(0), "{run}");
    assert!(!database.has("orders") && !database.has("parts"));
    project.dbctl("diff --from local --to migrations@1 --check").ok();
    let early = psql(&database, &project.path("back.restore.sql")).unwrap();
    assert!(early.stderr.contains("is not applied again yet: nothing was changed"), "{early}");
    project.dbctl("rollback --local --restore --yes").ok().answers("Nothing to bring back");

    project.dbctl("migrate --local").ok();
    assert_ne!(rows(&database), before);
    let run = psql(&database, &project.path("back.restore.sql")).unwrap();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(rows(&database), before);
    assert_eq!(database.value("select count(*) from dbctl_trash.kept where restored_at is null"), "0");
    // What counts goes on behind what has come back, and triggers fire again.
    database.run("insert into orders (user_id) values (1); insert into order_lines (order_id) values (21)");
    assert_eq!(database.value("select note from order_lines where id = 21"), "!");
    project.dbctl("diff --from local --to migrations --check").ok();
}

#[test]
fn the_rollback_itself_keeps_and_the_next_command_brings_back() {
    let database = Database::new();
    let project = project(&database);
    let before = rows(&database);
    for _ in 0..2 {
        project.dbctl("rollback --local --to 1 --keep-data --yes").ok().answers("Rolled back 2 migrations");
        project.dbctl("migrate --local").ok().answers("`dbctl rollback --local --restore` brings them back");
        project.dbctl("rollback --local --restore --plan").ok().answers("insert into public.order_lines");
        project.dbctl("rollback --local --restore --yes").ok().answers("Brought back");
        assert_eq!(rows(&database), before);
    }
}

#[test]
fn a_down_file_that_drops_has_its_rows_copied_first() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", BASE)
        .up("2_more", "create table notes (id int primary key, text text);\nalter table users add column age int;")
        .down("2_more", "begin;\ndrop table notes;\nalter table users drop column age;\ncommit;");
    project.dbctl("migrate --local").ok();
    database.run("insert into notes values (1, 'x'); update users set age = id * 10");
    project.dbctl("rollback --local --keep-data --yes").ok();
    assert!(!database.has("notes"));
    project.dbctl("migrate --local").ok();
    project.dbctl("rollback --local --restore --yes").ok();
    assert_eq!(database.values("select text from notes"), ["x"]);
    assert_eq!(database.values("select age from users order by id"), ["10", "20"]);
}

#[test]
fn what_a_later_migration_drops_comes_back_from_the_trash_when_that_is_rolled_back() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", BASE)
        .up("2_notes", "create table notes (id int primary key, text text)");
    project.dbctl("migrate --local").ok();
    database.run("insert into notes values (1, 'x')");
    project.dbctl("rollback --local --keep-data --yes").ok();
    project.write("migrations/3_drop.sql", "drop table notes");
    project.dbctl("migrate --local").ok();
    let plan = project.dbctl("rollback --local --keep-data --plan -o back.sql").ok();
    plan.answers("table public.notes comes back from dbctl_trash.notes__2__");
    let Some(run) = psql(&database, &project.path("back.sql")) else { return };
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(database.values("select text from notes"), ["x"]);
}

#[test]
fn without_a_key_nobody_can_tell_which_row_a_value_belongs_to() {
    let database = Database::new();
    let project = Project::with_local(&database)
        .variable("DBCTL_SHADOW_URL", &database.url)
        .up("1_base", "create table logs (line text)")
        .up("2_more", "alter table logs add column at date");
    project.dbctl("migrate --local").ok();
    database.run("insert into logs values ('a', '2024-01-01'), ('a', '2024-01-02')");
    let plan = project.dbctl("rollback --local --keep-data --plan").ok();
    plan.answers("which row each value belongs to is for a person to say");
    project.dbctl("rollback --local --keep-data --yes").ok();
    project.dbctl("migrate --local").ok();
    project.dbctl("rollback --local --restore --yes").ok().answers("without a key nobody can tell");
    let held = database.value("select held_in from dbctl_trash.kept");
    assert_eq!(
        database.values(&format!("select at from dbctl_trash.{held} order by at")),
        ["2024-01-01", "2024-01-02"]
    );
}

#[test]
fn what_is_not_proved_is_not_run() {
    let database = Database::new();
    let project = project(&database);
    project.write("migrations/3_rename.sql", &format!("{RENAME}\ncreate table more ();"));
    let refused = project.dbctl("rollback --local --keep-data --yes").ends(Exit::Refused);
    refused.says("its file is another than the one that was applied here").says("nothing was rolled back");
    assert_eq!(database.applied(), ["1", "2", "3"]);
    project.write("migrations/3_rename.sql", &format!("-- only a comment\n{RENAME}"));
    project.dbctl("rollback --local --keep-data --yes").ok();
}
