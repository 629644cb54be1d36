//! `idempotent-drop-language`: a drop of a language that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-language",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop language` without `if exists`",
    effect: "a second run stops with 42704 (language does not exist)",
    remedy: "write `drop language if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droplanguage.html"],
    bad: &["create language plcopy handler plpgsql_call_handler;\n-- then\ndrop language plcopy;"],
    good: &["create language plcopy handler plpgsql_call_handler;\n-- then\ndrop language if exists plcopy;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Language]);
}
