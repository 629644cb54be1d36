//! `prefer-bigint`: numbers that run out.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "prefer-bigint",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `integer`, `smallint`, `serial` or `smallserial`",
    effect: "an `integer` ends at 2147483647, a `smallint` at 32767: then every insert fails, and the way out rewrites the table under ACCESS EXCLUSIVE",
    remedy: "use `bigint`; with the padding around it, it often takes no more space",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[
        RuleOption { name: "integer", preset: Preset::Flag(true), help: "report `integer` and `serial`" },
        RuleOption { name: "smallint", preset: Preset::Flag(true), help: "report `smallint` and `smallserial`" },
    ],
    sources: &["https://www.postgresql.org/docs/18/datatype-numeric.html#DATATYPE-INT"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column visits integer;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column visits bigint;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if used.ty.schema.is_some() {
            return;
        }
        let (option, end, new) = match used.ty.name.as_str() {
            "integer" => ("integer", "2147483647", "bigint"),
            "serial" => ("integer", "2147483647", "bigserial"),
            "smallint" => ("smallint", "32767", "bigint"),
            "smallserial" => ("smallint", "32767", "bigserial"),
            _ => return,
        };
        if !cx.options.flag(option) {
            return;
        }
        out.push(
            used.finding(cx, format!("{} ends at {end}: then every insert fails", used.subject(cx)))
                .label(format!("`{}`", used.ty.name))
                .help(format!("use `{new}`"))
                .note("some drivers hand a `bigint` to the program as a string")
                .fix(Fix::unchecked(format!("make it `{new}`"), vec![used.renamed(cx, new)])),
        );
    });
}
