//! `idempotent-create-schema`: a schema that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-create-schema",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create schema` without `if not exists`",
    effect: "a second run stops with 42P06 (schema already exists)",
    remedy: "write `create schema if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createschema.html"],
    bad: &["create schema app;"],
    good: &[
        "create schema if not exists app;",
        "drop schema if exists app cascade;\ncreate schema app;",
        "do $$ begin\n  if not exists (select from pg_namespace where nspname = 'app') then\n    create schema app;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Schema], create::Remedy::IfNotExists("schema"));
}
