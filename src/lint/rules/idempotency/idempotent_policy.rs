//! `idempotent-policy`: a policy that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ObjectKind, StmtKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-policy",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create policy` without a drop of the same policy before it",
    effect: "a second run stops with 42710 (policy for this table already exists); there is neither `or replace` nor `if not exists` for policies",
    remedy: "write `drop policy if exists … on …;` before it: both run in one transaction, nobody sees the table without it",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createpolicy.html",
        "https://www.postgresql.org/docs/18/sql-droppolicy.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate policy readers on public.orders for select using (true);",
        "create table if not exists public.orders (id bigint primary key);\nalter table public.orders enable row level security;\ncreate policy readers on public.orders for select using (true);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop policy if exists readers on public.orders;\ncreate policy writers on public.orders for select using (true);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop policy if exists readers on public.orders;\ncreate policy readers on public.orders for select using (true);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if not exists (select 1 from pg_policies where schemaname = 'public' and tablename = 'orders' and policyname = 'readers') then\n    create policy readers on public.orders for select using (true);\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  create policy readers on public.orders for select using (true);\nexception when duplicate_object then null;\nend $$;",
        "drop table if exists public.orders;\ncreate table public.orders (id bigint primary key);\ncreate policy readers on public.orders for select using (true);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$\ndeclare\n  policy record;\nbegin\n  for policy in select policyname from pg_policies where tablename = 'orders' loop\n    execute format('drop policy %I on public.orders', policy.policyname);\n  end loop;\nend $$;\ncreate policy readers on public.orders for select using (true);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreatePolicy(policy) = &cx.stmt().kind else { return };
    let drop = format!("drop policy if exists {} on {}", bare_ident(&policy.name.value), policy.table);
    create::check_dropped_first(cx, out, &[ObjectKind::Policy], "drop the policy first", &drop);
}
