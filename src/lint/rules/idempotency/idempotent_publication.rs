//! `idempotent-publication`: a publication that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-publication",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create publication` that nothing guards",
    effect: "a second run stops with 42710 (publication already exists)",
    remedy: "catch `duplicate_object` in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createpublication.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &["create publication changes for all tables;"],
    good: &[
        "do $$ begin\n  create publication changes for all tables;\nexception when duplicate_object then null;\nend $$;",
        "drop publication if exists changes;\ncreate publication changes for all tables;",
        "do $$ begin\n  if not exists (select from pg_publication where pubname = 'changes') then\n    create publication changes;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Publication], create::Remedy::Catch);
}
