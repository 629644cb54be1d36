//! `idempotent-access-method`: an access method that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-access-method",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create access method` that nothing guards",
    effect: "a second run stops with 42710 (access method already exists)",
    remedy: "catch `duplicate_object` in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-create-access-method.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &["create access method tree type index handler bthandler;"],
    good: &[
        "do $$ begin\n  create access method tree type index handler bthandler;\nexception when duplicate_object then null;\nend $$;",
        "drop access method if exists tree;\ncreate access method tree type index handler bthandler;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::AccessMethod], create::Remedy::Catch);
}
