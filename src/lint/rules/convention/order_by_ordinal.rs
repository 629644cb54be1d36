//! `order-by-ordinal`: an order by position.

use super::exprs;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{ExprKind, LiteralKind};

pub(super) static RULE: Rule = Rule {
    id: "order-by-ordinal",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Note,
    opt_in: false,
    condition: "`order by` names a column by its position",
    effect: "a column that is added to the list or moved in it changes the order without a word",
    remedy: "name the column",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-select.html#SQL-ORDERBY"],
    bad: &["create view public.settings as select name, setting from pg_catalog.pg_settings order by 1;"],
    good: &["create view public.settings as select name, setting from pg_catalog.pg_settings order by name;"],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    exprs::each_query(cx.stmt(), |query| {
        for expr in &query.order_by {
            if let ExprKind::Literal(LiteralKind::Number(position)) = &expr.kind {
                out.push(
                    cx.finding(expr.span, format!("the order hangs on what stands at position {position} of the list"))
                        .label("by position")
                        .help("name the column"),
                );
            }
        }
    });
}
