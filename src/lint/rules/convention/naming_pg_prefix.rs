//! `naming-pg-prefix`: names that look like the system's.

use super::naming;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "naming-pg-prefix",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a name begins with `pg_`",
    effect: "names with `pg_` are PostgreSQL's own: a later version may bring the same one, and people take it for part of the system",
    remedy: "choose another name",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/ddl-schemas.html#DDL-SCHEMAS-CATALOG"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column pg_note text;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column note text;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    naming::each(cx, |kind, name| {
        if !name.value.starts_with("pg_") {
            return;
        }
        out.push(
            cx.finding(name.span, format!("the {} `{}` is named like one of the system", kind.word(), name.value))
                .label("begins with `pg_`")
                .help("leave `pg_` to PostgreSQL"),
        );
    });
}
