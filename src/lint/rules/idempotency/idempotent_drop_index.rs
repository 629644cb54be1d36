//! `idempotent-drop-index`: a drop of an index that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-index",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop index` without `if exists`",
    effect: "a second run stops with 42704 (index does not exist)",
    remedy: "write `drop index if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropindex.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate index orders_total_idx on public.orders (total);\n-- then\ndrop index public.orders_total_idx;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate index orders_total_idx on public.orders (total);\n-- then\ndrop index if exists public.orders_total_idx;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate index orders_total_idx on public.orders (total);\n-- then\ndo $$ begin\n  if exists (select from pg_indexes where indexname = 'orders_total_idx') then\n    drop index public.orders_total_idx;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Index]);
}
