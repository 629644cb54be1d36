//! Tables.

use super::column::{definition, differing_from_parent, made_default, merged, settings, with_options};
use super::constraint::clause;
use super::options::{storage, storage_changes};
use super::text::{faithful, same};
use super::{Alter, Cx, not_null, plain_drop, sequence};
use crate::catalog::{Constraint, Id, Kind, Object, ReplicaIdentity, Table};
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

pub(super) fn create(it: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let unlogged = if it.unlogged { "unlogged " } else { "" };
    let mut parts: Vec<String> = Vec::new();
    let columns = cx.to.columns(cx.id);
    let is_partition = cx.to.is_partition(cx.id);
    for (id, _, column) in &columns {
        let default = made_default(cx, id);
        // What comes from a parent table or a type is there with it; a partition has its own before it is attached.
        if it.of_type.is_some() {
            parts.extend(with_options(id, column, default));
        } else if is_partition || !column.inherited {
            let merged = merged(column, &Cx { id, ..*cx });
            parts.push(definition(id, merged.as_ref().unwrap_or(column), default));
        } else {
            parts.extend(not_null::of_its_own(column, &Cx { id, ..*cx }));
        }
    }
    parts.extend(inline_constraints(cx).map(|(name, constraint)| clause(name, constraint)));
    let body = match &it.of_type {
        Some(of) if parts.is_empty() => format!(" of {of}"),
        Some(of) => format!(" of {of} (\n    {}\n)", parts.join(",\n    ")),
        None if parts.is_empty() => " ()".to_owned(),
        None => format!(" (\n    {}\n)", parts.join(",\n    ")),
    };
    let mut sql = format!("create {unlogged}table {name}{body}");
    sql.push_str(&inherits(cx));
    if let Some(key) = &it.partition_key {
        sql.push_str(&format!("\npartition by {}", faithful(key)));
    }
    if let Some(method) = &it.access_method {
        sql.push_str(&format!("\nusing {}", bare_ident(method)));
    }
    if !it.options.is_empty() {
        sql.push_str(&format!("\nwith ({})", storage(&it.options)));
    }
    if let Some(tablespace) = &it.tablespace {
        sql.push_str(&format!("\ntablespace {}", bare_ident(tablespace)));
    }
    let mut steps = vec![Step::create(cx.id, sql)];
    for (id, _, column) in &columns {
        let cx = Cx { id, ..*cx };
        steps.extend(settings(column, &cx, id));
        if !is_partition {
            steps.extend(differing_from_parent(column, &cx));
        }
    }
    steps.extend(row_security(&Table::default(), it, cx));
    steps
}

/// `inherits (…)` of a new table that is no partition.
pub(super) fn inherits(cx: &Cx<'_>) -> String {
    let parents = cx.to.parents(cx.id).into_iter().filter(|(_, it)| it.bound.is_none());
    let names: Vec<&str> = parents.map(|(id, _)| id.part.as_str()).collect();
    if names.is_empty() { String::new() } else { format!("\ninherits ({})", names.join(", ")) }
}

/// The constraints that stand in the statement itself.
pub(super) fn inline_constraints<'a>(cx: &Cx<'a>) -> impl Iterator<Item = (&'a str, &'a Constraint)> {
    let is_partition = cx.to.is_partition(cx.id);
    cx.to.parts(cx.id, Kind::Constraint).filter_map(move |(id, entry)| match &entry.object {
        Object::Constraint(constraint) if constraint.is_inline(is_partition) && !cx.apart.contains(id) => {
            Some((id.part.as_str(), constraint))
        }
        _ => None,
    })
}

fn row_security(old: &Table, new: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let mut steps = Vec::new();
    if old.row_security != new.row_security {
        let word = if new.row_security { "enable" } else { "disable" };
        let step = Step::alter(cx.id, format!("alter table {name} {word} row level security"))
            .lock(LockMode::AccessExclusive, &name);
        steps.push(if new.row_security {
            step
        } else {
            step.hazard(HazardKind::PermissionWidened, format!("policies of {name} no longer hold anybody back"))
        });
    }
    if old.force_row_security != new.force_row_security {
        let word = if new.force_row_security { "force" } else { "no force" };
        let step = Step::alter(cx.id, format!("alter table {name} {word} row level security"))
            .lock(LockMode::AccessExclusive, &name);
        steps.push(if new.force_row_security {
            step
        } else {
            step.hazard(HazardKind::PermissionWidened, format!("policies of {name} no longer hold its owner back"))
        });
    }
    steps
}

pub(super) fn drop(it: &Table, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let step = plain_drop(cx).lock(LockMode::AccessExclusive, &name);
    // Partitions hold the rows of a partitioned table, and go or stay by themselves.
    vec![if it.partition_key.is_some() {
        step
    } else {
        step.hazard(HazardKind::DataLoss, format!("all rows of {name} are lost"))
    }]
}

