//! `idempotent-language`: a language that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-language",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create language` without `or replace`",
    effect: "a second run stops with 42710 (language already exists)",
    remedy: "write `create or replace language`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createlanguage.html"],
    bad: &["create language plcopy handler plpgsql_call_handler;"],
    good: &[
        "create or replace language plcopy handler plpgsql_call_handler;",
        "drop language if exists plcopy;\ncreate language plcopy handler plpgsql_call_handler;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Language], create::Remedy::OrReplace);
}
