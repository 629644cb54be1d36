//! Constraints.

use std::collections::BTreeMap;

use super::index::{Settings, attach, change_settings, change_statistics};
use super::options::storage;
use super::text::{faithful, same as same_text};
use super::{Alter, Cx, literal, online};
use crate::catalog::{Catalog, Constraint, ConstraintType, Id, Kind, Object};
use crate::diff::partial::whole;
use crate::diff::step::Step;
use crate::risk::{HazardKind, LockMode};
use crate::text::bare_ident;

/// `constraint name definition`, as it stands in `create table` and behind `add`.
pub(super) fn clause(name: &str, it: &Constraint) -> String {
    let mut text = format!("constraint {} {}", bare_ident(name), faithful(&it.definition));
    if !it.options.is_empty() || it.tablespace.is_some() {
        // Both stand before `where` and `deferrable`.
        let index = parameters(it).replacen(" tablespace ", " using index tablespace ", 1);
        let predicate = text.rfind(" WHERE (").filter(|_| it.what == ConstraintType::Exclusion);
        let at = predicate.or_else(|| text.find(" DEFERRABLE")).unwrap_or(text.len());
        text.insert_str(at, &index);
    }
    text
}

/// What `create index` says of how the index is kept.
fn parameters(it: &Constraint) -> String {
    let mut text = String::new();
    if !it.options.is_empty() {
        text.push_str(&format!(" with ({})", storage(&it.options)));
    }
    if let Some(tablespace) = &it.tablespace {
        text.push_str(&format!(" tablespace {}", bare_ident(tablespace)));
    }
    text
}

fn owner(it: &Constraint, cx: &Cx<'_>) -> String {
    if it.of_domain {
        return format!("domain {}", cx.id.qualified());
    }
    let foreign = cx.id.beside(Kind::ForeignTable, "");
    let kind = if cx.to.entries.contains_key(&foreign) || cx.from.entries.contains_key(&foreign) {
        "foreign table"
    } else {
        "table"
    };
    format!("{kind} {}", cx.id.qualified())
}

pub(super) fn create(it: &Constraint, cx: &Cx<'_>) -> Vec<Step> {
    let has_index = it.what.has_index();
    if !has_index && (it.of_parent.is_some() || !it.local && cx.is_constraint_given()) {
        // It comes with the parent's.
        return Vec::new();
    }
    if cx.is_constraint_late() {
        return Vec::new();
    }
    if cx.is_attached_with(it) {
        return add(&valid(it), cx);
    }
    if let Some(old) = former(it, cx)
        && let Some(before) = cx.from.constraint(old, &old.part)
    {
        let (was, is) = (bare_ident(&old.part), bare_ident(&cx.id.part));
        let sql = format!("alter {} rename constraint {was} to {is}", owner(it, cx));
        let mut steps = vec![Step::alter(cx.id, sql)];
        steps.extend(change_settings(&settings(before), &settings(it), &index(cx), cx.id));
        steps.extend(index_comment(before.index_comment.as_ref(), it, cx));
        return steps;
    }
    let mut steps = add(it, cx);
    if has_index {
        steps.extend(change_statistics(&BTreeMap::new(), &it.statistics, &index(cx), cx.id));
        steps.extend(attached(it, cx));
        steps.extend(index_comment(None, it, cx));
    }
    steps
}

/// The constraint as a partition has it before it is attached.
pub(super) fn valid(it: &Constraint) -> Constraint {
    Constraint { definition: it.definition.replace(" NOT VALID", ""), validated: true, ..it.clone() }
}

/// What is said of its index, which is no object of its own here.
fn index_comment(old: Option<&String>, new: &Constraint, cx: &Cx<'_>) -> Option<Step> {
    let text = new.index_comment.as_deref().map_or_else(|| "null".to_owned(), literal);
    let differs = old != new.index_comment.as_ref();
    differs.then(|| Step::alter(cx.id, format!("comment on index {} is {text}", index(cx))))
}

