//! `prefer-jsonb`: documents that cannot be compared.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "prefer-jsonb",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `json`",
    effect: "`json` has no equality: `select distinct`, `group by` and `union` over the column fail, it cannot be indexed, and every read parses the text again",
    remedy: "use `jsonb`, unless the exact text must be kept",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/datatype-json.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column details json;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column details jsonb;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if used.ty.name != "json" || used.ty.schema.is_some() {
            return;
        }
        let message = format!("{} has no equality: `distinct`, `group by` and `union` over it fail", used.subject(cx));
        out.push(
            used.finding(cx, message)
                .label("cannot be compared or indexed")
                .help("use `jsonb`")
                .note("`jsonb` keeps neither white space, the order of keys nor duplicate keys")
                .fix(used.fix("make it `jsonb`", used.renamed(cx, "jsonb"))),
        );
    });
}
