//! Indexes.

use std::collections::BTreeMap;

use super::facets::comment;
use super::options::{storage, storage_changes};
use super::text::faithful;
use super::{Alter, Cx, online};
use crate::catalog::{Id, Index, Kind, Object, Options};
use crate::diff::partial::whole;
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// What can be changed of an index in place, be it a constraint's or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings<'a> {
    pub options: &'a Options,
    pub tablespace: Option<&'a String>,
    pub statistics: &'a BTreeMap<u32, i32>,
}

impl<'a> From<&'a Index> for Settings<'a> {
    fn from(it: &'a Index) -> Self {
        Self { options: &it.options, tablespace: it.tablespace.as_ref(), statistics: &it.statistics }
    }
}

/// The statements that turn some settings of an index into others; `name` is its own with its schema.
pub(super) fn change_settings(old: &Settings<'_>, new: &Settings<'_>, name: &str, id: &Id) -> Vec<Step> {
    let alter = |what: String| Step::alter(id, format!("alter index {name} {what}"));
    let mut steps: Vec<Step> = storage_changes(old.options, new.options).into_iter().map(alter).collect();
    if old.tablespace != new.tablespace {
        let tablespace = new.tablespace.map_or("pg_default", String::as_str);
        steps.push(
            alter(format!("set tablespace {}", bare_ident(tablespace)))
                .lock(LockMode::AccessExclusive, name)
                .hazard(HazardKind::Rewrite, format!("copies all of {name}")),
        );
    }
    steps.extend(change_statistics(old.statistics, new.statistics, name, id));
    steps
}

/// Statistics targets of an index's columns.
pub(super) fn change_statistics(old: &BTreeMap<u32, i32>, new: &BTreeMap<u32, i32>, name: &str, id: &Id) -> Vec<Step> {
    let set = |(column, target): (&u32, i32)| {
        Step::alter(id, format!("alter index {name} alter column {column} set statistics {target}"))
    };
    let changed = new.iter().filter(|(column, target)| old.get(column) != Some(target));
    let gone = old.keys().filter(|column| !new.contains_key(column));
    changed.map(|(column, target)| (column, *target)).chain(gone.map(|column| (column, -1))).map(set).collect()
}

/// Attaches the index of a partition to that of its partitioned table; where it is attached already, nothing happens.
pub(super) fn attach(name: &str, to: (&str, &str), id: &Id) -> Step {
    let above = format!("{}.{}", bare_ident(to.0), bare_ident(to.1));
    Step::alter(id, format!("alter index {above} attach partition {name}")).lock(LockMode::AccessExclusive, name)
}

/// The index's table.
fn table(it: &Index, id: &Id) -> Id {
    Id::new(Kind::Table, &id.schema, &it.table)
}

/// Whether the index's table was, is and stays a partition.
fn is_attached(it: &Index, cx: &Cx<'_>) -> bool {
    let table = table(it, cx.id);
    it.partition_of.is_some() && !Cx { id: &table, ..*cx }.lasting_parents().is_empty()
}

/// The name that an attached index had: it cannot be let go of, but it can be called otherwise.
fn former<'a>(it: &Index, cx: &Cx<'a>) -> Option<&'a Id> {
    let (schema, name) = it.partition_of.as_ref()?;
    if !is_attached(it, cx) || cx.comes(&Id::new(Kind::Index, schema, name)) || cx.from.entries.contains_key(cx.id) {
        return None;
    }
    cx.from.parts_of_schema(Kind::Index, &cx.id.schema).find(|id| match cx.from.get(id).map(|it| &it.object) {
        Some(Object::Index(old)) => old.table == it.table && old.partition_of == it.partition_of,
        _ => false,
    })
}

