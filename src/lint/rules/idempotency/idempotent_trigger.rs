//! `idempotent-trigger`: a trigger that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ObjectKind, StmtKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-trigger",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create trigger` without `or replace` (PostgreSQL 14 and later) and without a drop before it",
    effect: "a second run stops with 42710 (trigger for this relation already exists)",
    remedy: "write `create or replace trigger`; a constraint trigger cannot be replaced: write `drop trigger if exists` before it",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtrigger.html"],
    bad: &[
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ncreate trigger touch before update on public.orders for each row execute function public.touch();",
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ncreate constraint trigger touch after update on public.orders for each row execute function public.touch();",
    ],
    good: &[
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ncreate or replace trigger touch before update on public.orders for each row execute function public.touch();",
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ndrop trigger if exists touch on public.orders;\ncreate trigger touch before update on public.orders for each row execute function public.touch();",
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ndrop trigger if exists touch on public.orders;\ncreate constraint trigger touch after update on public.orders for each row execute function public.touch();",
        "create table public.orders (id bigint primary key, changed timestamptz);\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\n-- then\ndo $$ begin\n  if not exists (select from pg_trigger where tgname = 'touch' and tgrelid = 'public.orders'::regclass) then\n    create trigger touch before update on public.orders for each row execute function public.touch();\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key);\n-- then\ndrop function if exists public.touch() cascade;\ncreate function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on public.orders for each row execute function public.touch();",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateTrigger(trigger) = &cx.stmt().kind else { return };
    if create::is_replaceable(cx, trigger) {
        return create::check(cx, out, &[ObjectKind::Trigger], create::Remedy::OrReplace);
    }
    let drop = format!("drop trigger if exists {} on {}", bare_ident(&trigger.name.value), trigger.table);
    create::check_dropped_first(cx, out, &[ObjectKind::Trigger], "drop the trigger first", &drop);
}
