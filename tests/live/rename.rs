//! Renames in `dbctl diff`: asked for, declared, proposed and following, with the rows still there afterwards.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const OLD: &str = "
create type status as enum ('new', 'old', 'gone');
create table users (
  id bigserial primary key,
  name text not null,
  mail text unique,
  state status default 'old',
  upper_name text generated always as (upper(name)) stored,
  constraint users_mail_check check (mail like '%@%')
);
create index users_name_idx on users (lower(name));
create table posts (id bigint generated always as identity primary key, user_id bigint references users);
alter table users enable row level security;
create policy own on users using (name = current_user);
create view named as select id, name from users;
create function first_name(u users) returns text language sql as 'select $1.name';
";

const NEW: &str = "
create type status as enum ('new', 'former', 'gone');
-- dbctl: renamed-from users
create table people (
  id bigserial primary key,
  -- dbctl: renamed-from name
  full_name text not null,
  mail text unique,
  state status default 'former',
  upper_name text generated always as (upper(full_name)) stored,
  constraint people_mail_check check (mail like '%@%')
);
create index people_full_name_idx on people (lower(full_name));
create table posts (id bigint generated always as identity primary key, user_id bigint references people);
alter table people enable row level security;
create policy own on people using (full_name = current_user);
create view named as select id, full_name from people;
create function first_name(u people) returns text language sql as 'select $1.full_name';
";

const FLAGS: &str = "--rename users=people --rename public.users.name=full_name --rename status.old=former";

/// A database with the old schema and a few rows, and a project whose declarative schema is the new one.
fn project(local: &Database, new: &str) -> Project {
    Project::with_local(local).variable("DBCTL_SHADOW_URL", &local.url).up("1_users", OLD).file("schema/a.sql", new)
}

fn with_rows(local: &Database) {
    local.run(
        "insert into users (name, mail) values ('Ada', 'a@x'), ('Bob', 'b@x'); insert into posts (user_id) values (2)",
    );
}

