//! `idempotent-drop-conversion`: a drop of a conversion that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-conversion",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop conversion` without `if exists`",
    effect: "a second run stops with 42704 (conversion does not exist)",
    remedy: "write `drop conversion if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropconversion.html"],
    bad: &[
        "create conversion public.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;\n-- then\ndrop conversion public.latin;",
    ],
    good: &[
        "create conversion public.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;\n-- then\ndrop conversion if exists public.latin;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Conversion]);
}
