//! `idempotent-user-mapping`: a user mapping that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-user-mapping",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create user mapping` without `if not exists`",
    effect: "a second run stops with 42710 (user mapping already exists)",
    remedy: "write `create user mapping if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createusermapping.html"],
    bad: &[
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\n-- then\ncreate user mapping for current_user server archive;",
    ],
    good: &[
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\n-- then\ncreate user mapping if not exists for current_user server archive;",
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\n-- then\ndrop user mapping if exists for current_user server archive;\ncreate user mapping for current_user server archive;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::UserMapping], create::Remedy::IfNotExists("mapping"));
}
