//! `idempotent-create-sequence`: a sequence that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-create-sequence",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create sequence` without `if not exists`",
    effect: "a second run stops with 42P07 (relation already exists)",
    remedy: "write `create sequence if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createsequence.html"],
    bad: &["create sequence public.order_numbers;"],
    good: &[
        "create sequence if not exists public.order_numbers;",
        "drop sequence if exists public.order_numbers;\ncreate sequence public.order_numbers;",
        "do $$ begin\n  if not exists (select from pg_sequences where sequencename = 'order_numbers') then\n    create sequence public.order_numbers;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Sequence], create::Remedy::IfNotExists("sequence"));
}
