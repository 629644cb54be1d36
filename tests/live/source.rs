//! The sources of `dbctl diff` that are SQL of the project: a declarative schema, and what a command prints.

use std::process::{Command, Stdio};

use dbctl::exit::Exit;

use crate::support::{Database, Project, left_out, not_run, wait_until};

/// A project whose shadows are on the test server.
fn project(local: &Database) -> Project {
    Project::with_local(local).variable("DBCTL_SHADOW_URL", &local.url)
}

#[test]
fn a_declarative_schema_is_where_diff_leads_to() {
    let local = Database::new();
    let project = project(&local)
        .file("dbctl.toml", "[diff]\nschema = \"schema\"\n")
        .file("schema/orders.sql", "create table orders (id int primary key);");
    project.dbctl("diff").ok().answers("create table public.orders").answers("`migrations` and `file:schema`");
    project.dbctl("diff --to local").ok().answers("`migrations` and `local` are the same");
    project.write("dbctl.toml", "[diff]\nschema = \"command:orm\"\n[commands]\norm = \"echo 'create table c ();'\"\n");
    project.dbctl("diff").ok().answers("create table public.c");
}

#[test]
fn a_schema_that_needs_itself_in_every_direction_loads() {
    let local = Database::new();
    let first = "begin; set search_path = app, public;
        create view v2 as select * from v1;
        create policy p on items using (org = app.org());
        create table items (id int primary key default app.next_id(), org int references orgs, x int);
        comment on column items.org is 'whose';
        do $$ begin insert into seen values (1); perform 1 from later; end $$;
        commit;";
    let second = "create view app.v1 as select id, org from app.items;
        create function app.next_id() returns int language sql as 'select count(*)::int from app.orgs';
        create function app.org() returns int language sql stable as 'select 1';
        alter table app.orgs add foreign key (item) references app.items (id);
        create table app.orgs (id int primary key, item int);
        grant select on app.v2 to public;
        create table app.seen (a int primary key); create table app.later (a int);";
    let project = project(&local).file("schema/a.sql", first).file("schema/b.sql", second);
    let project = project.file("schema/z.sql", "create schema app;");
    let sql = project.dbctl("dump file:schema").ok().stdout;
    for part in ["create view app.v2", "create policy p", "orgs_item_fkey", "items_org_fkey", "is 'whose'"] {
        assert!(sql.contains(part), "{part}\n{sql}");
    }
}

#[test]
fn of_statements_that_fail_the_causes_are_said() {
    let local = Database::new();
    let sql = "create table t (id int primary key, x nosuchtype);\ncreate view v as select id from t;\n\
               create view w as select * from v;\ncreate table u (a int,\n  b txt);";
    let project = project(&local).file("bad/a.sql", sql);
    let failed = project.dbctl("dump file:bad").ends(Exit::RolledBack);
    let failed = failed.says("bad/a.sql:1:39").says("bad/a.sql:5:5").says("2 more statements fail only because");
    assert!(!failed.stderr.contains("relation \"t\""), "{}", failed.stderr);
}

#[test]
fn a_command_that_prints_no_schema_is_said_with_what_mends_it() {
    let local = Database::new();
    let commands = "[commands]\nfails = \"echo oops >&2; exit 3\"\nsilent = \"true\"\nmissing = \"no-such-program\"\n";
    let project = project(&local).file("dbctl.toml", commands);
    let ends = |name: &str| project.dbctl(&format!("dump command:{name}")).ends(Exit::Project);
    ends("fails").says("exit code 3").says("oops").says("by hand");
    ends("silent").says("printed no SQL");
    ends("missing").says("was not found").says("install");
    ends("fail").says("did you mean `command:fails`");
    ends("other").says("[commands]");
}

#[test]
fn what_drizzle_kit_exports_is_a_schema() {
    let runs = |program: &str| Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !runs("node") || !runs("npm") {
        return left_out("drizzle-kit as a source: there is no npm");
    }
    let local = Database::new();
    let project = project(&local)
        .file("dbctl.toml", "[diff]\nschema = \"command:drizzle\"\n[commands]\ndrizzle = \"npx drizzle-kit export\"\n")
        .file("drizzle.config.ts", include_str!("../projects/drizzle/drizzle.config.ts"))
        .file("package.json", "{\"private\": true}\n")
        .file("schema.ts", include_str!("../projects/drizzle/schema.ts"));
    let mut install = Command::new("npm");
    install.args(["install", "--no-audit", "--no-fund", "drizzle-kit", "drizzle-orm"]).current_dir(project.path("."));
    let installed = install.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !installed.is_ok_and(|it| it.success()) {
        return not_run("drizzle-kit as a source: npm cannot install it");
    }
    // Another test run on this server may have made the role.
    local.session().try_run("create role app_member").ok();
    let sql = project.dbctl("diff --format sql").ok().never_says("not complete").stdout;
    for part in ["create type public.order_status as enum", "create policy orders_of_own_org", "users_org_email_idx"] {
        assert!(sql.contains(part), "{part}\n{sql}");
    }
    local.run(&sql);
    project.dbctl("diff --from local --check").ok().answers("are the same");
}

#[test]
fn two_runs_at_once_do_not_disturb_each_other_and_ctrl_c_takes_the_shadows_away() {
    let local = Database::new();
    let project = project(&local).file("slow.sql", "select pg_sleep(60) as of_an_interrupted_run;");
    let project = project.file("quick.sql", "create table quick (id int);");
    let slow = project.begin("dump file:slow.sql");
    let asleep = "select count(*) > 0 from pg_stat_activity where query like '%of_an_interrupted_run%' \
                  and datname like 'dbctl_shadow%'";
    wait_until("it sleeps", || local.value(asleep) == "t");
    let shadow = local.value(
        "select datname from pg_stat_activity where query like '%of_an_interrupted_run%' and datname like 'dbctl_shadow%'",
    );
    project.dbctl("dump file:quick.sql").ok().answers("create table public.quick");
    let there = format!("select count(*) from pg_database where datname = '{shadow}'");
    assert_eq!((local.value(&there), local.value(asleep)), ("1".to_owned(), "t".to_owned()));
    slow.interrupt();
    slow.end().ends(Exit::Interrupted).says("interrupted");
    assert_eq!(local.value(&there), "0");
}

#[test]
fn a_remote_is_only_read() {
    let (local, remote) = (Database::new(), Database::new());
    remote.run("create table there (id int)");
    let role = remote.role("only", "");
    let project = Project::with_local(&local).variable("DATABASE_URL", &role);
    // Shadows are made where `[shadow]` says, here on a server that cannot be reached, and never on the remote.
    let project = project.variable("DBCTL_SHADOW_URL", "postgres://nobody@127.0.0.1:1/none");
    project.dbctl("diff --from empty --to remote --no-verify").ok().answers("create table public.there");
    let unproved = project.dbctl("diff --from empty --to remote").ok().answers("create table public.there");
    unproved.says("could not be tried").says("127.0.0.1");
    assert_eq!(remote.value("select count(*) from pg_class where relnamespace = 'public'::regnamespace"), "1");
}
