//! `idempotent-drop-table`: a drop of a table that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-table",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop table` without `if exists`",
    effect: "a second run stops with 42P01 (table does not exist)",
    remedy: "write `drop table if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptable.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop table public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop table if exists public.orders;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if to_regclass('public.orders') is not null then\n    drop table public.orders;\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop table public.orders;\ncreate table public.orders (id bigint);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate table public.staged (id bigint);\ndrop table public.staged;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Table, ObjectKind::ForeignTable]);
}
