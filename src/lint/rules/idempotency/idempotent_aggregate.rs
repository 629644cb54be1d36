//! `idempotent-aggregate`: an aggregate that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-aggregate",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create aggregate` without `or replace`",
    effect: "a second run stops with 42723 (function already exists with same argument types)",
    remedy: "write `create or replace aggregate`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createaggregate.html"],
    bad: &["create aggregate public.product(integer) (sfunc = int4mul, stype = integer);"],
    good: &[
        "create or replace aggregate public.product(integer) (sfunc = int4mul, stype = integer);",
        "drop aggregate if exists public.product(integer);\ncreate aggregate public.product(integer) (sfunc = int4mul, stype = integer);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Aggregate], create::Remedy::OrReplace);
}
