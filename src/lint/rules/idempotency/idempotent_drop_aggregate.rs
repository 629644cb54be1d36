//! `idempotent-drop-aggregate`: a drop of an aggregate that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-aggregate",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop aggregate` without `if exists`",
    effect: "a second run stops with 42883 (aggregate does not exist)",
    remedy: "write `drop aggregate if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropaggregate.html"],
    bad: &[
        "create aggregate public.product(integer) (sfunc = int4mul, stype = integer);\n-- then\ndrop aggregate public.product(integer);",
    ],
    good: &[
        "create aggregate public.product(integer) (sfunc = int4mul, stype = integer);\n-- then\ndrop aggregate if exists public.product(integer);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Aggregate]);
}
