//! `not-in-subquery`: one null on the right, and no row is picked.

use super::exprs;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, FromKind, Query, QueryBody, Select};

pub(super) static RULE: Rule = Rule {
    id: "not-in-subquery",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "`not in (select …)` over something that may be null",
    effect: "one null in the result of the query makes the condition null for every row: nothing is picked; and the query cannot be planned as an anti join",
    remedy: "write `not exists (select … where …)`",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/functions-subquery.html#FUNCTIONS-SUBQUERY-NOTIN"],
    bad: &[
        "create table public.people (id uuid primary key default gen_random_uuid(), invited_by uuid);\n-- then\nselect id from public.people where id not in (select invited_by from public.people);",
    ],
    good: &[
        "create table public.people (id uuid primary key default gen_random_uuid(), invited_by uuid);\n-- then\nselect id from public.people as p\nwhere not exists (select from public.people as q where q.invited_by = p.id)\n  and id not in (select invited_by from public.people where invited_by is not null);",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    exprs::each(cx.stmt(), |expr| {
        let ExprKind::In { not: true, query: Some(query), .. } = &expr.kind else { return };
        if never_null(cx, query) {
            return;
        }
        out.push(
            cx.finding(expr.span, "`not in` picks no row as soon as its query returns one null")
                .label("may hold a null")
                .help("write `not exists (select … where …)`, or keep nulls out with `where … is not null`"),
        );
    });
}

/// Whether the query's only column is known to hold no null.
fn never_null(cx: &EventCx<'_>, query: &Query) -> bool {
    let QueryBody::Select(select) = &query.body else { return false };
    let [target] = select.targets.as_slice() else { return false };
    let Some([.., column]) = target.expr.as_column() else { return false };
    if select.filter.as_ref().is_some_and(|filter| keeps_nulls_out(filter, &column.value)) {
        return true;
    }
    is_required(cx, select, &column.value)
}

/// Whether a condition says that the column is not null, by itself or with others.
fn keeps_nulls_out(filter: &Expr, column: &str) -> bool {
    match &filter.kind {
        ExprKind::Is { expr, not: true, what } => {
            what == "null" && matches!(expr.as_column(), Some([.., part]) if part.value == column)
        }
        ExprKind::Binary { op, left, right } if op == "and" => {
            keeps_nulls_out(left, column) || keeps_nulls_out(right, column)
        }
        _ => false,
    }
}

fn is_required(cx: &EventCx<'_>, select: &Select, column: &str) -> bool {
    let [item] = select.from.as_slice() else { return false };
    let FromKind::Relation(name) = &item.kind else { return false };
    cx.table(name).and_then(|table| table.column(column)).is_some_and(|column| column.not_null)
}
