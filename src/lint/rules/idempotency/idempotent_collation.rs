//! `idempotent-collation`: a collation that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-collation",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create collation` without `if not exists`",
    effect: "a second run stops with 42710 (collation already exists)",
    remedy: "write `create collation if not exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createcollation.html"],
    bad: &["create collation public.bytes (locale = 'C');"],
    good: &[
        "create collation if not exists public.bytes (locale = 'C');",
        "drop collation if exists public.bytes;\ncreate collation public.bytes (locale = 'C');",
        "do $$ begin\n  if not exists (select from pg_collation where collname = 'bytes') then\n    create collation public.bytes (locale = 'C');\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Collation], create::Remedy::IfNotExists("collation"));
}
