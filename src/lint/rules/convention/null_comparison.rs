//! `null-comparison`: a comparison with null, which is never true.

use super::exprs;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::ExprKind;

pub(super) static RULE: Rule = Rule {
    id: "null-comparison",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "something is compared with `null` by `=`, `<>` or another operator",
    effect: "the result is null, never true: the condition picks no row, and a check or policy with it means something else than it says",
    remedy: "write `is null` or `is not null`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/functions-comparison.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), paid_at timestamptz);\n-- then\nselect id from public.orders where paid_at = null;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), paid_at timestamptz);\n-- then\nupdate public.orders set paid_at = null where paid_at is not null;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    exprs::each(cx.stmt(), |expr| {
        let ExprKind::Binary { op, left, right } = &expr.kind else { return };
        if !matches!(op.as_str(), "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=") {
            return;
        }
        let operand = match (left.is_null(), right.is_null()) {
            (false, true) => left,
            (true, false) => right,
            _ => return,
        };
        let test = if matches!(op.as_str(), "<>" | "!=") { "is not null" } else { "is null" };
        out.push(
            cx.finding(expr.span, "a comparison with `null` is never true")
                .label("always null")
                .help(format!("write `{} {test}`", cx.text(operand.span))),
        );
    });
}
