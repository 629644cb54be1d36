//! `idempotent-function`: a function that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-function",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create function` without `or replace`",
    effect: "a second run stops with 42723 (function already exists with same argument types)",
    remedy: "write `create or replace function`; drop it first where its result type changes",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createfunction.html"],
    bad: &["create function public.total() returns integer language sql as $$ select 1 $$;"],
    good: &[
        "create or replace function public.total() returns integer language sql as $$ select 1 $$;",
        "drop function if exists public.total();\ncreate function public.total() returns integer language sql as $$ select 1 $$;",
        "do $do$ begin\n  if to_regproc('public.total') is null then\n    create function public.total() returns integer language sql as $$ select 1 $$;\n  end if;\nend $do$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Function], create::Remedy::OrReplace);
}
