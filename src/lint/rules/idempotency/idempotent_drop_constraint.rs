//! `idempotent-drop-constraint`: a constraint that a second run does not find.

use super::dropping;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-drop-constraint",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`drop constraint` without `if exists`",
    effect: "a second run stops with 42704 (constraint does not exist)",
    remedy: "write `drop constraint if exists`",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-altertable.html",
        "https://www.postgresql.org/docs/18/sql-alterdomain.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop constraint orders_pkey;",
        "create domain public.email as text constraint has_at check (value like '%@%');\n-- then\nalter domain public.email drop constraint has_at;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop constraint if exists orders_pkey;",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\nalter table public.orders drop constraint orders_pkey;\nalter table public.orders add constraint orders_pkey primary key (id);",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    dropping::check_part(cx, out, ObjectKind::Constraint);
    dropping::check_domain(cx, out);
}
