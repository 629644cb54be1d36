//! `idempotent-set`: a move or a change of a column that cannot be done twice.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-set",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`set schema`, `add generated … as identity`, `drop identity` or `drop expression` that nothing guards",
    effect: "a second run stops: the object is in the other schema (42P01, 42704, 42883), or the column has an identity already, or none any more (55000)",
    remedy: "ask the catalogs first, in a DO block; `drop identity` and `drop expression` have `if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html"],
    bad: &[
        "create schema archive;\ncreate table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders set schema archive;",
        "create schema archive;\ncreate function public.total() returns integer language sql as $$ select 1 $$;\n-- then\nalter function public.total() set schema archive;",
        "create table public.orders (id bigint not null);\n-- then\nalter table public.orders alter column id add generated always as identity;",
        "create table public.orders (id bigint generated always as identity);\n-- then\nalter table public.orders alter column id drop identity;",
        "create table public.orders (id bigint, twice bigint generated always as (id * 2) stored);\n-- then\nalter table public.orders alter column twice drop expression;",
    ],
    good: &[
        "create schema archive;\ncreate table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if to_regclass('public.orders') is not null then\n    alter table public.orders set schema archive;\n  end if;\nend $$;",
        "create table public.orders (id bigint generated always as identity);\n-- then\nalter table public.orders alter column id drop identity if exists;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders enable row level security;\nalter table public.orders alter column total set not null;\nalter table public.orders alter column total set default 0;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::set(cx, out);
}
