//! `idempotent-drop-user-mapping`: a drop of a user mapping that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-user-mapping",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop user mapping` without `if exists`",
    effect: "a second run stops with 42704 (user mapping does not exist)",
    remedy: "write `drop user mapping if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropusermapping.html"],
    bad: &[
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\ncreate user mapping for current_user server archive;\n-- then\ndrop user mapping for current_user server archive;",
    ],
    good: &[
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\ncreate user mapping for current_user server archive;\n-- then\ndrop user mapping if exists for current_user server archive;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::UserMapping]);
}
