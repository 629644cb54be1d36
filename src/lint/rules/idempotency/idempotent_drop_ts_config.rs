//! `idempotent-drop-ts-config`: a drop of a text search object that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-ts-config",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop text search configuration` without `if exists`",
    effect: "a second run stops with 42704 (text search configuration does not exist)",
    remedy: "write `drop text search configuration if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptsconfig.html"],
    bad: &[
        "create text search configuration public.plain (copy = simple);\n-- then\ndrop text search configuration public.plain;",
    ],
    good: &[
        "create text search configuration public.plain (copy = simple);\n-- then\ndrop text search configuration if exists public.plain;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(
        cx,
        out,
        &[
            ObjectKind::TextSearchConfiguration,
            ObjectKind::TextSearchDictionary,
            ObjectKind::TextSearchParser,
            ObjectKind::TextSearchTemplate,
        ],
    );
}
