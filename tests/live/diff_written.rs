//! What `dbctl diff` answers in its forms, and the migrations that it writes.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const BASE: &str = "create type state as enum ('new', 'done'); \
                    create table orders (id bigint primary key, note text, state state not null default 'new'); \
                    create function one() returns int language sql as 'select 1'; \
                    create view shown as select id from orders where id > 0;";

/// What the schema is to become: all of it in one transaction.
const WANTED: &str = "create type state as enum ('new', 'done'); \
                      create table orders (id bigint primary key, state state not null default 'new', who uuid); \
                      create function one() returns int language sql as 'select 2'; \
                      create view shown as select id from orders where id > 7; \
                      create table lines (id bigint primary key, order_id bigint not null references orders);";

/// A project whose local database and whose shadows are on the test server, with one migration.
fn project(local: &Database) -> Project {
    Project::with_local(local).variable("DBCTL_SHADOW_URL", &local.url).up("20240101000000_base", BASE)
}

/// The migrations that were written, oldest first, by their paths in the project.
fn written(project: &Project) -> Vec<String> {
    let mut names: Vec<String> = fs_err::read_dir(project.path("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("20240101000000"))
        .collect();
    names.sort();
    names.iter().map(|name| format!("migrations/{name}")).collect()
}

#[test]
fn what_changes_is_shown_line_by_line_and_the_sql_alone_runs() {
    let local = Database::new();
    let project = project(&local).file("schema.sql", WANTED);
    let answer = project.dbctl("diff --to file:schema.sql").ok();
    let answer = answer
        .answers("  - as $$select 1$$\n  + as $$select 2$$\n")
        .answers("added    table     public.lines (2 columns");
    let answer = answer.answers("-- data loss: all values of public.orders.note are lost\n");
    answer.answers("1 loses data.\nRun on a shadow copy").answers("Next: the same with `--write NAME`");
    let sql = project.dbctl("diff --to file:schema.sql --format sql").ok().stdout;
    assert!(sql.contains("-- data loss: all values of public.orders.note are lost\nalter table"), "{sql}");
    assert!(!sql.contains("begin;") && !sql.contains("-- lock"), "{sql}");
    project.dbctl("migrate --local").ok();
    local.run(&sql);
    project.dbctl("diff --from local --to file:schema.sql --check").ok();
    project.dbctl("status --format sql").ends(Exit::Usage).says("`dbctl diff`");
}

#[test]
fn a_check_says_what_differs_and_no_more() {
    let local = Database::new();
    let project = project(&local).file("schema.sql", WANTED);
    let answer = project.dbctl("diff --to file:schema.sql --check").ends(Exit::No).answers("public.shown");
    assert!(!answer.stdout.contains("alter table"), "{}", answer.stdout);
    let json = project.dbctl("diff --to file:schema.sql --format json --check").ends(Exit::No).json();
    let objects = json["objects"].as_array().unwrap();
    let view = objects.iter().find(|object| object["name"] == "public.shown").unwrap();
    assert!(view["before"].as_str().unwrap().contains("> 0") && view["after"].as_str().unwrap().contains("> 7"));
    let column = objects.iter().find(|object| object["name"] == "public.orders.who").unwrap();
    assert_eq!((column["change"].as_str(), column["partOf"].as_str()), (Some("added"), Some("table public.orders")));
    assert_eq!(json["parts"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_written_leads_there_and_back() {
    let local = Database::new();
    let project = project(&local).file("schema.sql", WANTED);
    let answer = project.dbctl_with("diff --to file:schema.sql --write", "add lines").ok();
    let files = written(&project);
    let [down, up] = files.as_slice() else { panic!("{files:?}") };
    assert!(up.ends_with("_add_lines.sql") && down.ends_with("_add_lines.down.sql"), "{files:?}");
    answer.answers(&format!("wrote  {up}\nwrote  {down}\n")).answers("Next: read it, then `dbctl migrate --local`.");
    assert!(project.read(up).contains("-- data loss: all values of public.orders.note are lost\n"));
    assert!(project.read(down).contains("-- cannot restore: all values of public.orders.note are lost\n"));
    assert!(project.read(down).contains("-- data loss: all rows of public.lines are lost\ndrop table"));
    project.dbctl("migrate --local").ok();
    project.dbctl("diff --check").ok();
    project.dbctl("diff --to file:schema.sql --check").ok();
    project.dbctl("rollback --local -n 1 --yes").ok();
    project.dbctl("diff --from migrations@20240101000000 --to local --check").ok();
}

#[test]
fn on_supabase_the_way_back_stands_apart_and_is_found() {
    let local = Database::new();
    let project = Project::empty()
        .variable("DBCTL_LOCAL_URL", &local.url)
        .variable("DBCTL_SHADOW_URL", &local.url)
        .file("supabase/migrations/20240101000000_base.sql", "create table public.orders (id bigint primary key);")
        .file("schema.sql", "create table public.orders (id bigint primary key, note text);");
    let json = project.dbctl("diff --to file:schema.sql --write note --format json").ok().json();
    let down = json["written"][0]["down"].as_str().unwrap();
    assert!(down.starts_with("supabase/rollbacks/") && down.ends_with("_note.down.sql"), "{down}");
    assert!(project.read(down).contains("drop column note"), "{}", project.read(down));
    project.dbctl("migrate --local").ok().answers("Applied 2 migrations");
    project.dbctl("rollback --local -n 1 --yes").ok();
    let notes = "select attname from pg_attribute where attrelid = 'orders'::regclass and attname = 'note'";
    assert!(local.values(notes).is_empty());
}

#[test]
fn nothing_is_written_where_nothing_differs() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("migrate --local").ok();
    project.dbctl("diff --write nothing").ok().answers("are the same. Nothing was written.");
    assert_eq!(written(&project), [""; 0]);
    project.dbctl_with("diff --write", " ").ends(Exit::Usage).says("say what the migration does");
}

#[test]
fn a_value_that_is_used_at_once_makes_two_migrations() {
    let local = Database::new();
    let to = BASE.replace("'new', 'done'", "'new', 'paid', 'done'").replace("default 'new'", "default 'paid'");
    let project = project(&local).file("schema.sql", &to);
    let sql = project.dbctl("diff --to file:schema.sql --format sql").ok().stdout;
    assert!(sql.starts_with("-- Runs in 2 parts"), "{sql}");
    let json = project.dbctl("diff --to file:schema.sql --write paid --format json").ok().json();
    let made: Vec<&str> = json["written"].as_array().unwrap().iter().map(|it| it["up"].as_str().unwrap()).collect();
    assert_eq!(made.len(), 2);
    assert!(made[0] < made[1] && made[0].ends_with("_paid_part_1.sql"), "{made:?}");
    project.dbctl("migrate --local").ok();
    project.dbctl("diff --to file:schema.sql --check").ok();
    project.dbctl("rollback --local --to 20240101000000 --yes").ok();
    project.dbctl("diff --from migrations@20240101000000 --to local --check").ok();
}

#[test]
fn a_way_back_in_several_transactions_is_one_file() {
    let local = Database::new();
    let to = BASE.replace("'new', 'done'", "'done'").replace("default 'new'", "default 'done'");
    let project = project(&local).file("schema.sql", &to);
    project.dbctl_with("diff --to file:schema.sql --write", "no; new\n-- migrate:down").ok();
    let files = written(&project);
    assert!(project.read(&files[0]).contains("-- dbctl: no-transaction\n"), "{}", project.read(&files[0]));
    project.dbctl("migrate --local").ok();
    project.dbctl("diff --check").ok();
    project.dbctl("rollback --local -n 1 --yes").ok();
    project.dbctl("diff --from migrations@20240101000000 --to local --check").ok();
}

#[test]
fn each_layout_gets_its_own_files_with_the_next_version() {
    let local = Database::new();
    for (base, newest) in [
        ("prisma/migrations/20240101000000_init/migration.sql", "migration.sql"),
        ("migrations/0001_init.up.sql", "migrations/0002_more.up.sql"),
        ("migrations/2024-01-01-000000_init/up.sql", "up.sql"),
    ] {
        let project = Project::empty().variable("DBCTL_LOCAL_URL", &local.url);
        let project = project.variable("DBCTL_SHADOW_URL", &local.url).file(base, BASE).file("schema.sql", WANTED);
        let json = project.dbctl("diff --to file:schema.sql --write more --format json").ok().json();
        let up = json["written"][0]["up"].as_str().unwrap();
        assert!(up.ends_with(newest) && up != base, "{up}");
        project.dbctl("diff --to file:schema.sql --check").ok();
    }
}

#[test]
fn a_migration_that_begins_elsewhere_is_warned_of() {
    let local = Database::new();
    let project = project(&local).file("schema.sql", WANTED);
    project.dbctl("migrate --local").ok();
    local.run("drop view shown");
    project.dbctl("diff --from local --to file:schema.sql --write other").ok().says("the migration begins at `local`");
}

#[test]
fn the_project_says_what_is_left_out() {
    let local = Database::new();
    let project = project(&local);
    project.dbctl("migrate --local").ok();
    local.run("create schema junk; create table junk.a (); create table tmp_x ()");
    project.write("dbctl.toml", "[diff]\nexclude = [\"junk\", \"public.tmp_*\"]\n");
    project.dbctl("diff --check").ok();
    project.write("dbctl.toml", "[diff]\nexclude = \"junk\"\n");
    project.dbctl("diff --check").ends(Exit::No).answers("public.tmp_x").answers("1 added");
    project.dbctl("diff --check --exclude public.tmp_x").ok();
    project.write("dbctl.toml", "[diff]\nschemas = \"junk\"\nexclud = []\n");
    let answer = project.dbctl("diff --check").ends(Exit::No).answers("junk.a").says("did you mean `exclude`?");
    assert!(!answer.stdout.contains("tmp_x"), "{}", answer.stdout);
    project.dbctl("diff --check --schema public").ends(Exit::No).answers("public.tmp_x");
}

#[test]
fn paths_are_those_of_the_folder_that_dbctl_is_told_to_start_in() {
    let local = Database::new();
    let project = project(&local).file("inner/schema.sql", BASE);
    project.dbctl("-C inner --migrations ../migrations snapshot migrations -o saved.json").ok();
    assert!(project.path("inner/saved.json").is_file());
    project
        .dbctl("-C inner --migrations ../migrations diff --from snapshot:saved.json --to file:schema.sql --check")
        .ok();
}
