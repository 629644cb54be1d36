//! `idempotent-rule`: a rule that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-rule",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create rule` without `or replace`",
    effect: "a second run stops with 42710 (rule for this relation already exists)",
    remedy: "write `create or replace rule`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createrule.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate rule quiet as on delete to public.orders do instead nothing;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate or replace rule quiet as on delete to public.orders do instead nothing;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop rule if exists quiet on public.orders;\ncreate rule quiet as on delete to public.orders do instead nothing;",
        "drop table if exists public.orders;\ncreate table public.orders (id bigint);\ncreate rule quiet as on delete to public.orders do instead nothing;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Rule], create::Remedy::OrReplace);
}
