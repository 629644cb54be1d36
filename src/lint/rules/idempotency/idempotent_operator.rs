//! `idempotent-operator`: an operator, operator class or family that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-operator",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create operator`, `create operator class` or `create operator family` that nothing guards",
    effect: "a second run stops with 42723 (operator already exists), or 42710 for a class or family",
    remedy: "catch `duplicate_function` (`duplicate_object` for a class or family) in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createoperator.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &[
        "create operator public.=== (leftarg = integer, rightarg = integer, function = int4eq);",
        "create operator family public.numbers using btree;",
    ],
    good: &[
        "do $$ begin\n  create operator public.=== (leftarg = integer, rightarg = integer, function = int4eq);\nexception when duplicate_function then null;\nend $$;",
        "drop operator if exists public.=== (integer, integer);\ncreate operator public.=== (leftarg = integer, rightarg = integer, function = int4eq);",
        "do $$ begin\n  create operator family public.numbers using btree;\nexception when duplicate_object then null;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(
        cx,
        out,
        &[ObjectKind::Operator, ObjectKind::OperatorClass, ObjectKind::OperatorFamily],
        create::Remedy::Catch,
    );
}