/// The new schema without what it says of the old one.
fn silent() -> String {
    NEW.lines().filter(|line| !line.contains("dbctl:")).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_renamed_keeps_its_rows_and_what_depends_on_it() {
    let local = Database::new();
    let project = project(&local, &silent());
    project.dbctl("migrate --local").ok();
    with_rows(&local);
    let answer = project.dbctl(&format!("diff --to file:schema {FLAGS}")).ok().never_says("not complete");
    let answer = answer.answers("renamed table public.users → public.people");
    let answer = answer.answers("alter table public.people rename column name to full_name");
    let answer = answer.answers("alter type public.status rename value 'old' to 'former'");
    assert!(!answer.stdout.contains("drop ") && !answer.stdout.contains("data loss"), "{answer}");
    let json = project.dbctl(&format!("diff --to file:schema --format json {FLAGS}")).ok().json();
    assert_eq!(json["objects"][0]["change"], "renamed");
    assert_eq!(json["objects"][0]["oldName"], "public.users");
    let sql = project.dbctl(&format!("diff --to file:schema --format sql {FLAGS}")).ok().stdout;
    local.run(&sql);
    assert_eq!(
        local.values("select full_name || upper_name || state from people order by id"),
        ["AdaADAformer", "BobBOBformer"]
    );
    assert_eq!(local.value("select full_name from posts p join named n on n.id = p.user_id"), "Bob");
    assert_eq!(local.value("insert into people (full_name) values ('Cy') returning id"), "3");
    assert_eq!(local.value("select first_name(people) from people where id = 1"), "Ada");
    project.dbctl("diff --from local --to file:schema --check").ok();
}

#[test]
fn without_a_terminal_nothing_is_assumed_and_the_flag_is_said() {
    let local = Database::new();
    let project = project(&local, &silent());
    let answer = project.dbctl("diff --to file:schema").ok();
    let answer = answer.says("table `public.users` may be called `public.people` now: 4 of 5 columns are the same");
    let answer = answer.says("`--rename public.users=public.people`").says("`--rename public.status.old=former`");
    answer.answers("data loss: all rows of public.users are lost");
    let answer = project.dbctl("diff --to file:schema --rename public.users=public.people").ok();
    answer.says("`--rename public.people.name=full_name`").never_says("public.users=");
}

#[test]
fn a_flag_that_matches_nothing_is_told_with_what_would() {
    let local = Database::new();
    let project = project(&local, &silent());
    let error = |flag: &str| project.dbctl(&format!("diff --to file:schema --rename {flag}")).ends(Exit::Usage);
    error("public.user=people").says("there is no `public.user`").says("did you mean `public.users`?");
    error("users=peple").says("there is no table `public.peple`").says("`public.people`");
    error("posts=people").says("`public.posts` is still there");
    error("users").says("it is written OLD=NEW");
}

#[test]
fn a_declarative_schema_says_what_was_renamed_until_it_is() {
    let local = Database::new();
    let project = project(&local, NEW);
    project.dbctl("migrate --local").ok();
    with_rows(&local);
    let sql = project.dbctl("diff --to file:schema --format sql --rename status.old=former").ok().stdout;
    local.run(&sql);
    assert_eq!(local.value("select string_agg(full_name, ',' order by id) from people"), "Ada,Bob");
    // The comments stay, and say nothing any more.
    project.dbctl("diff --from local --to file:schema --check").ok();
    // The way back renames too.
    let back = "diff --from file:schema --to migrations --format sql --rename status.former=old";
    local.run(&project.dbctl(back).ok().stdout);
    assert_eq!(local.value("select string_agg(name, ',' order by id) from users"), "Ada,Bob");
    project.dbctl("diff --from migrations --to local --check").ok();
}

#[test]
fn a_comment_whose_names_are_both_there_is_an_error_with_its_place() {
    let local = Database::new();
    let project = project(&local, NEW);
    project.write("schema/b.sql", "create table users (id bigint);");
    let failed = project.dbctl("diff --to file:schema").ends(Exit::Project);
    failed.says("schema/a.sql:3:1").says("`table public.users` and `table public.people` are both there");
    project.write("schema/b.sql", "-- dbctl: renamed-from nothing\n");
    project.dbctl("diff --to file:schema").ends(Exit::Project).says("schema/b.sql:1:1").says("stands by nothing");
}

#[test]
fn a_table_moves_to_another_schema_with_its_rows() {
    let local = Database::new();
    let project = Project::with_local(&local)
        .variable("DBCTL_SHADOW_URL", &local.url)
        .up("1_a", "create schema app; create table logs (id serial primary key, line text); create view v as select line from logs;")
        .file("new.sql", "create schema app; create table app.journal (id serial primary key, line text); create view v as select line from app.journal;");
    project.dbctl("migrate --local").ok();
    local.run("insert into logs (line) values ('one')");
    project.dbctl("diff --to file:new.sql").ok().says("`--rename public.logs=app.journal`");
    let sql = project.dbctl("diff --to file:new.sql --format sql --rename logs=app.journal").ok().stdout;
    local.run(&sql);
    assert_eq!(local.value("select line from v"), "one");
    assert_eq!(local.value("insert into app.journal (line) values ('two') returning id"), "2");
    project.dbctl("diff --from local --to file:new.sql --check").ok();
}

#[test]
fn what_differs_only_in_its_name_is_renamed_without_a_question() {
    let local = Database::new();
    let old = "create table t (a int primary key, b int); create index i on t (b); create index k on t (a, b);
        alter table t add constraint c check (a > 0); create policy p on t using (a > 0);";
    let new = "create table t (a int constraint t_key primary key, b int); create index j on t (b);
        create index k on t (b, a); alter table t add constraint d check (a > 0); create policy q on t using (a > 0);";
    let project =
        Project::with_local(&local).variable("DBCTL_SHADOW_URL", &local.url).up("1_t", old).file("new.sql", new);
    let answer = project.dbctl("diff --to file:new.sql --format sql").ok().never_says("may be called");
    let answer = answer.answers("alter index public.i rename to j").answers("rename constraint t_pkey to t_key");
    let answer = answer.answers("rename constraint c to d").answers("alter policy p on public.t rename to q");
    // What is another index is made anew.
    answer.answers("drop index public.k");
}

#[test]
fn names_that_are_swapped_keep_their_values() {
    let (local, wanted) = (Database::new(), Database::new());
    local.run("create table t (a text, b text); insert into t values ('A', 'B')");
    wanted.run("create table t (b text, a text)");
    let project = Project::with_local(&local).variable("DBCTL_SHADOW_URL", &local.url);
    let words = format!("diff --from local --to {} --format sql --rename t.a=b --rename t.b=a", wanted.url);
    local.run(&project.dbctl(&words).ok().stdout);
    assert_eq!(local.value("select b || a from t"), "AB");
}
