//! `idempotent-drop-cast`: a drop of a cast that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-cast",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop cast` without `if exists`",
    effect: "a second run stops with 42704 (cast does not exist)",
    remedy: "write `drop cast if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropcast.html"],
    bad: &[
        "create type public.pair as (a integer, b integer);\ncreate function public.first(public.pair) returns integer language sql as $$ select ($1).a $$;\ncreate cast (public.pair as integer) with function public.first(public.pair);\n-- then\ndrop cast (public.pair as integer);",
    ],
    good: &[
        "create type public.pair as (a integer, b integer);\ncreate function public.first(public.pair) returns integer language sql as $$ select ($1).a $$;\ncreate cast (public.pair as integer) with function public.first(public.pair);\n-- then\ndrop cast if exists (public.pair as integer);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Cast]);
}
