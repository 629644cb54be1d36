//! `idempotent-drop-role`: a drop of a role that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-role",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop role` without `if exists`",
    effect: "a second run stops with 42704 (role does not exist)",
    remedy: "write `drop role if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droprole.html"],
    bad: &[
        "create role reporting nologin;\n-- then\ndrop role reporting;",
        "create role reporting nologin;\n-- then\ndrop user reporting;",
    ],
    good: &[
        "create role reporting nologin;\n-- then\ndrop role if exists reporting;",
        "create role reporting nologin;\n-- then\ndo $$ begin\n  if exists (select from pg_roles where rolname = 'reporting') then\n    drop role reporting;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::Role]);
}
