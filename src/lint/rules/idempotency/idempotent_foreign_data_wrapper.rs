//! `idempotent-foreign-data-wrapper`: a foreign-data wrapper that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-foreign-data-wrapper",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create foreign data wrapper` that nothing guards",
    effect: "a second run stops with 42710 (foreign-data wrapper already exists)",
    remedy: "catch `duplicate_object` in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createforeigndatawrapper.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &["create foreign data wrapper files;"],
    good: &[
        "do $$ begin\n  create foreign data wrapper files;\nexception when duplicate_object then null;\nend $$;",
        "drop foreign data wrapper if exists files;\ncreate foreign data wrapper files;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::ForeignDataWrapper], create::Remedy::Catch);
}
