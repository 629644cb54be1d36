//! `idempotent-event-trigger`: an event trigger that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-event-trigger",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create event trigger` that nothing guards",
    effect: "a second run stops with 42710 (event trigger already exists)",
    remedy: "drop it first, or catch `duplicate_object` in a DO block",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createeventtrigger.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &[
        "create function public.noted() returns event_trigger language plpgsql as $$ begin end $$;\n-- then\ncreate event trigger noted on ddl_command_end execute function public.noted();",
    ],
    good: &[
        "create function public.noted() returns event_trigger language plpgsql as $$ begin end $$;\n-- then\ndo $$ begin\n  create event trigger noted on ddl_command_end execute function public.noted();\nexception when duplicate_object then null;\nend $$;",
        "create function public.noted() returns event_trigger language plpgsql as $$ begin end $$;\n-- then\ndrop event trigger if exists noted;\ncreate event trigger noted on ddl_command_end execute function public.noted();",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::EventTrigger], create::Remedy::Catch);
}
