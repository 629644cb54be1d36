//! `idempotent-database`: a database or tablespace that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-database",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create database` or `create tablespace`",
    effect: "a second run stops with 42P04 (database already exists) or 42710; neither can run in a transaction or a DO block",
    remedy: "leave it to a script of its own that asks `pg_database` or `pg_tablespace` first",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createdatabase.html"],
    bad: &["-- dbctl: no-transaction\ncreate database reports;"],
    good: &[
        "-- dbctl: no-transaction\ndrop database if exists reports;\n-- dbctl: no-transaction\ncreate database reports;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let advice = create::Remedy::Advice(
        "it cannot be guarded in SQL: make it in a script of its own that asks the catalog first",
    );
    create::check(cx, out, &[ObjectKind::Database, ObjectKind::Tablespace], advice);
}
