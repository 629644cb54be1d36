//! `naming-suffix`: times and dates whose names do not say so.

use super::types::{self, Role};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "naming-suffix",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: true,
    condition: "the name of a timestamp or date does not end as the others do: `_at`, `_on`",
    effect: "`paid` may be a flag, a date or an amount: every reader has to look up which",
    remedy: "end timestamps in `_at` and dates in `_on`",
    lock: None,
    fix: Fixable::No,
    options: &[
        RuleOption { name: "timestamp", preset: Preset::List(&["_at"]), help: "how names of timestamps may end" },
        RuleOption { name: "date", preset: Preset::List(&["_on", "_date"]), help: "how names of dates may end" },
    ],
    sources: &["https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid timestamptz;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid_at timestamptz, add column due_on date;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        let option = match used.ty.name.as_str() {
            "timestamptz" | "timestamp" => "timestamp",
            "date" => "date",
            _ => return,
        };
        if used.role != Role::Column || used.ty.dimensions > 0 {
            return;
        }
        let Some(column) = used.column else { return };
        let endings = cx.options.list(option);
        if endings.iter().any(|end| used.name.ends_with(end.as_str()) || Some(used.name) == end.strip_prefix('_')) {
            return;
        }
        let endings = endings.join("` or `");
        let finding = used
            .finding(cx, format!("the name of {} does not say that it is a {option}", used.subject(cx)))
            .label(format!("no `{endings}`"))
            .help(format!("end the name in `{endings}`"));
        out.push(crate::lint::Finding { place: cx.finding(column.name.span, "").place, ..finding });
    });
}
