//! `idempotent-publication-table`: a table that is in a publication already, or not any more.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-publication-table",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`alter publication … add table` or `drop table` that nothing guards",
    effect: "a second run stops with 42710 (relation is already member of publication) or 42704",
    remedy: "catch `duplicate_object` in a DO block, ask `pg_publication_tables` first, or write the whole list with `set table`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-alterpublication.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate publication feed;\n-- then\nalter publication feed add table public.orders;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate publication feed for table public.orders;\n-- then\nalter publication feed drop table public.orders;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate publication feed;\n-- then\ndo $$ begin\n  alter publication feed add table public.orders;\nexception when duplicate_object then null;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate publication feed;\n-- then\ndo $$ begin\n  if not exists (select 1 from pg_publication_tables where pubname = 'feed' and schemaname = 'public' and tablename = 'orders') then\n    alter publication feed add table public.orders;\n  end if;\nend $$;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\ncreate publication feed;\n-- then\nalter publication feed set table public.orders;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::member(cx, out);
}
