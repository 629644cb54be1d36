//! `idempotent-create-extension`: an extension that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-create-extension",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create extension` without `if not exists`",
    effect: "a second run stops with 42710 (extension already exists); so does the first where somebody installed it by hand",
    remedy: "write `create extension if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createextension.html"],
    bad: &[
        "create extension pg_trgm;",
        "create schema if not exists extensions;\n-- then\ncreate extension pg_trgm with schema extensions;",
    ],
    good: &[
        "create extension if not exists pg_trgm;",
        "drop extension if exists pg_trgm cascade;\ncreate extension pg_trgm;",
        "do $$ begin\n  create extension pg_trgm;\nexception when duplicate_object then null;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Extension], create::Remedy::IfNotExists("extension"));
}
