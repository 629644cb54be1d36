//! `idempotent-drop-server`: a drop of a foreign server that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-server",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop server` without `if exists`",
    effect: "a second run stops with 42704 (server does not exist)",
    remedy: "write `drop server if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropserver.html"],
    bad: &[
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\n-- then\ndrop server archive;",
    ],
    good: &[
        "create foreign data wrapper files;\ncreate server archive foreign data wrapper files;\n-- then\ndrop server if exists archive;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Server]);
}
