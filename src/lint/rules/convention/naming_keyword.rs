//! `naming-keyword`: names that are key words.

use super::naming;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "naming-keyword",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "a name is a reserved key word",
    effect: "the name must be quoted in every query, or it is a syntax error; tools that write SQL forget that",
    remedy: "choose another name",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-keywords-appendix.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column \"order\" text;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column position text;",
    ],
    checks: &[Check::Statement(check)],
};

/// Key words that are quoted only to be on the safe side: as the name of a column or table they need no quotes.
const ALLOWED: &[&str] = &[
    "between",
    "bit",
    "boolean",
    "char",
    "coalesce",
    "dec",
    "decimal",
    "exists",
    "extract",
    "float",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "json",
    "least",
    "national",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "row",
    "setof",
    "smallint",
    "substring",
    "time",
    "timestamp",
    "treat",
    "trim",
    "values",
    "varchar",
];

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    naming::each(cx, |kind, name| {
        let simple = name.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        // A name of letters only is quoted for being a key word.
        if !simple || ALLOWED.contains(&name.value.as_str()) || bare_ident(&name.value) == name.value.as_str() {
            return;
        }
        out.push(
            cx.finding(name.span, format!("the {} `{}` is named like a key word of SQL", kind.word(), name.value))
                .label("a key word")
                .help("choose a name that needs no quotes"),
        );
    });
}
