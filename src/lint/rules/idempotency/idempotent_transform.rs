//! `idempotent-transform`: a transform that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-transform",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create transform` without `or replace`",
    effect: "a second run stops with 42710 (transform already exists)",
    remedy: "write `create or replace transform`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createtransform.html"],
    bad: &["create transform for integer language sql (from sql with function prsd_lextype(internal));"],
    good: &[
        "create or replace transform for integer language sql (from sql with function prsd_lextype(internal));",
        "drop transform if exists for integer language sql;\ncreate transform for integer language sql (from sql with function prsd_lextype(internal));",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Transform], create::Remedy::OrReplace);
}
