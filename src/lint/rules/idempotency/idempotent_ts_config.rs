//! `idempotent-ts-config`: a text search object that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-ts-config",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create text search configuration`, `dictionary`, `parser` or `template` that nothing guards",
    effect: "a second run stops with 23505: these are the only objects whose second creation is a unique_violation in the catalog",
    remedy: "catch `unique_violation` in a DO block, or drop it first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createtsconfig.html",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &[
        "create text search configuration public.plain (copy = simple);",
        "create text search dictionary public.words (template = simple);",
    ],
    good: &[
        "do $$ begin\n  create text search configuration public.plain (copy = simple);\nexception when unique_violation then null;\nend $$;",
        "drop text search configuration if exists public.plain;\ncreate text search configuration public.plain (copy = simple);",
        "do $$ begin\n  if not exists (select from pg_ts_config where cfgname = 'plain') then\n    create text search configuration public.plain (copy = simple);\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(
        cx,
        out,
        &[
            ObjectKind::TextSearchConfiguration,
            ObjectKind::TextSearchDictionary,
            ObjectKind::TextSearchParser,
            ObjectKind::TextSearchTemplate,
        ],
        create::Remedy::Catch,
    );
}
