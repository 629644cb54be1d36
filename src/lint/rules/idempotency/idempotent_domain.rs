//! `idempotent-domain`: a domain that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-domain",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create domain` that nothing guards",
    effect: "a second run stops with 42710 (type already exists); `create domain` has no `if not exists`",
    remedy: "catch `duplicate_object` in a DO block, or ask `pg_type` first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createdomain.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &["create domain public.email as text check (value like '%@%');"],
    good: &[
        "do $$ begin\n  create domain public.email as text check (value like '%@%');\nexception when duplicate_object then null;\nend $$;",
        "drop domain if exists public.email;\ncreate domain public.email as text check (value like '%@%');",
        "do $$ begin\n  if to_regtype('public.email') is null then\n    create domain public.email as text check (value like '%@%');\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Domain], create::Remedy::Catch);
}
