//! `idempotent-drop-view`: a drop of a view that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-view",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop view` without `if exists`",
    effect: "a second run stops with 42P01 (view does not exist)",
    remedy: "write `drop view if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-dropview.html"],
    bad: &["create view public.one as select 1 as one;\n-- then\ndrop view public.one;"],
    good: &[
        "create view public.one as select 1 as one;\n-- then\ndrop view if exists public.one;",
        "create view public.one as select 1 as one;\n-- then\ndrop view public.one;\ncreate view public.one as select 2 as two;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check(cx, out, &[ObjectKind::View]);
}
