//! `dbctl diff --online` and `--no-drop`: the same end without keeping anybody waiting, and without losing anything.

use dbctl::exit::Exit;

use crate::support::{Database, Project};

const BEFORE: &str = "create table orders (id bigint, state text, paid int);
    create index by_state on orders (state);
    create table lines (order_id bigint, note text);";
const AFTER: &str = "create table orders (id bigint primary key, state text not null check (state <> ''), paid int);
    create index by_state on orders (state, paid);
    create table lines (order_id bigint references orders, note text unique);";

/// A project with two schemas as files, whose shadows are on the test server.
fn project(local: &Database, before: &str, after: &str) -> Project {
    let project = Project::with_local(local).variable("DBCTL_SHADOW_URL", &local.url);
    project.file("before.sql", before).file("after.sql", after)
}

#[test]
fn online_comes_to_the_same_schema_while_others_write() {
    let local = Database::new();
    let project = project(&local, BEFORE, AFTER);
    local.run(BEFORE);
    local.run("insert into orders select n, 'new', n from generate_series(1, 100) n");
    let sql = project
        .dbctl("diff --from local --to file:after.sql --online --format sql")
        .ok()
        .never_says("not complete")
        .stdout;
    for form in [
        "create unique index concurrently orders_pkey",
        "create index concurrently by_state__new",
        "drop index concurrently public.by_state",
        "not valid",
        "validate constraint lines_order_id_fkey",
        "unique using index",
    ] {
        assert!(sql.contains(form), "{form} in {sql}");
    }
    for statement in sql.split(";\n").filter(|it| !it.trim().is_empty()) {
        local.run(statement);
    }
    project.dbctl("diff --from local --to file:after.sql --check").ok();
}

#[test]
fn online_swaps_what_changes_and_says_what_still_blocks() {
    let local = Database::new();
    let before = "create table orders (id int primary key, n int);
        create table lines (order_id int constraint of_order references orders);";
    let after = "create table orders (id int primary key, n bigint);
        create table lines (order_id int constraint of_order references orders on delete cascade);";
    let project = project(&local, before, after);
    let answer = project.dbctl("diff --from file:before.sql --to file:after.sql --online");
    let answer = answer.ok().never_says("not complete");
    let answer = answer.answers("alter table public.lines rename constraint of_order__new to of_order");
    answer.answers("1 statement still keeps others waiting").answers("-- still blocks: others wait for public.orders");
}

#[test]
fn no_drop_keeps_what_holds_data_and_lists_it() {
    let local = Database::new();
    let project = project(&local, BEFORE, "create table orders (id int, total int); create type state as enum ('a');");
    let words = "diff --from file:before.sql --to file:after.sql --no-drop";
    let answer = project.dbctl(words).ok().never_says("not complete");
    let answer = answer.answers("table public.lines stays; else all rows of public.lines are lost");
    answer.answers("column public.orders.paid stays").answers("add column total integer");
    let json = project.dbctl(&format!("{words} --format json --check")).ends(Exit::No).json();
    let steps = json["steps"].to_string();
    assert!(!steps.contains("data-loss") && steps.contains("create type public.state"), "{steps}");
    assert!(json["kept"].as_array().is_some_and(|kept| kept.iter().any(|it| it["id"]["name"] == "lines")));
}
