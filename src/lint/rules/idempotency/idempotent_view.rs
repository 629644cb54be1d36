//! `idempotent-view`: a view that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-view",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create view` without `or replace`",
    effect: "a second run stops with 42P07 (relation already exists)",
    remedy: "write `create or replace view`; drop it first where columns go or change their type",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createview.html"],
    bad: &[
        "create view public.one as select 1 as one;",
        "create recursive view public.counting (n) as values (1) union all select n + 1 from counting where n < 9;",
    ],
    good: &[
        "create or replace view public.one as select 1 as one;",
        "drop view if exists public.one;\ncreate view public.one as select 1 as one;",
        "do $$ begin\n  if not exists (select from information_schema.views where table_name = 'one') then\n    create view public.one as select 1 as one;\n  end if;\nend $$;",
        "create temporary view one as select 1 as one;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::View], create::Remedy::OrReplace);
}
