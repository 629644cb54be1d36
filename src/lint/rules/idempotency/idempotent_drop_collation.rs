//! `idempotent-drop-collation`: a drop of a collation that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-collation",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop collation` without `if exists`",
    effect: "a second run stops with 42704 (collation does not exist)",
    remedy: "write `drop collation if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropcollation.html"],
    bad: &["create collation public.bytes (locale = 'C');\n-- then\ndrop collation public.bytes;"],
    good: &["create collation public.bytes (locale = 'C');\n-- then\ndrop collation if exists public.bytes;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Collation]);
}
