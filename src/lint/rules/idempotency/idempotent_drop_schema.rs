//! `idempotent-drop-schema`: a drop of a schema that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-schema",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop schema` without `if exists`",
    effect: "a second run stops with 3F000 (schema does not exist)",
    remedy: "write `drop schema if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropschema.html"],
    bad: &["create schema app;\n-- then\ndrop schema app;"],
    good: &[
        "create schema app;\n-- then\ndrop schema if exists app;",
        "create schema app;\n-- then\ndrop schema app cascade;\ncreate schema app;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Schema]);
}
