//! `idempotent-drop-database`: a drop of a database or tablespace that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-database",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop database` without `if exists`",
    effect: "a second run stops with 3D000 (database does not exist)",
    remedy: "write `drop database if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropdatabase.html"],
    bad: &[
        "-- dbctl: no-transaction\ncreate database reports;\n-- then\n-- dbctl: no-transaction\ndrop database reports;",
    ],
    good: &[
        "-- dbctl: no-transaction\ncreate database reports;\n-- then\n-- dbctl: no-transaction\ndrop database if exists reports;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Database, ObjectKind::Tablespace]);
}
