//! `idempotent-drop-foreign-data-wrapper`: a drop of a foreign-data wrapper that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-foreign-data-wrapper",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop foreign data wrapper` without `if exists`",
    effect: "a second run stops with 42704 (foreign-data wrapper does not exist)",
    remedy: "write `drop foreign data wrapper if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropforeigndatawrapper.html"],
    bad: &["create foreign data wrapper files;\n-- then\ndrop foreign data wrapper files;"],
    good: &["create foreign data wrapper files;\n-- then\ndrop foreign data wrapper if exists files;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::ForeignDataWrapper]);
}
