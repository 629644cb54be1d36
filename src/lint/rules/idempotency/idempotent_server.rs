//! `idempotent-server`: a foreign server that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-server",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create server` without `if not exists`",
    effect: "a second run stops with 42710 (server already exists)",
    remedy: "write `create server if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createserver.html"],
    bad: &["create foreign data wrapper files;\n-- then\ncreate server archive foreign data wrapper files;"],
    good: &[
        "create foreign data wrapper files;\n-- then\ncreate server if not exists archive foreign data wrapper files;",
        "create foreign data wrapper files;\n-- then\ndrop server if exists archive;\ncreate server archive foreign data wrapper files;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Server], create::Remedy::IfNotExists("server"));
}
