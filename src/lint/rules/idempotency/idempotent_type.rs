//! `idempotent-type`: a type that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-type",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create type` that nothing guards",
    effect: "a second run stops with 42710 (type already exists); `create type` has no `if not exists`",
    remedy: "catch `duplicate_object` in a DO block, or ask `pg_type` first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createtype.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &[
        "create type public.order_state as enum ('new', 'paid');",
        "create type public.money_range as range (subtype = numeric);",
        "do $$ begin\n  create type public.order_state as enum ('new', 'paid');\nexception when duplicate_table then null;\nend $$;",
    ],
    good: &[
        "do $$ begin\n  create type public.order_state as enum ('new', 'paid');\nexception when duplicate_object then null;\nend $$;",
        "do $$ begin\n  if not exists (select 1 from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typname = 'order_state' and n.nspname = 'public') then\n    create type public.order_state as enum ('new', 'paid');\n  end if;\nend $$;",
        "drop type if exists public.order_state;\ncreate type public.order_state as enum ('new', 'paid');",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Type], create::Remedy::Catch);
}
