//! What goes when something is dropped.

use super::{check, played};

#[test]
fn cascade_takes_what_depends() {
    let base = "create table a (id int primary key, u int unique, g int generated always as (u + 1) stored);
                create table b (id int, a_id int references a (id), au int references a (u));
                create view v as select id from a; create view w as select * from v;
                create view x as select b.id from b join a on a.id = b.a_id; create view y as select u from a;
                create policy p on b using (exists (select from a where u = 1)); create policy q on b using (id > 1);";
    let after = |sql: &str, expected: &[&str]| check(&[(&[base, sql], expected)]);
    after("drop table a cascade", &["table public.b (id integer, a_id integer, au integer)", "policy q on b"]);
    after(
        "alter table a drop column u cascade",
        &[
            "table public.a (id integer not null)",
            "a a_pkey: primary key (id)",
            "table public.b (id integer, a_id integer, au integer)",
            "b b_a_id_fkey: (a_id) to public.a (id)",
            "policy q on b",
            "view public.v (id)",
            "view public.w (id)",
            "view public.x (id)",
        ],
    );
    after(
        "drop view v cascade; drop view x, y; alter table a drop constraint a_pkey cascade; drop policy p on b",
        &[
            "table public.a (id integer not null, u integer, g integer generated)",
            "a a_u_key: unique (u)",
            "table public.b (id integer, a_id integer, au integer)",
            "b b_au_fkey: (au) to public.a (u)",
            "policy q on b",
        ],
    );
}

#[test]
fn a_column_takes_its_constraints_indexes_and_sequences() {
    check(&[
        (
            &["create table t (id bigserial, a int, b int, unique (a, b), check (a > b)); create index i on t (a) include (b);
               create index j on t (a) where b > 1; create index k on t ((a + b)); create index keep on t (a)",
              "alter table t drop column b, drop column id"],
            &["table public.t (a integer)", "index public.keep on t (a)"],
        ),
        (
            &["create schema z; create type z.e as enum ('q'); create table z.t (id int primary key);
               create table t (a int references z.t, e z.e); create view v as select * from z.t;
               create function z.f() returns trigger language plpgsql as 'begin return new; end';
               create trigger tr before insert on t for each row execute function z.f(); drop schema z cascade"],
            &["table public.t (a integer)"],
        ),
        (
            &["create function ok(int) returns boolean language sql immutable as 'select true';
               create table t (a int check (ok(a)), b boolean default ok(1)); create index i on t (a) where ok(a);
               create policy p on t using (ok(a)); create view v as select ok(1); drop function ok(int) cascade"],
            &["table public.t (a integer, b boolean)"],
        ),
    ]);
}

#[test]
fn every_drop_is_noted() {
    let schema = played(
        &[
            "create table t (id int, a int constraint k check (a > 0)); create policy p on t using (true)",
            "drop policy p on t; drop policy if exists q on t; alter table t drop constraint k, drop column if exists a;
             drop table if exists nothing; do $$ begin if true then drop table t; end if; end $$",
        ],
        false,
    );
    let noted: Vec<String> = schema
        .dropped_in(1)
        .map(|it| format!("{:?} {} {:?} {} {}", it.kind, it.name, it.sub, it.if_exists, it.existed))
        .collect();
    assert_eq!(
        noted,
        [
            "Table public.t None true true",
            "Table public.nothing None true false",
            "Column public.t Some(\"a\") true true",
            "Constraint public.t Some(\"k\") false true",
            "Policy public.t Some(\"q\") true false",
            "Policy public.t Some(\"p\") false true",
        ]
    );
}
