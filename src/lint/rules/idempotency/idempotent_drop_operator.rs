//! `idempotent-drop-operator`: a drop of an operator, operator class or family that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-operator",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop operator` without `if exists`",
    effect: "a second run stops with 42883 (operator does not exist), or 42704 for a class or family",
    remedy: "write `drop operator if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropoperator.html"],
    bad: &[
        "create operator public.=== (leftarg = integer, rightarg = integer, function = int4eq);\ncreate operator family public.numbers using btree;\n-- then\ndrop operator public.=== (integer, integer);",
        "create operator public.=== (leftarg = integer, rightarg = integer, function = int4eq);\ncreate operator family public.numbers using btree;\n-- then\ndrop operator family public.numbers using btree;",
    ],
    good: &[
        "create operator public.=== (leftarg = integer, rightarg = integer, function = int4eq);\ncreate operator family public.numbers using btree;\n-- then\ndrop operator if exists public.=== (integer, integer);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Operator, ObjectKind::OperatorClass, ObjectKind::OperatorFamily]);
}
