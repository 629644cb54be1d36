//! `prefer-text`: a length that only a change of type can lift.

use super::limit;
use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "prefer-text",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `varchar(n)`",
    effect: "the limit is part of the type: to lower it rewrites the table under ACCESS EXCLUSIVE, and views and functions that name the column stand in the way",
    remedy: "use `text`, with a check constraint where the length matters: it can be changed without touching the type",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/datatype-character.html",
        "https://wiki.postgresql.org/wiki/Don't_Do_This#Don.27t_use_varchar.28n.29_by_default",
    ],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column title varchar(255);",
        "create domain public.title as character varying(200);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column title text check (char_length(title) <= 255), add column note varchar;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        let ty = used.ty;
        let Some(length) = ty.modifiers.first().filter(|_| ty.name == "varchar" && ty.schema.is_none()) else { return };
        let message = format!("{} is limited to {length} characters by its type", used.subject(cx));
        out.push(limit::to_text(cx, &used, length, used.finding(cx, message).label("changed only with the type")));
    });
}
