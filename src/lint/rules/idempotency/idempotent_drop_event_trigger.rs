//! `idempotent-drop-event-trigger`: a drop of an event trigger that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-event-trigger",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop event trigger` without `if exists`",
    effect: "a second run stops with 42704 (event trigger does not exist)",
    remedy: "write `drop event trigger if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropeventtrigger.html"],
    bad: &[
        "create function public.noted() returns event_trigger language plpgsql as $$ begin end $$;\ncreate event trigger noted on ddl_command_end execute function public.noted();\n-- then\ndrop event trigger noted;",
    ],
    good: &[
        "create function public.noted() returns event_trigger language plpgsql as $$ begin end $$;\ncreate event trigger noted on ddl_command_end execute function public.noted();\n-- then\ndrop event trigger if exists noted;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::EventTrigger]);
}
