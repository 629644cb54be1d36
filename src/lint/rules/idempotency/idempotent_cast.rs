//! `idempotent-cast`: a cast that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-cast",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create cast` that nothing guards",
    effect: "a second run stops with 42710 (cast already exists)",
    remedy: "catch `duplicate_object` in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createcast.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &[
        "create type public.pair as (a integer, b integer);\ncreate function public.first(public.pair) returns integer language sql as $$ select ($1).a $$;\n-- then\ncreate cast (public.pair as integer) with function public.first(public.pair);",
    ],
    good: &[
        "create type public.pair as (a integer, b integer);\ncreate function public.first(public.pair) returns integer language sql as $$ select ($1).a $$;\n-- then\ndo $$ begin\n  create cast (public.pair as integer) with function public.first(public.pair);\nexception when duplicate_object then null;\nend $$;",
        "create type public.pair as (a integer, b integer);\ncreate function public.first(public.pair) returns integer language sql as $$ select ($1).a $$;\n-- then\ndrop cast if exists (public.pair as integer);\ncreate cast (public.pair as integer) with function public.first(public.pair);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Cast], create::Remedy::Catch);
}
