//! `idempotent-drop-function`: a drop of a function that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-function",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop function` without `if exists`",
    effect: "a second run stops with 42883 (function does not exist)",
    remedy: "write `drop function if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropfunction.html"],
    bad: &[
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\ndrop function public.total();",
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\ndrop routine public.total;",
    ],
    good: &[
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\ndrop function if exists public.total();",
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\ndrop function public.total();\ncreate function public.total() returns integer language sql as $$ select 1 $$;",
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\ndo $$ begin\n  drop function public.total();\nexception when undefined_function then null;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Function, ObjectKind::Routine]);
}
