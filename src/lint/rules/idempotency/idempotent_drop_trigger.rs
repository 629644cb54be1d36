//! `idempotent-drop-trigger`: a drop of a trigger that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-trigger",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop trigger` without `if exists`",
    effect: "a second run stops with 42704 (trigger for this table does not exist)",
    remedy: "write `drop trigger if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptrigger.html"],
    bad: &[
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop trigger touch on public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop trigger if exists touch on public.orders;",
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on public.orders for each row execute function public.touch();\n-- then\ndrop trigger touch on public.orders;\ncreate trigger touch before update on public.orders for each row execute function public.touch();",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Trigger]);
}
