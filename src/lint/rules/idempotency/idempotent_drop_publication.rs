//! `idempotent-drop-publication`: a drop of a publication that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-publication",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop publication` without `if exists`",
    effect: "a second run stops with 42704 (publication does not exist)",
    remedy: "write `drop publication if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droppublication.html"],
    bad: &["create publication changes;\n-- then\ndrop publication changes;"],
    good: &["create publication changes;\n-- then\ndrop publication if exists changes;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Publication]);
}
