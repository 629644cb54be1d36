//! `no-char`: text that is filled up with spaces.

use super::limit;
use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-char",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `char(n)`",
    effect: "values are filled up with spaces, which count in some comparisons and vanish in others; nothing gets faster or smaller",
    remedy: "use `text`, with a check where the length matters",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/datatype-character.html",
        "https://wiki.postgresql.org/wiki/Don't_Do_This#Don.27t_use_char.28n.29",
    ],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column currency char(3);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column currency text check (length(currency) = 3);",
        // The one-byte type of the catalogs is another type.
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column flag \"char\";",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if used.ty.name != "char" || used.ty.schema.is_some() {
            return;
        }
        let length = used.ty.modifiers.first().map_or("1", String::as_str);
        let characters = if length == "1" { "character" } else { "characters" };
        let message = format!("{} is filled up with spaces to {length} {characters}", used.subject(cx));
        out.push(limit::to_text(cx, &used, length, used.finding(cx, message).label("padded with spaces")));
    });
}
