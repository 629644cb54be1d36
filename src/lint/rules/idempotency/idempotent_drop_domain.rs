//! `idempotent-drop-domain`: a drop of a domain that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-domain",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop domain` without `if exists`",
    effect: "a second run stops with 42704 (type does not exist)",
    remedy: "write `drop domain if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropdomain.html"],
    bad: &["create domain public.email as text check (value like '%@%');\n-- then\ndrop domain public.email;"],
    good: &[
        "create domain public.email as text check (value like '%@%');\n-- then\ndrop domain if exists public.email;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Domain]);
}
