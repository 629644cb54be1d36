//! What is a guard and what only looks like one. Each case was run twice on a server: those that expect a finding fail the second
//! time, the others do not.

use crate::lint::{Config, Group, example, lint, parse_all, rules};

/// What all cases find.
const BASE: &str = "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate schema app;\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate type public.mood as enum ('sad','ok');\n-- then\n";

/// The cases, and the rules that find something in them.
const CASES: &[(&str, &str)] = &[
        ("create publication feed2;
-- then
do $$ begin alter publication feed2 add table public.orders; exception when duplicate_object then null; end $$;", ""),
        ("create publication feed2;
-- then
do $$ begin alter publication feed2 add table public.orders; exception when sqlstate '42710' then null; end $$;", ""),
        ("create publication feed2;
-- then
do $$ begin alter publication feed2 add table public.orders; exception when undefined_table then null; end $$;", "idempotent-publication-table"),
        ("create publication feed2;
-- then
do $$ begin alter publication feed2 add table public.orders; exception when undefined_object then null; end $$;", "idempotent-publication-table"),
        ("create publication feed2;
-- then
do $$ begin alter publication feed2 add table public.orders; exception when undefined_table or duplicate_object then null; end $$;", ""),
        ("create publication feed2 for table public.orders;
-- then
do $$ begin alter publication feed2 drop table public.orders; exception when undefined_object then null; end $$;", ""),
        ("create publication feed2 for table public.orders;
-- then
do $$ begin alter publication feed2 drop table public.orders; exception when sqlstate '42704' then null; end $$;", ""),
        ("create publication feed2 for table public.orders;
-- then
do $$ begin alter publication feed2 drop table public.orders; exception when undefined_table then null; end $$;", "idempotent-publication-table"),
        ("create publication feed2 for table public.orders;
-- then
do $$ begin alter publication feed2 drop table public.orders; exception when duplicate_object then null; end $$;", "idempotent-publication-table"),
        ("do $$ begin
if not exists (select 1 from pg_type t join pg_namespace n on t.typnamespace = n.oid where n.nspname = 'public' and t.typname = 'st') then create type public.st as enum ('a'); end if;
end $$;", ""),
        ("do $$ begin
if not exists (select 1 from pg_type t join pg_namespace n on t.typnamespace = n.oid where n.nspname = 'app' and t.typname = 'st') then create type public.st as enum ('a'); end if;
end $$;", "guard-mismatch"),
        ("do $$ declare n int; begin select count(*) into n from pg_type where typname = 'st'; if n = 0 then create type public.st as enum ('a'); end if; end $$;", ""),
        ("do $$ declare n int; begin select count(*) into n from pg_type where typname = 'st'; if n >= 0 then create type public.st as enum ('a'); end if; end $$;", "idempotent-type"),
        ("do $$ declare v boolean; begin select not exists(select from pg_type where typname = 'st') into v; if v then create type public.st as enum ('a'); end if; end $$;", ""),
        ("do $$ begin
perform 1 from pg_type where typname = 'st'; if not found then create type public.st as enum ('a'); end if;
end $$;", ""),
        ("do $$ begin
if exists (select from pg_type where typname = 'st') then raise notice 'there'; return; end if; create type public.st as enum ('a');
end $$;", ""),
        ("do $$ begin
if 1 = 2 then null; elsif not exists (select from pg_type where typname = 'st') then create type public.st as enum ('a'); end if;
end $$;", ""),
        ("do $$ declare nm text := 'st'; begin if not exists (select from pg_type where typname = nm) then create type public.st as enum ('a'); end if; end $$;", ""),
        ("do $$ declare o oid; begin select oid into o from pg_type where typname = 'st'; if o is null then create type public.st as enum ('a'); end if; end $$;", ""),
        ("do $$ begin
if not ('st' = any (array(select typname::text from pg_type))) then create type public.st as enum ('a'); end if;
end $$;", ""),
        ("do $$ begin
if not exists (select from pg_type where typname = any (array['st', 'su'])) then create type public.st as enum ('a'); end if;
end $$;", ""),
        ("do $$ begin
if not exists (select from pg_type where typname ilike 'ST') then create type public.st as enum ('a'); end if;
end $$;", ""),
        ("do $$ begin
if not exists (select from pg_type where typname = 'ST') then create type public.st as enum ('a'); end if;
end $$;", "guard-mismatch"),
        ("do $$ begin
create type public.st as enum ('a');
exception when sqlstate '42710' then null;
end $$;", ""),
        ("do $$ begin
create type public.st as enum ('a');
exception when duplicate_object then raise;
end $$;", "idempotent-type"),
        ("do $$ begin
create type public.st as enum ('a');
create type public.su as enum ('a');
exception when duplicate_object then null;
end $$;", ""),
        ("do $$ begin
create table public.tt (a int);
exception when duplicate_object then null;
end $$;", "idempotent-create-table"),
        ("do $$ begin
perform 'public.st'::regtype;
exception when undefined_object then create type public.st as enum ('a');
end $$;", ""),
        ("do $$ begin
create type public.st as enum ('a');
exception when duplicate_object then drop type public.st; create type public.st as enum ('a');
end $$;", ""),
        ("drop type if exists app.st;
create type public.st as enum ('a');", "idempotent-type"),
        ("create type public.st as enum ('a');
drop type public.st;", ""),
        ("do $$ begin
if exists (select from pg_type where typname = 'st') then drop type public.st; end if;
end $$;
create type public.st as enum ('a');", ""),
        ("do $$ begin
if exists (select from pg_type where typname = 'mood') and false then drop type public.st; end if;
end $$;
create type public.st as enum ('a');", "idempotent-type"),
        ("drop schema if exists app cascade;
create schema app;
create type app.st as enum ('a');
create function app.f() returns int language sql as 'select 1';", ""),
        ("do $$ begin
if not exists (select from pg_type where typname = 'st') then create type public.st as enum ('a'); create type public.su as enum ('b'); alter table public.orders add column st public.st; end if;
end $$;", ""),
        ("do $$ begin
if to_regclass('public.tt') is null then create table public.tt (a int); create index tti on public.tt (a); alter table public.tt add constraint k check (a > 0); alter table public.tt enable row level security; create policy p on public.tt using (true); insert into public.tt values (1); end if;
end $$;", ""),
        ("do $$ begin
if exists (select from pg_tables where tablename = 'orders') then alter table public.orders add column note text; end if;
end $$;", "idempotent-add-column"),
        ("do $$ begin
if not exists (select 1 from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relname = 'orders' and a.attname = 'note') then alter table public.orders add column note text; end if;
end $$;", ""),
        ("create table public.nopk (id int);
-- then
do $$ begin
if not exists (select 1 from information_schema.table_constraints where table_name = 'nopk' and constraint_type = 'PRIMARY KEY') then alter table public.nopk add primary key (id); end if;
end $$;", ""),
        ("do $$ begin
alter table public.orders add constraint u unique (total); exception when duplicate_object then null;
end $$;", "idempotent-constraint"),
        ("do $$ begin
alter table public.orders add constraint u unique (total); exception when duplicate_table then null;
end $$;", ""),
        ("create table public.nopk (id int);
-- then
do $$ begin
alter table public.nopk add primary key (id); exception when invalid_table_definition then null;
end $$;", ""),
        ("create table public.other(a int);
-- then
drop policy if exists p on public.other;
create policy p on public.orders using (true);", "idempotent-policy"),
        (r#"drop policy if exists "P" on public.orders;
create policy P on public.orders using (true);"#, "idempotent-policy"),
        ("do $$ declare r record; begin for r in select policyname from pg_policies where schemaname = 'public' and tablename = 'orders' loop execute format('drop policy if exists %I on public.orders', r.policyname); end loop; end $$;
create policy p on public.orders using (true);", ""),
        ("create table public.other(a int);
-- then
do $$ declare r record; begin for r in select policyname from pg_policies where schemaname = 'public' and tablename = 'other' loop execute format('drop policy if exists %I on public.other', r.policyname); end loop; end $$;
create policy p on public.orders using (true);", "idempotent-policy"),
        ("do $$ declare r record; begin for r in (select policyname, tablename from pg_policies where tablename in ('orders','x')) loop execute 'DROP POLICY IF EXISTS ' || quote_ident(r.policyname) || ' ON ' || quote_ident(r.tablename); end loop; end $$;
create policy p on public.orders using (true);", ""),
        ("drop function if exists public.f(text);
create function public.f(int) returns int language sql as 'select 1';", "idempotent-function"),
        ("drop function if exists public.f(int4);
create function public.f(a integer) returns int language sql as 'select 1';", ""),
        ("create publication p;
-- then
drop table if exists public.orders;
create table public.orders (id int);
alter publication p add table public.orders;", ""),
        ("alter table public.orders drop column if exists extra;
alter table public.orders add column extra int;
create index i1 on public.orders (extra);", ""),
        ("do $$ begin
if not exists (select 1 from pg_class where relname = 'st') then create type public.st as enum ('a'); end if;
end $$;", "guard-mismatch"),
        ("do $$ begin
if not exists (select 1 from pg_tables where tablename = 'v1') then create view public.v1 as select 1 a; end if;
end $$;", "guard-mismatch"),
        ("drop table if exists public.base cascade;
create table public.base (a int);
create view public.vb as select a from public.base;", ""),
        ("do $$ begin
if not exists (select 1 from information_schema.columns where table_name = 'orders' and column_name = 'amount') then alter table public.orders rename column total to amount; end if;
end $$;", ""),
        ("alter table public.orders rename column total to total_old;
alter table public.orders add column total text;", "idempotent-add-column idempotent-rename"),
        ("create table public.orders_new (id bigint);
alter table public.orders rename to orders_old;
alter table public.orders_new rename to orders;
drop table public.orders_old;", ""),
        ("create table public.orders_new (id bigint);
create index oi on public.orders_new (id);
drop table public.orders;
alter table public.orders_new rename to orders;", "idempotent-create-index"),
        ("alter type public.mood rename to mood_old;
create type public.mood as enum ('sad','ok','happy');
drop type public.mood_old;", ""),
        ("do $$ begin
if exists (select 1 from information_schema.columns where table_name = 'orders' and column_name = 'id') then alter table public.orders drop column total; end if;
end $$;", "guard-mismatch"),
        ("create temp table x1 (a int);
create index xi on x1 (a);
alter table x1 add column b int;
insert into x1 values (1,2);
drop table x1;", ""),
        ("drop table if exists public.ev;
create table public.ev (a int, d date) partition by range (d);
create table public.ev1 partition of public.ev for values from ('2024-01-01') to ('2025-01-01');", ""),
        ("do $$ begin
execute 'create type public.st as enum (''a'')';
end $$;", "idempotent-type"),
        ("do $$ begin
if not exists (select from pg_type where typname = 'st') then execute 'create type public.st as enum (''a'')'; end if;
end $$;", ""),
        ("create table public.kv (k text primary key);
-- then
insert into public.kv select o.id::text from public.orders o left join public.kv k on k.k = o.id::text where k.k is null;", ""),
        ("create table public.kv (k text primary key);
-- then
delete from public.kv where k = 'b';
insert into public.kv values ('a');", "idempotent-insert"),
        ("create table public.kv (k text primary key);
-- then
do $$ begin
update public.kv set k = k where k = 'a'; if not found then insert into public.kv values ('a'); end if;
end $$;", ""),
        ("create type public.pr as (a int);create function public.fp(public.pr) returns int language sql as 'select 1';
-- then
do $$ begin
if not exists (select 1 from pg_cast where castsource = 'public.pr'::regtype and casttarget = 'int'::regtype) then create cast (public.pr as int) with function public.fp(public.pr); end if;
end $$;", ""),
        ("do $$ begin
if 1 = 1 or not exists (select from pg_type where typname = 'st') then create type public.st as enum ('a'); end if;
end $$;", "idempotent-type"),
        ("create index on public.orders (total);", "idempotent-create-index"),
        ("alter table public.orders add column a1 int, add column if not exists a2 int, drop column total;", "idempotent-add-column idempotent-drop-column"),
        ("alter table public.orders drop column if exists total, add column total int;", ""),
        ("create table public.pp (a int) partition by list (a);create table public.pc partition of public.pp for values in (1);create index ppi on only public.pp (a);create index pci on public.pc (a);
-- then
alter index public.ppi attach partition public.pci;", ""),
        ("drop function if exists public.touch() cascade;
create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger t2 before insert on public.orders for each row execute function public.touch();", ""),
        ("drop function if exists public.isok() cascade;
create function public.isok() returns boolean language sql as 'select true';
create policy p on public.orders using (public.isok());", ""),
        ("drop table if exists public.users cascade;
create table public.users (id uuid primary key);
alter table public.orders add constraint fk foreign key (user_id) references public.users (id);", ""),
        ("set search_path = app, public;
drop table if exists tz;
create table app.tz (a int);", ""),
        ("drop view if exists public.vx;
create table public.vx (a int);", "idempotent-create-table"),
        ("do $$ begin
if exists (select from pg_type where typname = 'st') then raise exception 'there'; end if; create type public.st as enum ('a');
end $$;", "idempotent-type"),
        ("do $$ begin
if not exists (select 1 from pg_indexes where indexname = 'u1') then alter table public.orders add constraint u1 unique (total); end if;
end $$;", ""),
        ("do $$ begin
begin perform 1/0; exception when others then null; end; create type public.st as enum ('a');
end $$;", "idempotent-type"),
];

#[test]
fn a_guard_is_known_in_every_way_to_write_it() {
    let ids = rules::RULES.iter().filter(|rule| rule.group == Group::Idempotency).map(|rule| rule.id.to_owned());
    let config = Config { only: ids.collect(), ..Config::default() };
    let mut wrong = Vec::new();
    for (sql, expected) in CASES {
        let files = parse_all(example::inputs(&format!("{BASE}{sql}")));
        let mut found: Vec<&str> = lint(&files, &config).findings.iter().map(|finding| finding.rule.id).collect();
        found.sort_unstable();
        found.dedup();
        if found.join(" ") != *expected || files.iter().any(|file| !file.errors.is_empty()) {
            wrong.push(format!("expected [{expected}], found {found:?} in\n{sql}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn nothing_is_said_in_a_transaction_when_that_is_enough() {
    let files = parse_all(example::inputs("create table t (a int);\ndrop policy p on t;\ninsert into u values (1);"));
    let config = Config { idempotency: crate::lint::Idempotency::Atomic, ..Config::default() };
    let findings = lint(&files, &config).findings;
    assert!(findings.iter().all(|finding| finding.rule.group != Group::Idempotency));
}
