//! `idempotent-drop-matview`: a drop of a materialized view that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-matview",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop materialized view` without `if exists`",
    effect: "a second run stops with 42P01 (materialized view does not exist)",
    remedy: "write `drop materialized view if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropmaterializedview.html"],
    bad: &[
        "create materialized view public.totals as select 1 as total;\n-- then\ndrop materialized view public.totals;",
    ],
    good: &[
        "create materialized view public.totals as select 1 as total;\n-- then\ndrop materialized view if exists public.totals;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::MaterializedView]);
}
