//! `idempotent-drop-type`: a drop of a type that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-type",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop type` without `if exists`",
    effect: "a second run stops with 42704 (type does not exist)",
    remedy: "write `drop type if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptype.html"],
    bad: &["create type public.order_state as enum ('new', 'paid');\n-- then\ndrop type public.order_state;"],
    good: &[
        "create type public.order_state as enum ('new', 'paid');\n-- then\ndrop type if exists public.order_state;",
        "create type public.order_state as enum ('new', 'paid');\n-- then\ndrop type public.order_state;\ncreate type public.order_state as enum ('new', 'paid');",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Type]);
}
