//! `version-future`: a version lies in the future.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::text::Span;
use jiff::ToSpan;
use jiff::civil::DateTime;

pub(super) static RULE: Rule = Rule {
    id: "version-future",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a version lies in the future",
    effect: "every migration that is written until then stands before it, and is out of order as soon as this one is applied",
    remedy: "give it the version of today",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &["-- file: 20990101000000_orders.sql\ncreate table public.orders (id bigint primary key);\n"],
    good: &[
        "-- file: 20240531235959_orders.sql\ncreate table public.orders (id bigint primary key);\n",
        "-- file: 20240601110000_orders.sql\ncreate table public.orders (id bigint primary key);\n",
        "-- file: 0099_orders.sql\ncreate table public.orders (id bigint primary key);\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let (Some(version), Some(today)) = (&cx.file.version, &cx.config.today) else { return };
    let digits: String = version.chars().filter(char::is_ascii_digit).take(14).collect();
    let (Some(at), Some(now)) = (moment(&digits), moment(today)) else { return };
    // Clocks that run ahead of UTC, and those that are a little wrong.
    let is_ahead = now.checked_add(26.hours()).is_ok_and(|limit| at > limit);
    if is_ahead {
        out.push(
            cx.finding(Span::new(0, 0), format!("version {version} lies in the future"))
                .about(version.as_str())
                .help(format!("give it the version of today, such as `{today}`")),
        );
    }
}

fn moment(digits: &str) -> Option<DateTime> {
    if digits.len() != 14 {
        return None;
    }
    DateTime::strptime("%Y%m%d%H%M%S", digits).ok()
}