pub(super) fn alter(old: &Table, new: &Table, cx: &Cx<'_>) -> Alter {
    let name = cx.id.address();
    if !has_same_key(old, new) {
        return Alter::recreate();
    }
    let mut steps = Vec::new();
    let alter = |what: String| Step::alter(cx.id, format!("alter table {name} {what}"));
    if old.of_type.is_some() && old.of_type != new.of_type {
        steps.push(alter("not of".to_owned()));
    }
    // What was `not null` for the index's sake may be null afterwards.
    if is_index(old.replica_identity.as_ref()) && old.replica_identity != new.replica_identity {
        let next = Some(&new.replica_identity).filter(|it| !is_index(it.as_ref()));
        if next.is_some() || loses_not_null(cx) {
            let what = identifies(next.and_then(Option::as_ref));
            steps.push(alter(format!("replica identity {what}")));
        }
    }
    if old.unlogged != new.unlogged {
        let word = if new.unlogged { "unlogged" } else { "logged" };
        steps.push(
            alter(format!("set {word}"))
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::Rewrite, format!("writes all of {name} anew")),
        );
    }
    if old.unlogged != new.unlogged && cx.to.version >= 15 {
        steps.extend(sequence::kept_apart(new, cx));
    }
    if old.access_method != new.access_method {
        let method = new.access_method.as_deref().unwrap_or("heap");
        steps.push(
            alter(format!("set access method {}", bare_ident(method)))
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::Rewrite, format!("writes all of {name} anew")),
        );
    }
    if old.tablespace != new.tablespace {
        let tablespace = new.tablespace.as_deref().unwrap_or("pg_default");
        steps.push(
            alter(format!("set tablespace {}", bare_ident(tablespace)))
                .lock(LockMode::AccessExclusive, &name)
                .hazard(HazardKind::Rewrite, format!("copies all of {name}")),
        );
    }
    steps.extend(storage_changes(&old.options, &new.options).into_iter().map(&alter));
    steps.extend(row_security(old, new, cx));
    Alter::in_place(steps)
}

/// Whether both are partitioned alike, or both are not.
pub(super) fn has_same_key(one: &Table, other: &Table) -> bool {
    match (&one.partition_key, &other.partition_key) {
        (Some(one), Some(other)) => same(one, other),
        (one, other) => one == other,
    }
}

/// Whether a column of the table may be null that may not be yet.
fn loses_not_null(cx: &Cx<'_>) -> bool {
    let columns = cx.to.columns(cx.id).into_iter().filter(|(_, _, column)| column.not_null.is_none());
    columns.map(|(id, ..)| id).any(|id| cx.from.column(id, &id.part).is_some_and(|it| it.not_null.is_some()))
}

fn is_index(it: Option<&ReplicaIdentity>) -> bool {
    matches!(it, Some(ReplicaIdentity::Index(_)))
}

/// What follows `replica identity`.
fn identifies(it: Option<&ReplicaIdentity>) -> String {
    match it {
        None => "default".to_owned(),
        Some(ReplicaIdentity::Full) => "full".to_owned(),
        Some(ReplicaIdentity::Nothing) => "nothing".to_owned(),
        Some(ReplicaIdentity::Index(index)) => format!("using index {}", bare_ident(index)),
    }
}

/// Whether a table says something else of other objects than before, which is stated once all are there.
pub fn is_marked(old: &Object, new: &Object, cx: &Cx<'_>) -> bool {
    // A mark goes with its index.
    let is_clustered = |old: &Option<String>, new: &Option<String>| match (old, new) {
        (Some(index), None) => cx.to.get(&Id::new(Kind::Index, &cx.id.schema, index)).is_some(),
        (old, new) => old != new,
    };
    match (old, new) {
        (Object::Table(old), Object::Table(new)) => {
            let (before, after) = (old.replica_identity.as_ref(), new.replica_identity.as_ref());
            new.of_type.is_some() && old.of_type != new.of_type
                || before != after && (!is_index(before) || is_index(after))
                || is_clustered(&old.clustered_on, &new.clustered_on)
        }
        (Object::MaterializedView(old), Object::MaterializedView(new)) => {
            is_clustered(&old.clustered_on, &new.clustered_on)
        }
        _ => false,
    }
}

/// What a table says of other objects once all are there: its type, whose attributes its columns must be by then, and its
/// indexes. `is_made_again` says of an index that it is another one.
pub fn index_marks(old: Option<&Table>, new: &Table, is_made_again: &dyn Fn(&str) -> bool, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    let mut steps = Vec::new();
    if let (Some(of), Some(old)) = (&new.of_type, old)
        && old.of_type != new.of_type
    {
        steps.push(Step::alter(cx.id, format!("alter table {name} of {of}")));
    }
    let before = old.and_then(|old| old.replica_identity.as_ref());
    let is_lost = matches!(&new.replica_identity, Some(ReplicaIdentity::Index(index)) if is_made_again(index));
    let is_done = is_index(before) && !is_index(new.replica_identity.as_ref());
    if before != new.replica_identity.as_ref() && !is_done || is_lost {
        let what = identifies(new.replica_identity.as_ref());
        steps.push(Step::alter(cx.id, format!("alter table {name} replica identity {what}")));
    }
    steps.extend(cluster_mark(
        old.and_then(|old| old.clustered_on.as_ref()),
        new.clustered_on.as_ref(),
        is_made_again,
        cx,
    ));
    steps
}

/// The index that a table or a materialized view is clustered on.
pub fn cluster_mark(
    old: Option<&String>,
    new: Option<&String>,
    is_made_again: &dyn Fn(&str) -> bool,
    cx: &Cx<'_>,
) -> Option<Step> {
    if old == new && !new.is_some_and(|index| is_made_again(index)) {
        return None;
    }
    let what = match new {
        None => "set without cluster".to_owned(),
        Some(index) => format!("cluster on {}", bare_ident(index)),
    };
    Some(Step::alter(cx.id, format!("alter {} {} {what}", cx.id.kind.sql(), cx.id.address())))
}
