//! `dbctl plan` with its trial on a shadow database, and with what the target's statistics say.

use dbctl::exit::Exit;
use serde_json::{Value, json};

use crate::support::{Database, Project, wait_until};

const BASE: &str = "create table orgs (id bigint primary key, name text not null);
create table orders (id bigint primary key, org bigint references orgs, total int, note text);
create index orders_note on orders (note);
create view totals as select org, sum(total) from orders group by org;
create table parts (id int, at date) partition by range (at);
create table parts_1 partition of parts for values from ('2024-01-01') to ('2025-01-01');
create table parts_2 partition of parts for values from ('2025-01-01') to ('2026-01-01');
";

/// A project whose shadows are on the test server, with the first migration applied.
fn project(local: &Database) -> Project {
    let project = Project::with_local(local).variable("DBCTL_SHADOW_URL", &local.url).up("1_base", BASE);
    project.dbctl("migrate --local").ok();
    project
}

/// What a trial has shown of each statement of the first step.
fn traces(project: &Project) -> Vec<Value> {
    let plan = project.dbctl("plan --local --format json").ok().json();
    let statements = plan["steps"][0]["statements"].as_array().unwrap().clone();
    statements.into_iter().map(|it| it["trace"].clone()).collect()
}

/// `ACCESS_EXCLUSIVE public.t` of each lock.
fn locks(trace: &Value) -> Vec<String> {
    let of = |lock: &Value| format!("{} {}", lock["mode"].as_str().unwrap(), lock["relation"].as_str().unwrap());
    trace["locks"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn each_statement_is_said_to_do_what_it_does_on_a_shadow() {
    let local = Database::new();
    let project = project(&local).up(
        "2_work",
        "alter table orders add column state text not null default 'new';
alter table orgs alter column id type numeric;
alter table orgs alter column name set not null;
alter table orders alter column note set not null;
create index on parts (id);
create index later on only parts (at);
create table fresh (id int primary key);
alter table fresh add column x int default random();
do $$ begin drop view totals; end $$;
alter table orders add constraint more foreign key (total) references fresh not valid;
truncate orders;
update orders set total = 1 where note like '%x%';",
    );
    let traces = traces(&project);
    assert_eq!(locks(&traces[0]), ["ACCESS_EXCLUSIVE public.orders"]);
    assert_eq!(traces[0]["rewrites"], json!([]));
    assert_eq!(traces[0]["scans"], json!([]), "{}", traces[0]);
    assert_eq!(traces[1]["rewrites"], json!(["public.orgs"]));
    assert_eq!(traces[2]["scans"], json!([]), "it is not null already");
    assert_eq!(traces[3]["scans"], json!(["public.orders"]));
    assert_eq!(traces[3]["locks"], json!([]), "it is held already");
    // Partitions are said by their own names, and of which table they are.
    assert_eq!(locks(&traces[4]), ["SHARE public.parts", "SHARE public.parts_1", "SHARE public.parts_2"]);
    assert_eq!(traces[4]["scans"], json!(["public.parts_1", "public.parts_2"]));
    assert_eq!(traces[4]["partitions"]["public.parts_1"], "public.parts");
    assert_eq!(traces[5]["invalidIndexes"], json!(["public.later"]));
    let made: Vec<&Value> = traces[6]["changes"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(made, ["public.fresh", "public.fresh_pkey"]);
    assert_eq!(traces[6]["locks"], json!([]));
    assert_eq!(traces[7]["rewrites"], json!([]), "what the migration made itself keeps nobody waiting");
    assert_eq!(traces[8]["changes"], json!([{"what": "dropped", "kind": "view", "name": "public.totals"}]));
    assert_eq!(locks(&traces[8]), ["ACCESS_EXCLUSIVE public.totals"]);
    assert_eq!(traces[10]["rewrites"], json!([]), "it is emptied, which is no work");
    assert_eq!(traces[10]["scans"], json!([]), "nor are the indexes of nothing built of rows");
    assert_eq!(traces[11]["scans"], json!(["public.orders"]));
    let shown = project.dbctl("plan --local").ok();
    let shown = shown.answers("rewrites the table, blocks every read and write for its whole length");
    shown.answers("drops view public.totals").answers("on a shadow database without the target's rows");
    // The shadow is gone, and the target was only read.
    assert!(local.has("totals") && !local.has("fresh"));
}

#[test]
fn rows_that_nobody_sees_in_the_text_count() {
    let local = Database::new();
    let base = "insert into orgs values (1, 'a'), (2, 'b');
create function wipe() returns void language plpgsql as $$ begin execute 'delete from orgs'; end $$;
create function empty() returns void language plpgsql as $$ begin execute 'truncate orders'; end $$;
create function look() returns void language plpgsql as $$ begin execute 'delete from orders'; end $$;
create function log() returns trigger language plpgsql as $$ begin insert into parts values (1, '2024-02-02'); return new; end $$;
create trigger log after update on orgs for each row execute function log();";
    let project = Project::with_local(&local).variable("DBCTL_SHADOW_URL", &local.url).up("1_base", BASE);
    let project = project.up("2_more", base);
    project.dbctl("migrate --local").ok();
    let risk = |project: &Project| {
        let plan = project.dbctl("plan --local --format json").ok().json();
        let step = plan["steps"][0].clone();
        let mut names: Vec<String> = step["risk"]["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it["level"].as_str().unwrap(), it["approval"].as_str().unwrap()))
            .collect();
        names.sort();
        (names, step["statements"][0]["reversible"]["ok"].as_str().unwrap().to_owned())
    };
    let project = project.up("3_work", "select wipe();");
    let (names, reversible) = risk(&project);
    assert_eq!((names, &*reversible), (vec!["high delete:public.orgs".into(), "medium opaque:3_work".into()], "no"));
    project.write("migrations/3_work.sql", "select empty();");
    assert_eq!(risk(&project).0, ["critical truncate:public.orders", "medium opaque:3_work"]);
    // Without rows nobody can tell what it would do.
    project.write("migrations/3_work.sql", "select look();");
    assert_eq!(risk(&project).0, ["high write:public.orders", "medium opaque:3_work"]);
    // What a trigger does besides, in a partition.
    project.write("migrations/3_work.sql", "update orgs set name = 'c' where id = 1;");
    assert_eq!(risk(&project).0, ["low insert:public.parts_1", "medium update:public.orgs"]);
    // What is said in the text is no news.
    project.write("migrations/3_work.sql", "with d as (delete from orgs returning 1) select count(*) from d;");
    assert_eq!(risk(&project), (vec!["critical delete-all:public.orgs".to_owned()], "data lost".to_owned()));
    let refused = project.dbctl("migrate --local --max-risk none").ends(Exit::Refused);
    refused.says("delete-all:public.orgs");
    assert_eq!(local.value("select count(*) from orgs"), "2");
}

#[test]
fn locks_stand_beside_what_they_are_on() {
    let local = Database::new();
    let project = project(&local).up("2_work", "truncate orgs cascade;\nalter table parts add column x int;");
    let shown = project.dbctl("plan --local").ok();
    let row = |words: &str| {
        let found = shown.stdout.lines().find(|line| line.contains(words));
        found.unwrap_or_else(|| panic!("{words}: {shown}")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("TRUNCATE TABLE"), "1 TRUNCATE TABLE orgs ACCESS EXCLUSIVE reads and writes data lost");
    assert_eq!(row("and public.orders"), "and public.orders ACCESS EXCLUSIVE reads and writes");
    assert_eq!(row("2 partitions of it"), "and 2 partitions of it ACCESS EXCLUSIVE reads and writes");
}

#[test]
fn what_runs_outside_a_transaction_is_seen_while_it_runs() {
    let local = Database::new();
    let project = project(&local).up(
        "2_online",
        "create index concurrently orders_total on orders (total);
reindex index concurrently orders_note;
vacuum orders;
drop index concurrently orders_note;
alter table orders drop column note;",
    );
    let traces = traces(&project);
    for trace in &traces[..4] {
        assert_eq!(locks(trace), ["SHARE_UPDATE_EXCLUSIVE public.orders"], "{trace}");
        assert_eq!(trace["unseen"], Value::Null);
    }
    assert_eq!(locks(&traces[4]), ["ACCESS_EXCLUSIVE public.orders"]);
    let changes = json!([{"what": "made", "kind": "index", "name": "public.orders_total"}]);
    assert_eq!(traces[0]["changes"], changes);
}

#[test]
fn a_file_that_manages_its_transactions_is_tried_as_it_does() {
    let local = Database::new();
    let project = project(&local).up(
        "2_own",
        "begin;\nalter table orders add column a int;\ncommit;\nbegin;\nlock table orgs in share mode;\ncommit;\n\
         create index on orgs (name);",
    );
    let traces = traces(&project);
    assert_eq!(locks(&traces[1]), ["ACCESS_EXCLUSIVE public.orders"]);
    assert_eq!(locks(&traces[4]), ["SHARE public.orgs"]);
    assert_eq!(locks(&traces[6]), ["SHARE public.orgs"], "the lock before was given back");
}

#[test]
fn a_migration_that_fails_on_the_shadow_would_fail() {
    let local = Database::new();
    let project = project(&local)
        .up("2_good", "alter table orgs add column x int;")
        .up("3_bad", "alter table orgs add column y int;\nalter table orders\n  drop column total;")
        .up("4_never", "select 1;");
    let plan = project.dbctl("plan --local").ends(Exit::Refused);
    let plan = plan.says("`migrate` would fail: migration `3_bad` fails on a shadow database").says("bad.sql:2:1");
    let plan = plan.says("2BP01").says("`local` was only read");
    plan.answers("fails on a shadow database at line 2").answers("`migrate` would fail: `3_bad`");
    let json = project.dbctl("plan --local --format json").ends(Exit::Refused).json();
    let failed = &json["steps"][1]["statements"][1]["trace"]["failed"];
    assert_eq!((&failed["line"], &failed["sqlstate"]), (&json!(2), &json!("2BP01")), "{failed}");
    assert_eq!(json["steps"][2]["statements"][0]["trace"], Value::Null);
    assert_eq!(json["steps"][0]["statements"][0]["trace"]["failed"], Value::Null);
    assert_eq!(local.applied(), ["1"]);
    project.dbctl("plan --local --no-trace").ok();
    project.dbctl("plan --local -n 1").ok();
}

#[test]
fn what_fails_at_the_end_of_its_transaction_is_said_at_its_last_statement() {
    let local = Database::new();
    let project = project(&local).up(
        "2_deferred",
        "create table pairs (id int primary key, other int references pairs deferrable initially deferred);
insert into pairs values (1, 2);",
    );
    project.dbctl("plan --local").ends(Exit::Refused).says("23503").says("deferred.sql:2");
}

#[test]
fn late_migrations_are_tried_where_the_target_stands() {
    let local = Database::new();
    let project = Project::with_local(&local).variable("DBCTL_SHADOW_URL", &local.url);
    let project = project.up("1_a", "create table a (x int);").up("3_c", "create table c (x int);");
    project.dbctl("migrate --local").ok();
    project.write("migrations/2_b.sql", "alter table c add column y int;");
    let plan = project.dbctl("plan --local --format json").ends(Exit::Refused).json();
    assert_eq!(locks(&plan["steps"][0]["statements"][0]["trace"]), ["ACCESS_EXCLUSIVE public.c"], "{plan}");
    project.remove("migrations/1_a.sql");
    let answer = project.dbctl("plan --local").ends(Exit::Refused);
    answer.answers("not tried on a shadow database: 1 migration applied there without a file");
}

#[test]
fn without_a_server_for_shadows_the_plan_says_how_to_get_one() {
    let remote = Database::new();
    let project = Project::new().variable("DATABASE_URL", &remote.url).up("1_a", "create table a (x int);");
    let plan = project.dbctl("plan").ok();
    plan.answers("not tried on a shadow database: there is no local server yet; `--trace` makes it");
    let quiet = project.dbctl("plan --no-trace").ok();
    assert!(!quiet.stdout.contains("shadow"), "{quiet}");
    let project = project.variable("DBCTL_SHADOW_URL", "postgres://nobody@127.0.0.1:1/none");
    project.dbctl("plan").ok().answers("not tried on a shadow database");
    project.dbctl("plan --trace").ends(Exit::Connect);
}

#[test]
fn the_target_says_how_large_and_how_busy_its_tables_are() {
    let local = Database::new();
    let project = project(&local).up("2_more", "create index on orders (total);\nalter table parts add column x int;");
    local.run(
        "insert into orgs select g, 'n' from generate_series(1, 10) g;
         insert into orders select g, 1 + g % 10, g, 'note ' || g from generate_series(1, 100000) g;
         create publication all_orders for table orders;
         analyze;",
    );
    let slots = local.value("select current_setting('wal_level') = 'logical'") == "t";
    let slot = format!("{}_slot", local.name);
    if slots {
        local.run(&format!("select pg_create_logical_replication_slot('{slot}', 'pgoutput')"));
    }
    let writer = local.session();
    writer.run("begin; update orders set total = 0 where id = 1;");
    let keeper = local.session();
    keeper.run("begin; lock table parts_1 in access exclusive mode;");
    wait_until("the locks are held", || {
        local.value("select count(*) from pg_locks where mode = 'AccessExclusiveLock' and locktype = 'relation'") != "0"
    });
    let output = project.dbctl("plan --local --format json").ok();
    let shown = project.dbctl("plan --local").ok();
    if slots {
        local.run(&format!("select pg_drop_replication_slot('{slot}')"));
    }
    let plan = output.json();
    let estimates = plan["estimates"].as_array().unwrap();
    let of = |name: &str| estimates.iter().find(|it| it["relation"] == name).unwrap();
    let orders = of("public.orders");
    assert_eq!((&orders["rows"], &orders["indexes"]), (&json!(100_000), &json!(2)), "{orders}");
    assert!(orders["bytes"].as_u64().unwrap() > 5_000_000, "{orders}");
    assert_eq!(orders["waiting"][0]["mode"], "ROW EXCLUSIVE");
    assert_eq!(orders["replication"], json!(["publication `all_orders` sends its rows"]));
    let parts = of("public.parts");
    assert_eq!((&parts["partitions"], &parts["bytes"]), (&json!(2), &Value::Null), "{parts}");
    assert_eq!(parts["waiting"][0]["mode"], "ACCESS EXCLUSIVE");
    if slots {
        assert!(plan["replication"].to_string().contains(&slot), "{}", plan["replication"]);
    }
    let shown = shown.answers("SHARE on public.orders (").answers("100 k rows");
    shown.answers("holds ROW EXCLUSIVE").answers("publication `all_orders` sends its rows");
}

#[test]
fn a_role_that_may_not_look_at_others_gets_what_it_may_see() {
    let local = Database::new();
    let project = project(&local).up("2_more", "alter table orders add column x int;");
    let url = local.role("secret", "");
    local.run(&format!(
        "grant usage on schema dbctl, public to {0}_role; grant select on all tables in schema dbctl to {0}_role",
        local.name
    ));
    let other = local.session();
    other.run("begin; select from orders;");
    let plan = project.dbctl(&format!("plan --url {url} --format json")).ok().json();
    assert_eq!(plan["estimates"][0]["relation"], "public.orders", "{plan}");
    assert_eq!(plan["estimates"][0]["waiting"][0]["mode"], "ACCESS SHARE", "{plan}");
    assert_eq!(locks(&plan["steps"][0]["statements"][0]["trace"]), ["ACCESS_EXCLUSIVE public.orders"]);
}

#[test]
fn the_same_plan_is_tried_once_and_the_server_is_as_it_was() {
    let local = Database::new();
    let role = format!("{}_role", local.name);
    let project = project(&local).up("2_role", &format!("create role {role};\ngrant select on orders to {role};"));
    let first = project.dbctl("plan --local --format json").ok().json();
    let trial = |plan: &Value| plan["steps"][0]["statements"][0]["trace"].clone();
    assert_eq!(trial(&first)["changes"][0]["name"], role.as_str(), "{first}");
    assert_eq!(local.value(&format!("select count(*) from pg_roles where rolname = '{role}'")), "0");
    let again = project.dbctl("plan --local --format json").ok().json();
    assert_eq!(trial(&first)["ms"], trial(&again)["ms"], "it was not tried again");
    // What was asked for, and what is new, is tried.
    let asked = project.dbctl("plan --local --trace --format json").ok().json();
    assert_ne!(trial(&first)["ms"], trial(&asked)["ms"]);
    project.write("migrations/2_role.sql", "alter table orders add column x int;");
    let other = project.dbctl("plan --local --format json").ok().json();
    assert_eq!(locks(&trial(&other)), ["ACCESS_EXCLUSIVE public.orders"]);
    project.dbctl("migrate --local").ok();
}

#[test]
fn migrate_counts_what_an_earlier_trial_has_shown() {
    let local = Database::new();
    let hidden = "do $$ declare r record; begin for r in select relname from pg_class where relname = 'orders' loop \
                  execute format('alter table %I alter column id type numeric', r.relname); end loop; end $$;";
    let project = project(&local).up("2_hidden", hidden).up("3_more", "alter table orgs add column x int;");
    // The text does not tell, and nothing is tried before a migration.
    project.dbctl("migrate --local --max-risk medium --dry-run").ok();
    project.dbctl("plan --local").ok();
    let refused = project.dbctl("migrate --local --max-risk medium -n 1").ends(Exit::Refused);
    refused.says("`--allow rewrite:public.orders`").says("its trial rewrote public.orders");
    assert_eq!(local.applied(), ["1"]);
    project.dbctl("migrate --local --max-risk medium --allow rewrite:public.orders").ok();
    assert_eq!(local.applied(), ["1", "2", "3"]);
}
