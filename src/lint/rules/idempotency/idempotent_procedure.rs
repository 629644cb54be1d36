//! `idempotent-procedure`: a procedure that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-procedure",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create procedure` without `or replace`",
    effect: "a second run stops with 42723 (function already exists with same argument types)",
    remedy: "write `create or replace procedure`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createprocedure.html"],
    bad: &["create procedure public.tidy() language sql as $$ select 1 $$;"],
    good: &[
        "create or replace procedure public.tidy() language sql as $$ select 1 $$;",
        "drop procedure if exists public.tidy();\ncreate procedure public.tidy() language sql as $$ select 1 $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Procedure], create::Remedy::OrReplace);
}