/// The statements that make a constraint.
fn add(it: &Constraint, cx: &Cx<'_>) -> Vec<Step> {
    let table = cx.id.qualified();
    // Partitions get theirs by themselves, with their own names.
    let owner =
        if it.what.has_index() && cx.to.is_partitioned(cx.id) { format!("table only {table}") } else { owner(it, cx) };
    let in_use = online::add_validated(&owner, it, cx);
    if let Some(steps) = in_use.or_else(|| online::add_key(it, &parameters(it), cx)) {
        return steps;
    }
    let step = Step::create(cx.id, format!("alter {owner} add {}", clause(&cx.id.part, it)));
    let new = !cx.from.entries.contains_key(&cx.id.beside(Kind::Table, ""));
    if it.of_domain && it.validated && cx.from.entries.contains_key(&cx.id.beside(Kind::Domain, "")) {
        return vec![
            step.hazard(HazardKind::LongScan, format!("reads all tables with a column of {table}"))
                .hazard(HazardKind::MayFail, format!("fails where a value of {table} does not fit {}", cx.id.part)),
        ];
    }
    if new || it.of_domain {
        return vec![step];
    }
    let step = add_locks(step, it, cx);
    if !it.validated {
        return vec![step];
    }
    let step = step.hazard(HazardKind::MayFail, format!("fails where rows of {table} do not fit {}", cx.id.part));
    vec![step.hazard(HazardKind::LongScan, format!("reads all of {table}"))]
}

/// The locks that it takes to add a constraint.
pub(super) fn add_locks(step: Step, it: &Constraint, cx: &Cx<'_>) -> Step {
    let table = cx.id.qualified();
    match it.what {
        ConstraintType::Foreign => step.lock(LockMode::ShareRowExclusive, &table),
        _ => step.lock(LockMode::AccessExclusive, &table),
    }
}

/// Its index has its name.
fn index(cx: &Cx<'_>) -> String {
    Id::new(Kind::Index, &cx.id.schema, &cx.id.part).qualified()
}

fn settings(it: &Constraint) -> Settings<'_> {
    Settings { options: &it.options, tablespace: it.tablespace.as_ref(), statistics: &it.statistics }
}

/// Attaches its index to that of the partitioned table, where the table is attached already: so it is before there are
/// indexes that not all partitions have.
fn attached(it: &Constraint, cx: &Cx<'_>) -> Option<Step> {
    let (schema, _, name) = it.of_parent.as_ref().filter(|_| it.what.has_index())?;
    let is_there =
        !cx.lasting_parents().is_empty() || whole(cx.to, cx.id).is_some_and(|above| cx.partial.contains(&above));
    is_there.then(|| attach(&index(cx), (schema, name), cx.id))
}

/// The name that the constraint of a partition had: it cannot be let go of, but it can be called otherwise.
fn former<'a>(it: &Constraint, cx: &Cx<'a>) -> Option<&'a Id> {
    let (schema, table, name) = it.of_parent.as_ref()?;
    let above = Id::part(Kind::Constraint, schema, table, name);
    if cx.lasting_parents().is_empty() || cx.comes(&above) || cx.from.entries.contains_key(cx.id) {
        return None;
    }
    cx.from.parts(cx.id, Kind::Constraint).find_map(|(id, entry)| match &entry.object {
        Object::Constraint(old) if old.of_parent == it.of_parent && cx.goes(id) => Some(id),
        _ => None,
    })
}

/// Whether it is a partition's part of a foreign key from a partitioned table to itself, which goes before its partitions
/// are detached.
fn goes_before_partitions(it: &Constraint, cx: &Cx<'_>) -> bool {
    let (Some((schema, table, name)), Some((to_schema, to))) = (&it.of_parent, &it.references) else { return false };
    cx.goes(&Id::part(Kind::Constraint, schema, table, name))
        && cx.from.above(&cx.id.beside(Kind::Table, "")).contains(&Id::new(Kind::Table, to_schema, to))
}

