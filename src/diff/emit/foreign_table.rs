//! Foreign tables. Their rows are elsewhere: nothing that becomes of them here loses any.

use super::column::{default_of, definition, settings};
use super::constraint::clause;
use super::options::{foreign, foreign_changes};
use super::table::inline_constraints;
use super::{Alter, Cx, plain_drop};
use crate::catalog::{ForeignTable, PartitionOf};
use crate::diff::step::Step;
use crate::risk::LockMode;
use crate::text::bare_ident;

pub(super) fn create(it: &ForeignTable, cx: &Cx<'_>) -> Vec<Step> {
    let columns = cx.to.columns(cx.id);
    let mut parts: Vec<String> = columns
        .iter()
        // An attached partition has columns of its own.
        .filter(|(_, _, column)| !column.inherited || it.partition_of.is_some())
        .map(|(id, _, column)| definition(id, column, default_of(cx.to, id)))
        .collect();
    parts.extend(inline_constraints(cx).map(|(name, constraint)| clause(name, constraint)));
    let body = if parts.is_empty() { " ()".to_owned() } else { format!(" (\n    {}\n)", parts.join(",\n    ")) };
    let mut sql = format!("create foreign table {}{body}", cx.id.address());
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
    steps.extend(it.partition_of.as_ref().map(|of| attach(of, cx)));
    steps
}

fn parent(of: &PartitionOf) -> String {
    format!("{}.{}", bare_ident(&of.schema), bare_ident(&of.name))
}

fn attach(of: &PartitionOf, cx: &Cx<'_>) -> Step {
    let parent = parent(of);
    let sql = format!("alter table only {parent} attach partition {} {}", cx.id.address(), of.bound);
    Step::alter(cx.id, sql).lock(LockMode::ShareUpdateExclusive, &parent)
}

fn detach(of: &PartitionOf, cx: &Cx<'_>) -> Step {
    let parent = parent(of);
    Step::alter(cx.id, format!("alter table {parent} detach partition {}", cx.id.address()))
        .lock(LockMode::AccessExclusive, &parent)
}

pub(super) fn drop(_: &ForeignTable, cx: &Cx<'_>) -> Vec<Step> {
    vec![plain_drop(cx)]
}

pub(super) fn alter(old: &ForeignTable, new: &ForeignTable, cx: &Cx<'_>) -> Alter {
    // No statement moves it to another server.
    if old.server != new.server {
        return Alter::recreate();
    }
    let alter = |what: String| Step::alter(cx.id, format!("alter foreign table {} {what}", cx.id.address()));
    let mut steps = Vec::new();
    if old.partition_of != new.partition_of {
        steps.extend(old.partition_of.as_ref().map(|of| detach(of, cx)));
        steps.extend(new.partition_of.as_ref().map(|of| attach(of, cx)));
    }
    let gone = old.inherits.iter().filter(|parent| !new.inherits.contains(parent));
    steps.extend(gone.map(|parent| alter(format!("no inherit {parent}"))));
    let come = new.inherits.iter().filter(|parent| !old.inherits.contains(parent));
    steps.extend(come.map(|parent| alter(format!("inherit {parent}"))));
    steps.extend(foreign_changes(&old.options, &new.options).map(alter));
    Alter::in_place(steps)
}
