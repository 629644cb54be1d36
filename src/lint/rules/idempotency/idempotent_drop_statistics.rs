//! `idempotent-drop-statistics`: a drop of extended statistics that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-statistics",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop statistics` without `if exists`",
    effect: "a second run stops with 42704 (statistics object does not exist)",
    remedy: "write `drop statistics if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropstatistics.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate statistics public.orders_stats on total, user_id from public.orders;\n-- then\ndrop statistics public.orders_stats;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate statistics public.orders_stats on total, user_id from public.orders;\n-- then\ndrop statistics if exists public.orders_stats;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Statistics]);
}