pub(super) fn drop(it: &Constraint, cx: &Cx<'_>) -> Vec<Step> {
    let is_led = it.of_parent.is_some() && !cx.lasting_parents().is_empty();
    if is_led || goes_before_partitions(it, cx) || !it.local && cx.goes_with_parent() {
        // It goes with the parent's.
        return Vec::new();
    }
    if online::is_swapped_key(cx) || online::is_swapped_look(cx) {
        // It goes once its successor is there.
        return Vec::new();
    }
    let name = bare_ident(&cx.id.part);
    let owner = if cx.is_dropped_alone() { format!("table only {}", cx.id.qualified()) } else { owner(it, cx) };
    vec![
        Step::drop(cx.id, format!("alter {owner} drop constraint {name}"))
            .lock(LockMode::AccessExclusive, &cx.id.qualified()),
    ]
}

pub(super) fn alter(old: &Constraint, new: &Constraint, cx: &Cx<'_>) -> Alter {
    let name = bare_ident(&cx.id.part);
    let plain = |it: &Constraint| {
        let mut text = it.definition.clone();
        for word in [" NOT VALID", " DEFERRABLE", " INITIALLY DEFERRED"] {
            text = text.replace(word, "");
        }
        text
    };
    let same = Constraint {
        definition: old.definition.clone(),
        validated: old.validated,
        deferrable: old.deferrable,
        deferred: old.deferred,
        local: old.local,
        of_parent: old.of_parent.clone(),
        options: old.options.clone(),
        tablespace: old.tablespace.clone(),
        statistics: old.statistics.clone(),
        index_comment: old.index_comment.clone(),
        ..new.clone()
    };
    if !same_text(&plain(old), &plain(new)) || same != *old {
        return Alter::recreate();
    }
    if old.validated && !new.validated {
        // What is only the parents' goes and comes with theirs.
        let is_alike = |parent: &Id| {
            let is_valid = |state: &Catalog| state.constraint(parent, &cx.id.part).map(|it| it.validated);
            is_valid(cx.from) == is_valid(cx.to)
        };
        let stays = !old.local && !new.local && cx.lasting_parents().iter().all(is_alike);
        return if stays { Alter::default() } else { Alter::recreate() };
    }
    let is_led = !cx.lasting_parents().is_empty();
    // What was attached is let go of only with the table; what was the child's own is no longer that.
    let is_moved = old.of_parent.is_some() && old.of_parent != new.of_parent;
    // Where the parent's is there already, no statement does that.
    let is_above = || cx.lasting_parents().iter().any(|parent| cx.from.constraint(parent, &cx.id.part).is_some());
    let is_given = old.local && !new.local && !new.what.has_index() && new.of_parent.is_none() && !is_above();
    if is_led && (is_moved || is_given) || cx.to.is_partitioned(cx.id) && old.options != new.options {
        return Alter::recreate();
    }
    let mut steps = Vec::new();
    if new.what.has_index() {
        steps.extend(change_settings(&settings(old), &settings(new), &index(cx), cx.id));
        steps.extend(attached(new, cx).filter(|_| old.of_parent.is_none()));
        steps.extend(index_comment(old.index_comment.as_ref(), new, cx));
    }
    let is_led = is_led && !new.local;
    if (old.deferrable, old.deferred) != (new.deferrable, new.deferred) && !is_led {
        if new.what != ConstraintType::Foreign {
            return Alter::recreate();
        }
        let when = match (new.deferrable, new.deferred) {
            (_, true) => "deferrable initially deferred",
            (true, false) => "deferrable initially immediate",
            (false, false) => "not deferrable",
        };
        steps.push(Step::alter(cx.id, format!("alter {} alter constraint {name} {when}", owner(new, cx))));
    }
    if !old.validated && new.validated && !is_led {
        steps.push(
            Step::alter(cx.id, format!("alter {} validate constraint {name}", owner(new, cx)))
                .hazard(HazardKind::MayFail, format!("fails where rows of {} do not fit {name}", cx.id.qualified()))
                .hazard(
                    HazardKind::LongScan,
                    format!("reads all of {}, while others read and write", cx.id.qualified()),
                ),
        );
    }
    Alter::in_place(steps)
}
