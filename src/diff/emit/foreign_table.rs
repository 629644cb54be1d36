//! Foreign tables.

use super::column::{default_of, definition, settings};
use super::options::{foreign, foreign_changes};
use super::{Alter, Cx, plain_drop};
use crate::catalog::ForeignTable;
use crate::diff::step::Step;
use crate::text::bare_ident;

pub(super) fn create(it: &ForeignTable, cx: &Cx<'_>) -> Vec<Step> {
    let columns = cx.to.columns(cx.id);
    let parts: Vec<String> = columns
        .iter()
        .filter(|(_, _, column)| !column.inherited)
        .map(|(id, _, column)| definition(id, column, default_of(cx.to, id)))
        .collect();
    let mut sql = format!("create foreign table {} (\n    {}\n)", cx.id.address(), parts.join(",\n    "));
    if !it.inherits.is_empty() {
        sql.push_str(&format!("\ninherits ({})", it.inherits.join(", ")));
    }
    sql.push_str(&format!("\nserver {}", bare_ident(&it.server)));
    if !it.options.is_empty() {
        sql.push_str(&format!("\noptions ({})", foreign(&it.options)));
    }
    let mut steps = vec![Step::create(cx.id, sql)];
    for (id, _, column) in &columns {
        steps.extend(settings(column, &Cx { id, ..*cx }, id));
    }
    steps
}

pub(super) fn drop(_: &ForeignTable, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &ForeignTable, new: &ForeignTable, cx: &Cx<'_>) -> Alter {
    if old.server != new.server || old.inherits != new.inherits || old.partition_of != new.partition_of {
        return Alter::recreate();
    }
    let change = foreign_changes(&old.options, &new.options);
    let sql = |change: String| format!("alter foreign table {} {change}", cx.id.address());
    Alter::in_place(change.map(|change| Step::alter(cx.id, sql(change))).into_iter().collect())
}
