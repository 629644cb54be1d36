//! `idempotent-drop-transform`: a drop of a transform that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-transform",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop transform` without `if exists`",
    effect: "a second run stops with 42704 (transform does not exist)",
    remedy: "write `drop transform if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptransform.html"],
    bad: &[
        "create transform for integer language sql (from sql with function prsd_lextype(internal));\n-- then\ndrop transform for integer language sql;",
    ],
    good: &[
        "create transform for integer language sql (from sql with function prsd_lextype(internal));\n-- then\ndrop transform if exists for integer language sql;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Transform]);
}
