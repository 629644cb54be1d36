//! `idempotent-drop-subscription`: a drop of a subscription that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-subscription",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop subscription` without `if exists`",
    effect: "a second run stops with 42704 (subscription does not exist)",
    remedy: "write `drop subscription if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropsubscription.html"],
    bad: &[
        "create subscription changes connection 'dbname=elsewhere' publication changes with (connect = false);\nalter subscription changes set (slot_name = none);\n-- then\ndrop subscription changes;",
    ],
    good: &[
        "create subscription changes connection 'dbname=elsewhere' publication changes with (connect = false);\nalter subscription changes set (slot_name = none);\n-- then\ndrop subscription if exists changes;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Subscription]);
}
