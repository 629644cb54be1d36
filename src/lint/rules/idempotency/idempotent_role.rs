//! `idempotent-role`: a role that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-role",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create role`, `create user` or `create group` that nothing guards",
    effect: "a second run stops with 42710 (role already exists), and so does the first in another database of the same server: roles belong to all",
    remedy: "catch `duplicate_object` in a DO block, or ask `pg_roles` first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createrole.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &["create role reporting nologin;", "create user reporting;"],
    good: &[
        "do $$ begin\n  create role reporting nologin;\nexception when duplicate_object then null;\nend $$;",
        "do $$ begin\n  if not exists (select from pg_roles where rolname = 'reporting') then\n    create role reporting nologin;\n  end if;\nend $$;",
        "drop role if exists reporting;\ncreate role reporting nologin;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Role], create::Remedy::Catch);
}
