//! `idempotent-add-column`: a column that a second run finds there.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-add-column",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add column` without `if not exists`, `add attribute` that nothing guards",
    effect: "a second run stops with 42701 (column already exists)",
    remedy: "write `add column if not exists`; an attribute of a composite type needs a DO block",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/sql-altertype.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders add column note text;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders add note text, add column seen boolean;",
        "create type public.pair as (a integer);\n-- then\nalter type public.pair add attribute b integer;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders add column if not exists note text;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop column if exists note;\nalter table public.orders add column note text;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if not exists (select from information_schema.columns where table_name = 'orders' and column_name = 'note') then\n    alter table public.orders add column note text;\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  alter table public.orders add column note text;\nexception when duplicate_column then null;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::add_column(cx, out);
}
