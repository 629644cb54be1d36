//! `idempotent-conversion`: a conversion that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-conversion",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create conversion` that nothing guards",
    effect: "a second run stops with 42710 (conversion already exists)",
    remedy: "catch `duplicate_object` in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createconversion.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &["create conversion public.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;"],
    good: &[
        "do $$ begin\n  create conversion public.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;\nexception when duplicate_object then null;\nend $$;",
        "drop conversion if exists public.latin;\ncreate conversion public.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::Conversion], create::Remedy::Catch);
}
