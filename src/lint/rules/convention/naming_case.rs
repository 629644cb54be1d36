//! `naming-case`: names that need quotes for ever.

use super::naming;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "naming-case",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a name is not in snake_case",
    effect: "a name with capitals, spaces or other signs must be quoted in every query; unquoted it is another name",
    remedy: "use lower case, digits and `_`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column \"paidAt\" timestamptz;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid_at timestamptz;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    naming::each(cx, |kind, name| {
        if is_snake(&name.value) {
            return;
        }
        out.push(
            cx.finding(name.span, format!("the {} `{}` has to be quoted wherever it is used", kind.word(), name.value))
                .label("not snake_case")
                .help("use lower case, digits and `_`, and begin with a letter"),
        );
    });
}

fn is_snake(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}
