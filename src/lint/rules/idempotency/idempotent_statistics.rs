//! `idempotent-statistics`: extended statistics that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-statistics",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create statistics` without `if not exists`",
    effect: "a second run stops with 42710 (statistics object already exists)",
    remedy: "write `create statistics if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createstatistics.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate statistics public.orders_stats on total, user_id from public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate statistics if not exists public.orders_stats on total, user_id from public.orders;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop statistics if exists public.orders_stats;\ncreate statistics public.orders_stats on total, user_id from public.orders;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Statistics], create::Remedy::IfNotExists("statistics"));
}
