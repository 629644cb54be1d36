//! `idempotent-create-table`: a table that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-create-table",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create table` without `if not exists`",
    effect: "a second run stops with 42P07 (relation already exists), and nothing after it runs",
    remedy: "write `create table if not exists`, or drop the table first if it can be lost",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtable.html"],
    bad: &[
        "create table public.orders (id bigint primary key);",
        "create table public.totals as select 1 as total;",
        "do $$ begin\n  if current_setting('server_version_num')::int > 100000 then\n    create table public.orders (id bigint primary key);\n  end if;\nend $$;",
    ],
    good: &[
        "create table if not exists public.orders (id bigint primary key);",
        "drop table if exists public.orders;\ncreate table public.orders (id bigint primary key);",
        "do $$ begin\n  if to_regclass('public.orders') is null then\n    create table public.orders (id bigint primary key);\n  end if;\nend $$;",
        "do $$ begin\n  if exists (select from pg_tables where schemaname = 'public' and tablename = 'orders') then\n    return;\n  end if;\n  create table public.orders (id bigint primary key);\nend $$;",
        "create table public.staged (id bigint);\ndrop table public.staged;",
        "create temporary table seen (id bigint);",
        "drop schema if exists app cascade;\ncreate schema app;\ncreate table app.orders (id bigint);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Table, ObjectKind::ForeignTable], create::Remedy::IfNotExists("table"));
}
