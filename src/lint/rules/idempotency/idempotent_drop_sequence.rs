//! `idempotent-drop-sequence`: a drop of a sequence that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-sequence",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop sequence` without `if exists`",
    effect: "a second run stops with 42P01 (sequence does not exist)",
    remedy: "write `drop sequence if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropsequence.html"],
    bad: &["create sequence public.order_numbers;\n-- then\ndrop sequence public.order_numbers;"],
    good: &["create sequence public.order_numbers;\n-- then\ndrop sequence if exists public.order_numbers;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Sequence]);
}
