//! What statements make and change.

use super::{check, facts, played};

#[test]
fn tables_take_from_others() {
    check(&[
        (
            &["create table p (id int, at date, v text, primary key (id, at), check (id > 0)) partition by range (at);
               create index on p (v); create table p1 partition of p for values from ('2020-01-01') to ('2021-01-01')",
              "create index on p (at); alter table p add column n int not null; alter table p drop column v"],
            &[
                "table public.p (id integer not null, at date not null, n integer not null)",
                "p p_id_check: check (id)",
                "p p_pkey: primary key (id, at)",
                "table public.p1 (id integer not null, at date not null, n integer not null)",
                "p1 p_id_check: check (id)",
                "p1 p1_pkey: primary key (id, at)",
                "index public.p1_at_idx on p1 (at)",
                "index public.p_at_idx on p (at)",
            ],
        ),
        (
            &["create table a (x int check (x > 1), y text not null); create table b (z int) inherits (a);
               alter table a add column w int; alter table a drop column x"],
            &[
                "table public.a (y text not null, w integer)",
                "table public.b (y text not null, z integer, w integer)",
            ],
        ),
        (
            &["create table a (id int generated always as identity primary key, b text default 'x' unique);
               create table l (like a including all, c int); create table m (like a)"],
            &[
                "table public.a (id integer not null identity, b text default)",
                "a a_pkey: primary key (id)",
                "a a_b_key: unique (b)",
                "table public.l (id integer not null identity, b text default, c integer)",
                "l l_b_key: unique (b)",
                "l l_pkey: primary key (id)",
                "table public.m (id integer not null, b text)",
                "sequence public.a_id_seq of a.id",
                "sequence public.l_id_seq of l.id",
            ],
        ),
        (
            &["create table a (id int, b text); create table c as select id, b as bb, count(*) from a"],
            &["table public.a (id integer, b text)", "table public.c (id integer, bb text, count)"],
        ),
    ]);
}

#[test]
fn columns_and_constraints_change() {
    check(&[
        (
            &["create table t (id int, a text, b int default 3, c int not null)",
              "alter table t add primary key (id), alter a type varchar(5), alter b drop default, alter c drop not null,
                 add column if not exists a int, add column s smallserial, alter b set not null,
                 alter b add generated always as identity",
              "alter table t drop constraint t_pkey, add constraint t_pkey primary key (c);
               alter table t add constraint k check (b > 0) not valid; alter table t add constraint l check (b > 0) not valid;
               alter table t validate constraint k; alter table t alter b drop identity"],
            &[
                "table public.t (id integer not null, a varchar(5), b integer not null, c integer not null, \
                 s smallint not null default)",
                "t t_pkey: primary key (c)",
                "t k: check (b)",
                "t l: check (b) not valid",
                "sequence public.t_s_seq of t.s",
            ],
        ),
        (
            &["create table t (id int); create table if not exists t (other int); create index i on t (id);
               create index if not exists i on t (id, id)",
              "do $$ begin create type e as enum ('a'); exception when duplicate_object then null; end $$",
              "do $$ begin create type e as enum ('a', 'b'); exception when duplicate_object then null; end $$"],
            &["table public.t (id integer)", "index public.i on t (id)", "type public.e (a)"],
        ),
    ]);
}

#[test]
fn a_view_has_the_columns_of_its_query() {
    let tables = "create table t (id int, \"B c\" text, d jsonb, arr int[]); create table u (id int, t_id int);
                  create function f() returns table (z int) language sql as 'select 1';";
    for (query, expected) in [
        ("select * from t", Some("id, B c, d, arr")),
        ("select t.*, u.t_id as x from t join u on true", Some("id, B c, d, arr, x")),
        ("select * from t join u using (id)", Some("id, B c, d, arr, t_id")),
        (
            "select d->>'a', arr[1], (d->>'x')::int, now()::date, case when true then 1 end from t",
            Some("?column?, arr, int4, now, case"),
        ),
        ("with c as (select id from t), e (x, y) as (select 1, 2) select * from c, e", Some("id, x, y")),
        ("select s.n from (values (1), (2)) as s(n) union select 2", Some("n")),
        ("select * from f()", Some("z")),
        ("select * from unknown", None),
    ] {
        let schema = played(&[tables, &format!("create view v as {query}")], false);
        let columns = schema.views.values().next().and_then(|view| view.columns.clone());
        assert_eq!(columns.map(|columns| columns.join(", ")).as_deref(), expected, "{query}");
    }
}

#[test]
fn functions_are_told_apart_by_their_arguments() {
    check(&[(
        &["create function f(a int, b text) returns int language sql as 'select 1';
           create function f(a int4) returns int language sql as 'select 1';
           create or replace function f(x integer) returns int language sql as 'select 2';
           create function g(a int, out b int, variadic c text[]) language sql as 'select 1';
           drop function f(int, text); drop function if exists nothing(int)"],
        &["function public.f(integer)", "function public.g(integer, text[])"],
    )]);
}

#[test]
fn privileges_come_from_defaults_and_grants() {
    let holds = |chain: &[&str], supabase: bool, role: &str| {
        let schema = played(chain, supabase);
        let function = schema.functions.values().flatten().find(|it| it.name.name == "f").map(|it| it.acl.clone());
        function.is_some_and(|acl| acl.holds(role, "execute"))
    };
    let made = "create function f() returns int language sql as 'select 1'";
    assert!(holds(&[made], false, "public") && !holds(&[made], false, "anon"));
    assert!(holds(&[made], true, "anon"));
    let revoked = "revoke execute on function f() from public, anon";
    assert!(!holds(&[made, revoked], true, "public") && !holds(&[made, revoked], true, "anon"));
    let all = "revoke all on all functions in schema public from anon";
    assert!(!holds(&[made, all], true, "anon") && holds(&[made, all], true, "public"));
    // In one schema PUBLIC's own right cannot be taken away beforehand.
    let here = "alter default privileges in schema public revoke execute on functions from public";
    assert!(holds(&[here, made], false, "public"));
    let everywhere = "alter default privileges revoke execute on functions from public";
    assert!(!holds(&[everywhere, made], false, "public"));
    // What is replaced keeps its privileges.
    let again = "create or replace function f() returns int language sql as 'select 2'";
    assert!(!holds(&[made, revoked, again], true, "anon"));
}

#[test]
fn supabase_brings_its_tables_and_roles() {
    let schema = played(&["create table t (id uuid references auth.users on delete cascade)"], true);
    assert_eq!(facts(&schema), ["table public.t (id uuid)", "t t_id_fkey: (id) to auth.users (id)"]);
    assert_eq!(schema.search_path, ["public", "extensions"]);
    assert!(schema.opaque.is_empty() && schema.dropped.is_empty());
    for role in ["anon", "authenticated", "service_role", "supabase_admin"] {
        assert!(schema.roles.contains_key(role), "{role}");
    }
    let known = |name: &str| schema.tables.values().any(|table| table.name.to_string() == name && table.row_security);
    for table in ["auth.users", "auth.sessions", "storage.objects", "storage.buckets", "realtime.messages"] {
        assert!(known(table), "{table}");
    }
    let functions: Vec<String> = schema.functions.keys().map(ToString::to_string).collect();
    for function in ["auth.uid", "auth.jwt", "auth.role", "auth.email", "storage.foldername"] {
        assert!(functions.iter().any(|it| it == function), "{function}");
    }
}
