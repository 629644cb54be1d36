//! Foreign tables. Their rows are elsewhere: nothing that becomes of them here loses any.

use super::column::{definition, differing_from_parent, made_default, settings};
use super::constraint::clause;
use super::options::{foreign, foreign_changes};
use super::table::{inherits, inline_constraints};
use super::{Alter, Cx, not_null, plain_drop};
use crate::catalog::{ForeignTable, Object};
use crate::diff::step::Step;
use crate::text::bare_ident;

pub(super) fn create(it: &ForeignTable, cx: &Cx<'_>) -> Vec<Step> {
    let columns = cx.to.columns(cx.id);
    let is_partition = cx.to.is_partition(cx.id);
    let mut parts: Vec<String> = columns
        .iter()
        .filter(|(_, _, column)| !column.inherited || is_partition)
        .map(|(id, _, column)| definition(id, column, made_default(cx, id)))
        .collect();
    let handed_down = columns.iter().filter(|(_, _, column)| column.inherited && !is_partition);
    parts.extend(handed_down.filter_map(|(id, _, column)| not_null::of_its_own(column, &Cx { id, ..*cx })));
    parts.extend(inline_constraints(cx).map(|(name, constraint)| clause(name, constraint)));
    let body = if parts.is_empty() { " ()".to_owned() } else { format!(" (\n    {}\n)", parts.join(",\n    ")) };
    let mut sql = format!("create foreign table {}{body}", cx.id.address());
    sql.push_str(&inherits(cx));
    sql.push_str(&format!("\nserver {}", bare_ident(&it.server)));
    if !it.options.is_empty() {
        sql.push_str(&format!("\noptions ({})", foreign(&it.options)));
    }
    let mut steps = vec![Step::create(cx.id, sql)];
    for (id, _, column) in &columns {
        let cx = Cx { id, ..*cx };
        steps.extend(settings(column, &cx, id));
        if !is_partition {
            steps.extend(differing_from_parent(column, &cx));
        }
    }
    steps
}

pub(super) fn drop(_: &ForeignTable, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &ForeignTable, new: &ForeignTable, cx: &Cx<'_>) -> Alter {
    // No statement moves it to another server, nor leaves a column of its own to a table that it comes to inherit from.
    if old.server != new.server || !cx.to.is_partition(cx.id) && leaves_columns(cx) {
        return Alter::recreate();
    }
    let change = foreign_changes(&old.options, &new.options);
    let sql = |change: String| format!("alter foreign table {} {change}", cx.id.address());
    Alter::in_place(change.map(|change| Step::alter(cx.id, sql(change))).into_iter().collect())
}

/// Whether a column of its own is only to be there because a parent has it.
fn leaves_columns(cx: &Cx<'_>) -> bool {
    let is_own = |id| matches!(cx.from.get(id).map(|it| &it.object), Some(Object::Column(column)) if !column.inherited);
    cx.to.columns(cx.id).iter().any(|(id, _, column)| column.inherited && is_own(*id))
}
