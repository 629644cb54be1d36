//! `idempotent-attach`: a partition or child that is attached or detached already.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-attach",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`attach partition`, `detach partition`, `inherit` or `no inherit` that nothing guards",
    effect: "a second run stops with 42809 (is already a partition), 42P07 (inherited more than once) or 42P01 (is not a partition)",
    remedy: "ask `pg_inherits` first, in a DO block",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/catalog-pg-inherits.html",
    ],
    bad: &[
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2024 (id bigint, at date);\n-- then\nalter table public.events attach partition public.events_2024 for values from ('2024-01-01') to ('2025-01-01');",
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2024 (id bigint, at date);\nalter table public.events attach partition public.events_2024 for values from ('2024-01-01') to ('2025-01-01');\n-- then\nalter table public.events detach partition public.events_2024;",
        "create table public.parents (id bigint);\ncreate table public.children (id bigint);\n-- then\nalter table public.children inherit public.parents;",
    ],
    good: &[
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2024 (id bigint, at date);\n-- then\ndo $$ begin\n  if not exists (select from pg_inherits where inhrelid = 'public.events_2024'::regclass) then\n    alter table public.events attach partition public.events_2024 for values from ('2024-01-01') to ('2025-01-01');\n  end if;\nend $$;",
        "create table public.events (id bigint, at date) partition by range (at);\ncreate table public.events_2024 (id bigint, at date);\n-- then\ndrop table if exists public.events_2024;\ncreate table public.events_2024 (id bigint, at date);\nalter table public.events attach partition public.events_2024 for values from ('2024-01-01') to ('2025-01-01');",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::attach(cx, out);
}
