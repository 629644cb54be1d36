//! `idempotent-create-matview`: a materialized view that a second run finds there.

use super::create;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-create-matview",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create materialized view` without `if not exists`",
    effect: "a second run stops with 42P07 (relation already exists); there is no `or replace` for it",
    remedy: "write `create materialized view if not exists`, or drop it first when its query changes",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-creatematerializedview.html"],
    bad: &["create materialized view public.totals as select 1 as total;"],
    good: &[
        "create materialized view if not exists public.totals as select 1 as total;",
        "drop materialized view if exists public.totals;\ncreate materialized view public.totals as select 1 as total;",
        "do $$ begin\n  if not exists (select from pg_matviews where matviewname = 'totals') then\n    create materialized view public.totals as select 1 as total;\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    create::check(cx, out, &[ObjectKind::MaterializedView], create::Remedy::IfNotExists("view"));
}
