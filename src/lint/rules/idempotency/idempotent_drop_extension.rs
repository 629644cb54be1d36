//! `idempotent-drop-extension`: a drop of an extension that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-extension",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop extension` without `if exists`",
    effect: "a second run stops with 42704 (extension does not exist)",
    remedy: "write `drop extension if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropextension.html"],
    bad: &["create extension pg_trgm;\n-- then\ndrop extension pg_trgm;"],
    good: &["create extension pg_trgm;\n-- then\ndrop extension if exists pg_trgm;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Extension]);
}