pub(super) fn create(it: &Index, cx: &Cx<'_>) -> Vec<Step> {
    let name = cx.id.address();
    if it.invalid {
        // Whoever wants that to be there does not want it to work.
        return Vec::new();
    }
    if let Some(old) = former(it, cx)
        && let Some(Object::Index(before)) = cx.from.get(old).map(|entry| &entry.object)
    {
        let mut steps =
            vec![Step::alter(cx.id, format!("alter index {} rename to {}", old.address(), bare_ident(&cx.id.name)))];
        steps.extend(change_settings(&before.into(), &it.into(), &name, cx.id));
        if cx.entry.comment.is_none() && cx.from.get(old).is_some_and(|it| it.comment.is_some()) {
            steps.extend(comment(None, cx));
        }
        return steps;
    }
    let table = table(it, cx.id);
    let is_concurrent = online::is_concurrent(it, cx);
    let is_swapped = online::is_swapped_index(cx);
    let built = if is_swapped { online::new_name(&cx.id.name) } else { cx.id.name.clone() };
    let mut sql = format!(
        "create {}index {}{} on {}{} {}",
        if it.unique { "unique " } else { "" },
        if is_concurrent { "concurrently " } else { "" },
        bare_ident(&built),
        if it.partitioned { "only " } else { "" },
        table.qualified(),
        faithful(&it.definition)
    );
    if !it.options.is_empty() {
        sql.push_str(&format!(" with ({})", storage(&it.options)));
    }
    if let Some(tablespace) = &it.tablespace {
        sql.push_str(&format!(" tablespace {}", bare_ident(tablespace)));
    }
    if let Some(predicate) = &it.predicate {
        sql.push_str(&format!(" where {}", faithful(predicate)));
    }
    let mut step = Step::create(cx.id, sql);
    let is_new = |kind| cx.comes(&table.beside(kind, "")) && !cx.from.entries.contains_key(&table.beside(kind, ""));
    if is_concurrent {
        step = online::build(step, &name, &table.qualified(), it.unique);
    } else if !it.partitioned && !is_new(Kind::Table) && !is_new(Kind::MaterializedView) {
        let relation = table.qualified();
        step = step
            .lock(LockMode::Share, &relation)
            .hazard(HazardKind::LongScan, format!("reads all of {relation} to build {name}"));
        if it.unique {
            step = step.hazard(HazardKind::MayFail, format!("fails where rows of {relation} are not unique"));
        }
    }
    let mut steps = vec![step];
    if is_swapped {
        steps.extend(online::swap_index(&table.qualified(), cx));
    }
    steps.extend(change_statistics(&BTreeMap::new(), &it.statistics, &name, cx.id));
    // Where not all partitions have theirs, they are attached before there are any.
    let is_there = || is_attached(it, cx) || whole(cx.to, cx.id).is_some_and(|above| cx.partial.contains(&above));
    if let Some((schema, above)) = it.partition_of.as_ref().filter(|_| is_there()) {
        steps.push(attach(&name, (schema, above), cx.id));
    }
    steps
}

pub(super) fn drop(it: &Index, cx: &Cx<'_>) -> Vec<Step> {
    if is_attached(it, cx) {
        // It goes with the index it is attached to, or has got another name.
        return Vec::new();
    }
    if online::is_swapped_index(cx) {
        // It goes once its successor is built.
        return Vec::new();
    }
    let (relation, name) = (table(it, cx.id).qualified(), cx.id.address());
    let mut step = if online::is_concurrent(it, cx) {
        online::drop_index(&relation, cx)
    } else {
        Step::drop(cx.id, format!("drop index {name}")).lock(LockMode::AccessExclusive, &relation)
    };
    if it.invalid {
        // What a failed build has left may be cleaned up by anybody, and no copy of the schema has it.
        step.sql = step.sql.replacen(&name, &format!("if exists {name}"), 1);
    }
    vec![step]
}

pub(super) fn alter(old: &Index, new: &Index, cx: &Cx<'_>) -> Alter {
    let same = Index {
        options: old.options.clone(),
        tablespace: old.tablespace.clone(),
        statistics: old.statistics.clone(),
        partition_of: old.partition_of.clone(),
        invalid: old.invalid,
        ..new.clone()
    };
    let is_moved = old.partition_of.is_some() && old.partition_of != new.partition_of && is_attached(old, cx);
    // Only what has entries can be given other parameters.
    let is_fixed = new.partitioned && old.options != new.options;
    if same != *old || is_moved || is_fixed || old.invalid && !new.invalid {
        return Alter::recreate();
    }
    let name = cx.id.address();
    let mut steps = change_settings(&old.into(), &new.into(), &name, cx.id);
    if let Some((schema, above)) =
        new.partition_of.as_ref().filter(|_| old.partition_of.is_none() && is_attached(new, cx))
    {
        steps.push(attach(&name, (schema, above), cx.id));
    }
    Alter::in_place(steps)
}
