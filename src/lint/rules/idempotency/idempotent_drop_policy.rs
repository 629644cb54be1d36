//! `idempotent-drop-policy`: a drop of a policy that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-policy",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop policy` without `if exists`",
    effect: "a second run stops with 42704 (policy for this table does not exist)",
    remedy: "write `drop policy if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droppolicy.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate policy readers on public.orders for select using (true);\n-- then\ndrop policy readers on public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate policy readers on public.orders for select using (true);\n-- then\ndrop policy if exists readers on public.orders;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate policy readers on public.orders for select using (true);\n-- then\ndrop policy readers on public.orders;\ncreate policy readers on public.orders for select using (true);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate policy readers on public.orders for select using (true);\n-- then\ndo $$ begin\n  if exists (select from pg_policies where tablename = 'orders' and policyname = 'readers') then\n    drop policy readers on public.orders;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Policy]);
}
