//! How files are run: in one transaction, outside of one, or in their own; and nothing leaks from one to the next.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

fn mode(project: &Project) -> (String, String) {
    let plan = project.dbctl("plan --local --format json").ok().json();
    let word = |key: &str| plan["steps"][0][key].as_str().unwrap_or_default().to_owned();
    (word("transaction"), word("transactionReason"))
}

#[test]
fn one_transaction_holds_a_whole_file() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ();\nselect 1 / 0;\n");
    project
        .dbctl("migrate --local")
        .ends(Exit::RolledBack)
        .says("22012 division_by_zero")
        .says("migrations/1_t.sql:2:")
        .says("its transaction was rolled back");
    assert!(!database.has("t"));
    assert!(database.applied().is_empty());
    assert_eq!(database.value("select kind || ' ' || sqlstate from dbctl.event"), "failed 22012");
}

#[test]
fn earlier_migrations_stay_when_a_later_one_fails() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t ()").up("2_bad", "nonsense");
    project.dbctl("migrate --local").ends(Exit::RolledBack).says("42601").says("1 migration before it is applied");
    assert_eq!(database.applied(), ["1"]);
}

#[test]
fn the_directives_of_all_tools_keep_a_file_outside_a_transaction() {
    for directive in [
        "-- dbctl: no-transaction",
        "-- no-transaction",
        "-- +goose NO TRANSACTION",
        "-- migrate:up transaction:false",
        "-- +migrate Up notransaction",
        "-- atlas:txmode none",
    ] {
        let database = Database::new();
        let sql = format!("{directive}\ncreate table t ();\nselect 1 / 0;\n");
        let project = Project::with_local(&database).up("1_t", &sql);
        let run = project.dbctl("migrate --local");
        assert_eq!(run.code, Some(i32::from(Exit::Partial.code())), "{directive}{run}");
        assert!(database.has("t"), "{directive}");
    }
}

#[test]
fn statements_that_cannot_run_in_a_transaction_are_seen_by_themselves() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "create table t (a int)");
    project.dbctl("migrate --local").ok();
    for (version, statement) in [
        ("2_index", "create index concurrently t_a on t (a);"),
        ("3_vacuum", "vacuum t;"),
        ("4_reindex", "reindex table concurrently t;"),
        ("5_drop", "drop index concurrently t_a;"),
    ] {
        project.write(&format!("migrations/{version}.sql"), statement);
        assert_eq!(mode(&project).0, "none", "{statement}");
        project.dbctl("migrate --local").ok().says("runs outside a transaction");
    }
}

#[test]
fn an_enum_value_can_be_used_in_the_file_that_adds_it() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_mood", "create type mood as enum ('sad');").up(
        "2_ok",
        "alter type mood add value 'ok';\ncreate table m (m mood default 'ok');\ninsert into m values ('ok');\n",
    );
    project.dbctl("migrate --local").ok();
    assert_eq!(database.value("select m from m"), "ok");
}

#[test]
fn begin_and_commit_around_a_file_give_way_to_dbctls_own_transaction() {
    let database = Database::new();
    let project = Project::with_local(&database).up("1_t", "BEGIN;\ncreate table t ();\nselect 1 / 0;\nCOMMIT;\n");
    assert_eq!(mode(&project).0, "single");
    project.dbctl("migrate --local").ends(Exit::RolledBack).says("1_t.sql:3:");
    assert!(!database.has("t"));
    let project = project.up("1_t", "BEGIN;\ncreate table t ();\nCOMMIT;\n");
    project.dbctl("migrate --local").ok();
    assert_eq!(database.applied(), ["1"]);
}

#[test]
fn a_file_that_manages_its_transactions_is_run_as_it_says() {
    let database = Database::new();
    let sql = "begin;\ncreate table a ();\ncommit;\nbegin;\ncreate table b ();\nselect 1 / 0;\ncommit;\n";
    let project = Project::with_local(&database).up("1_parts", sql);
    assert_eq!(mode(&project).0, "self-managed");
    project.dbctl("migrate --local").ends(Exit::Partial);
    assert!(database.has("a") && !database.has("b"));
    assert_eq!(database.locks(), 0);
}

#[test]
fn a_self_managed_file_whose_last_block_failed_goes_on_with_that_block() {
    let database = Database::new();
    let sql =
        "begin;\ncreate table a ();\ncommit;\nbegin;\ncreate table b ();\ninsert into later values (1);\ncommit;\n";
    let project = Project::with_local(&database).up("1_parts", sql);
    project.dbctl("migrate --local").ends(Exit::Partial).says("42P01");
    database.run("create table later (n int)");
    project.dbctl("migrate --local").ok();
    assert!(database.has("b"));
    assert_eq!(database.applied(), ["1"]);
}

#[test]
fn neither_settings_nor_roles_leak_into_the_next_file() {
    let database = Database::new();
    database.role("x", "");
    let role = format!("{}_role", database.name);
    let leaky = format!(
        "create schema elsewhere; create table seen (path text, who text, timeout text);\n\
         set search_path = elsewhere; set statement_timeout = '7s'; set role {role};\n"
    );
    let look = "insert into public.seen select current_setting('search_path'), current_user, \
                current_setting('statement_timeout');";
    let project = Project::with_local(&database)
        .up("1_leaky", &leaky)
        .up("2_look", look)
        .up("3_leaky", "-- dbctl: no-transaction\nset search_path = elsewhere;\nset session authorization default;\n");
    let project = project.up("4_look", look);
    project.dbctl("migrate --local").ok();
    let seen = database.values("select path || ' ' || who || ' ' || timeout from seen");
    assert_eq!(seen, ["\"$user\", public postgres 0", "\"$user\", public postgres 0"]);
}

#[test]
fn copy_from_stdin_brings_its_data_along() {
    let database = Database::new();
    let sql = "create table t (a int, b text);\ncopy t from stdin;\n1\tone\n2\ttwo; and a half\n\\.\nselect 1;\n";
    Project::with_local(&database).up("1_copy", sql).dbctl("migrate --local").ok();
    assert_eq!(database.value("select string_agg(b, '|' order by a) from t"), "one|two; and a half");
}

#[test]
fn limits_stop_where_they_say() {
    let database = Database::new();
    let mut project = Project::with_local(&database);
    for n in 1..=5 {
        project = project.up(&format!("{n}_t"), &format!("create table t{n} ()"));
    }
    project.dbctl("migrate --local -n 1").ok();
    assert_eq!(database.applied(), ["1"]);
    project.dbctl("migrate --local --to 3").ok();
    assert_eq!(database.applied(), ["1", "2", "3"]);
    let dry = project.dbctl("migrate --local --dry-run").ok();
    assert!(dry.stdout.find("create table t4").unwrap() < dry.stdout.find("create table t5").unwrap(), "{dry}");
    assert_eq!(database.applied(), ["1", "2", "3"]);
}
