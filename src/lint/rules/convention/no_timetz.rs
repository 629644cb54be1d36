//! `no-timetz`: a time of day with an offset but without a date.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-timetz",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "something that stays has the type `time with time zone`",
    effect: "an offset without a date means nothing where clocks change: the same value is another time in summer and in winter",
    remedy: "use `time` for a time of day and `timestamptz` for a moment",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/datatype-datetime.html"],
    bad: &[
        "create table public.shops (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.shops add column opens_at timetz;",
    ],
    good: &[
        "create table public.shops (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.shops add column opens_at time;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if used.ty.name != "timetz" || used.ty.schema.is_some() {
            return;
        }
        let message = format!("{} is a time of day with an offset, which no date says when to apply", used.subject(cx));
        out.push(
            used.finding(cx, message)
                .label("`time with time zone`")
                .help("use `time` for a time of day, `timestamptz` for a moment")
                .fix(Fix::unchecked("make it `time`", vec![used.renamed(cx, "time")])),
        );
    });
}
