//! `idempotent-drop-procedure`: a drop of a procedure that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-procedure",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop procedure` without `if exists`",
    effect: "a second run stops with 42883 (procedure does not exist)",
    remedy: "write `drop procedure if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropprocedure.html"],
    bad: &["create procedure public.tidy() language sql as $$ select 1 $$;\n-- then\ndrop procedure public.tidy();"],
    good: &[
        "create procedure public.tidy() language sql as $$ select 1 $$;\n-- then\ndrop procedure if exists public.tidy();",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Procedure]);
}
