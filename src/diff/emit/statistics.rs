//! Extended statistics.

use super::text::faithful;
use super::{Alter, Cx, plain_drop};
use crate::catalog::Statistics;
use crate::diff::step::Step;

fn target(it: &Statistics, cx: &Cx<'_>) -> Step {
    Step::alter(cx.id, format!("alter statistics {} set statistics {}", cx.id.address(), it.target.unwrap_or(-1)))
}

pub(super) fn create(it: &Statistics, cx: &Cx<'_>) -> Vec<Step> {
    let mut steps =
        vec![Step::create(cx.id, format!("create statistics {} {}", cx.id.address(), faithful(&it.definition)))];
    steps.extend(it.target.is_some().then(|| target(it, cx)));
    steps
}

pub(super) fn drop(_: &Statistics, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &Statistics, new: &Statistics, cx: &Cx<'_>) -> Alter {
    if old.table != new.table || unordered(&old.definition) != unordered(&new.definition) {
        return Alter::recreate();
    }
    Alter::in_place((old.target != new.target).then(|| target(new, cx)).into_iter().collect())
}

/// What it is about, in no order: the server tells the columns in that of the table.
fn unordered(definition: &str) -> (&str, Vec<&str>, &str) {
    let (kinds, rest) = definition.split_once("ON ").unwrap_or(("", definition));
    let (columns, table) = rest.rsplit_once(" FROM ").unwrap_or((rest, ""));
    let mut columns: Vec<&str> = columns.split(", ").collect();
    columns.sort_unstable();
    (kinds, columns, table)
}
