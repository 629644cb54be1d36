//! `idempotent-drop-access-method`: a drop of an access method that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-access-method",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop access method` without `if exists`",
    effect: "a second run stops with 42704 (access method does not exist)",
    remedy: "write `drop access method if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-drop-access-method.html"],
    bad: &["create access method tree type index handler bthandler;\n-- then\ndrop access method tree;"],
    good: &["create access method tree type index handler bthandler;\n-- then\ndrop access method if exists tree;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::AccessMethod]);
}
