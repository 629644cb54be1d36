//! `timestamptz-precision`: a timestamp that rounds.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "timestamptz-precision",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "a timestamp is given a precision: `timestamptz(3)`",
    effect: "the value is rounded, not cut: a moment can come out up to half a unit in the future, and no space is saved",
    remedy: "leave the precision out, and use `date_trunc` where less is shown",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/datatype-datetime.html",
        "https://wiki.postgresql.org/wiki/Don't_Do_This#Don.27t_use_timestamp.280.29_or_timestamptz.280.29",
    ],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid_at timestamptz(0);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid_at timestamptz;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        let ty = used.ty;
        if !ty.any_of(&["timestamptz", "timestamp"]) || ty.schema.is_some() || ty.modifiers.is_empty() {
            return;
        }
        // The bare name of `timestamp(3) with time zone` has the precision in its middle.
        let written = cx.text(ty.name_span);
        let mut bare = written.to_owned();
        if let (Some(open), Some(close)) = (written.find('('), written.find(')')) {
            bare = format!("{}{}", written[..open].trim_end(), &written[close + 1..]);
        }
        let message = format!(
            "{} rounds to {} decimals of a second: a moment can lie in the future",
            used.subject(cx),
            ty.modifiers[0]
        );
        out.push(
            used.finding(cx, message)
                .label("rounds")
                .help(format!("write `{}` without a precision", ty.name))
                // That one takes the precision away as well.
                .yields(&["timestamptz"])
                .fix(Fix::unchecked("leave the precision out", vec![used.replaced(cx, &bare)])),
        );
    });
}
