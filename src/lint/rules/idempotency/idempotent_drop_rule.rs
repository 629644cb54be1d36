//! `idempotent-drop-rule`: a drop of a rule that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-rule",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop rule` without `if exists`",
    effect: "a second run stops with 42704 (rule for this relation does not exist)",
    remedy: "write `drop rule if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droprule.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate rule quiet as on delete to public.orders do instead nothing;\n-- then\ndrop rule quiet on public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate rule quiet as on delete to public.orders do instead nothing;\n-- then\ndrop rule if exists quiet on public.orders;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Rule]);
}
