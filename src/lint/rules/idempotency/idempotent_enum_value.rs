//! `idempotent-enum-value`: a label that a second run finds there.

use super::altering;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "idempotent-enum-value",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`alter type … add value` without `if not exists`, `rename value` that nothing guards",
    effect: "a second run stops with 42710 (enum label already exists), or 22023 (is not an existing enum label)",
    remedy: "write `add value if not exists`; ask `pg_enum` before you rename a value",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertype.html"],
    bad: &[
        "create type public.order_state as enum ('new', 'paid');\n-- then\nalter type public.order_state add value 'sent';",
        "create type public.order_state as enum ('new', 'paid');\n-- then\nalter type public.order_state add value 'sent' after 'paid';",
        "create type public.order_state as enum ('new', 'paid');\n-- then\nalter type public.order_state rename value 'paid' to 'settled';",
    ],
    good: &[
        "create type public.order_state as enum ('new', 'paid');\n-- then\nalter type public.order_state add value if not exists 'sent';",
        "create type public.order_state as enum ('new', 'paid');\n-- then\ndo $$ begin\n  if exists (select 1 from pg_enum e join pg_type t on t.oid = e.enumtypid where t.typname = 'order_state' and e.enumlabel = 'paid') then\n    alter type public.order_state rename value 'paid' to 'settled';\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    altering::label(cx, out);
}
