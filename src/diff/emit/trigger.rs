//! Triggers.

use super::text::faithful;
use super::{Alter, Cx, plain_drop};
use crate::catalog::{Catalog, Enabled, Id, Kind, Object, Trigger};
use crate::diff::step::Step;
use crate::risk::LockMode;
use crate::text::bare_ident;

fn statement(it: &Trigger, is_replaced: bool) -> String {
    let rest = it.definition.strip_prefix("CREATE ").unwrap_or(&it.definition);
    format!("create {}{}", if is_replaced { "or replace " } else { "" }, faithful(rest))
}

/// Says when it fires; of a partitioned table's also for those that came with it.
fn enable(id: &Id, enabled: Enabled) -> Step {
    let table = id.qualified();
    Step::alter(id, format!("alter table {table} {} trigger {}", enabled.sql(), bare_ident(&id.part)))
        .lock(LockMode::ShareRowExclusive, &table)
}

fn trigger<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a Trigger> {
    match &catalog.get(id)?.object {
        Object::Trigger(trigger) => Some(trigger),
        _ => None,
    }
}

fn parent(it: &Trigger) -> Option<Id> {
    it.of_parent.as_ref().map(|(schema, table, name)| Id::part(Kind::Trigger, schema, table, name))
}

/// The triggers that it came with, from the nearest to that of the uppermost partitioned table.
fn ancestors<'a>(it: &Trigger, catalog: &'a Catalog) -> Vec<(Id, &'a Trigger)> {
    let mut all = Vec::new();
    let mut next = parent(it);
    while let Some(id) = next {
        let Some(above) = trigger(catalog, &id) else { break };
        next = parent(above);
        all.push((id, above));
    }
    all
}

/// Those that came with a trigger and are there already, but fire otherwise than it will.
fn exceptions<'a>(new: &'a Trigger, cx: &Cx<'a>) -> impl Iterator<Item = Step> {
    let (id, from, to) = (cx.id, cx.from, cx.to);
    to.entries.iter().filter_map(move |(other, entry)| {
        let Object::Trigger(it) = &entry.object else { return None };
        let is_below = it.enabled != new.enabled && ancestors(it, to).iter().any(|(above, _)| above == id);
        (is_below && from.entries.contains_key(other)).then(|| enable(other, it.enabled))
    })
}

pub(super) fn create(it: &Trigger, cx: &Cx<'_>) -> Vec<Step> {
    if it.of_parent.is_some() {
        // It comes with the parent's, and fires when that does.
        let differs = ancestors(it, cx.to).iter().any(|(_, above)| above.enabled != it.enabled);
        return if differs { vec![enable(cx.id, it.enabled)] } else { Vec::new() };
    }
    let mut steps = vec![Step::create(cx.id, statement(it, false))];
    if cx.from.entries.contains_key(&cx.id.beside(Kind::Table, "")) {
        steps = steps.into_iter().map(|step| step.lock(LockMode::ShareRowExclusive, &cx.id.qualified())).collect();
    }
    if it.enabled != Enabled::Origin {
        steps.push(enable(cx.id, it.enabled));
    }
    steps
}

pub(super) fn drop(it: &Trigger, cx: &Cx<'_>) -> Vec<Step> {
    if it.of_parent.is_some() {
        return Vec::new();
    }
    vec![plain_drop(cx).lock(LockMode::AccessExclusive, &cx.id.qualified())]
}

pub(super) fn alter(old: &Trigger, new: &Trigger, cx: &Cx<'_>) -> Alter {
    if old.of_parent != new.of_parent {
        return Alter::recreate();
    }
    if new.of_parent.is_some() {
        let is_done_above = ancestors(new, cx.to).iter().any(|(id, above)| trigger(cx.from, id) != Some(*above));
        let is_same = is_done_above || old.enabled == new.enabled;
        return Alter::in_place(if is_same { Vec::new() } else { vec![enable(cx.id, new.enabled)] });
    }
    let mut steps = Vec::new();
    let is_replaced = old.definition != new.definition;
    if is_replaced {
        // PostgreSQL replaces no constraint triggers, and leaves those of partitions where a trigger fires for rows no more.
        if old.constraint || new.constraint || old.for_each_row != new.for_each_row {
            return Alter::recreate();
        }
        steps.push(Step::alter(cx.id, statement(new, true)).lock(LockMode::ShareRowExclusive, &cx.id.qualified()));
    }
    // A trigger that is replaced fires as a new one does.
    let before = if is_replaced { Enabled::Origin } else { old.enabled };
    if before != new.enabled {
        steps.push(enable(cx.id, new.enabled));
    }
    steps.extend(exceptions(new, cx));
    Alter::in_place(steps)
}
