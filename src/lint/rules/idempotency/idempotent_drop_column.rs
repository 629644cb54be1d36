//! `idempotent-drop-column`: a column that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-column",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop column` or `drop attribute` without `if exists`",
    effect: "a second run stops with 42703 (column does not exist)",
    remedy: "write `drop column if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop column total;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop total, drop column user_id;",
        "create type public.pair as (a integer, b integer);\n-- then\nalter type public.pair drop attribute b;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop column if exists total;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if exists (select from information_schema.columns where table_name = 'orders' and column_name = 'total') then\n    alter table public.orders drop column total;\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop column total;\nalter table public.orders add column total integer;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check_part(cx, out, ObjectKind::Column);
}
