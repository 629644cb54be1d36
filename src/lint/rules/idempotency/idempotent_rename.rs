//! `idempotent-rename`: a rename that finds nothing to rename.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-rename",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`rename` of a table, column, constraint, function, policy, role or any other object that nothing guards",
    effect: "a second run stops: the old name is not there any more (42P01, 42703, 42704 …)",
    remedy: "ask the catalogs first, in a DO block",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/functions-info.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders rename to sales;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders rename column total to amount;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders rename constraint orders_pkey to sales_pkey;",
        "create function public.total() returns integer language sql as $$ select 1 $$;\n-- then\nalter function public.total() rename to sum_of;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate policy readers on public.orders for select using (true);\n-- then\nalter policy readers on public.orders rename to everybody;",
        "create type public.state as enum ('new');\n-- then\nalter type public.state rename to order_state;",
        "create publication changes;\n-- then\nalter publication changes rename to feed;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if to_regclass('public.orders') is not null then\n    alter table public.orders rename to sales;\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if exists (select 1 from information_schema.columns where table_name = 'orders' and column_name = 'total') then\n    alter table public.orders rename column total to amount;\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  alter table public.orders rename column total to amount;\nexception when undefined_column then null;\nend $$;",
        "create table public.orders (id bigint);\n-- then\ncreate table if not exists public.orders_new (id bigint);\ndrop table if exists public.orders;\nalter table public.orders_new rename to orders;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table if exists public.orders rename to sales;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::rename(cx, out, true);
}
