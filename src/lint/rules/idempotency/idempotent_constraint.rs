//! `idempotent-constraint`: a constraint that a second run finds there, or adds once more.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-constraint",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`add constraint` that nothing guards",
    effect: "a second run stops with 42710 (42P07 for a unique constraint, 42P16 for a primary key); a constraint without a name is added again under another",
    remedy: "write `drop constraint if exists` before it, or ask `pg_constraint` in a DO block",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/catalog-pg-constraint.html",
    ],
    bad: &[
        "create table public.users (id uuid primary key);\ncreate table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users (id);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders add constraint orders_total_check check (total > 0);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders add constraint orders_total_key unique (total);",
        "create table public.orders (id bigint);\n-- then\nalter table public.orders add primary key (id);",
        "create domain public.email as text;\n-- then\nalter domain public.email add constraint has_at check (value like '%@%');",
    ],
    good: &[
        "create table public.users (id uuid primary key);\ncreate table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop constraint if exists orders_user_id_fkey;\nalter table public.orders add constraint orders_user_id_fkey foreign key (user_id) references public.users (id);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop constraint if exists positive, add constraint positive check (total > 0);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if not exists (select from pg_constraint where conname = 'positive' and conrelid = 'public.orders'::regclass) then\n    alter table public.orders add constraint positive check (total > 0);\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  alter table public.orders add constraint orders_total_key unique (total);\nexception when duplicate_table then null;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop column if exists state;\nalter table public.orders add column state text;\nalter table public.orders add constraint known check (state <> '');",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::add_constraint(cx, out);
}
