//! Transactions, sessions and what runs within.

use super::{check, facts, played};

#[test]
fn what_is_rolled_back_never_was() {
    check(&[(
        &["begin; create table a (id int); savepoint s; create table b (id int); alter table a add column x int;
           rollback to s; create table c (id int); release s; commit;
           begin; create table d (id int); drop table a; rollback"],
        &["table public.a (id integer)", "table public.c (id integer)"],
    )]);
}

#[test]
fn the_search_path_says_where() {
    check(&[(
        &[
            "create schema s; set search_path = s, public; create table a (id int primary key);
             begin; set local search_path to public; create table b (id int); commit;
             create table c (id int references a); reset search_path; create table d (id int);
             create temp table a (x int); alter table a add column y int",
            "create table e (id int); select pg_catalog.set_config('search_path', '', false); create table public.f (id int)",
            "create schema z create table t (id int) create view v as select id from t; create table g (id int)",
        ],
        &[
            "table public.b (id integer)",
            "table public.d (id integer)",
            "table public.e (id integer)",
            "table public.f (id integer)",
            "table public.g (id integer)",
            "table s.a (id integer not null)",
            "a a_pkey: primary key (id)",
            "table s.c (id integer)",
            "c c_id_fkey: (id) to s.a (id)",
            "table z.t (id integer)",
            "view z.v (id)",
        ],
    )]);
}

#[test]
fn a_called_function_does_what_its_body_says() {
    let chain = [
        "create function mk() returns void language plpgsql as $$ begin
           create table made (id int); perform more(); execute 'create table known (id int)'; end $$;
         create function more() returns void language sql as 'alter table made add column x int';
         create function never() returns void language sql as 'create table not_made (id int)'",
        "select mk()",
    ];
    let schema = played(&chain, false);
    let tables: Vec<String> = facts(&schema).into_iter().filter(|line| line.starts_with("table")).collect();
    assert_eq!(tables, ["table public.known (id integer)", "table public.made (id integer, x integer)"]);
    // It is made where it is called.
    let made = schema.tables.values().next().map(|table| table.created);
    assert!(made.is_some_and(|place| place.is_in(1) && place.span.of(chain[1]) == "select mk()"));
    // A function that calls itself ends.
    let endless = "create function f() returns void language sql as
                   'select f(), f(), f(), f(), f(), f(), f(), f(), f(), f(), f(), f(), f(), f()'; select f()";
    assert!(played(&[endless], false).opaque.is_empty());
}

#[test]
fn what_cannot_be_known_is_noted() {
    for (sql, expected) in [
        ("do $$ declare t text; begin execute 'drop table ' || t; end $$", 1),
        ("do $$ begin execute format('create table %I (id int)', 'a'); end $$", 0),
        ("do language plperl 'x'", 1),
        ("create function f(t text) returns void language plpgsql as $$ begin execute 'drop table ' || t; end $$", 0),
        ("drop owned by somebody", 1),
    ] {
        assert_eq!(played(&[sql], false).opaque.len(), expected, "{sql}");
    }
    // After that a plain `create` of what is known shows that it had been dropped.
    let chain =
        ["create table t (a int)", "do $$ begin execute 'drop table ' || 't'; end $$", "create table t (b int)"];
    assert_eq!(facts(&played(&chain, false)), ["table public.t (b integer)"]);
}
