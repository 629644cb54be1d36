//! `--no-drop`: what a plan would lose stays as it is, and the plan leads to a state that has it still.
//!
//! It is the state that is changed, not the list of statements: whatever goes with what is lost, or cannot be there beside
//! it, follows, so that the rest of the plan fits together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use super::compare::{Fate, Options, compare};
use super::plan::{Plan, parent, plan_to};
use super::step::Step;
use crate::catalog::{Catalog, Entry, Enum, Id, Kind, Object};
use crate::risk::HazardKind;

/// How often a state is changed so that less is lost; each time what was kept may keep more.
const ROUNDS: usize = 24;

/// Something that is not as it is wanted, since that would lose data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// What.
    pub id: Id,
    /// What becomes of it instead, and what would have been lost, in words.
    pub text: String,
    /// The statements that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// Plans the way from one schema to another as far as it loses nothing.
pub fn plan_keeping(from: &Catalog, to: &Catalog, options: Options) -> Plan {
    let mut keeper = Keeper::new(from, to);
    let mut left_out: BTreeMap<Id, Vec<Step>> = BTreeMap::new();
    let mut plan = plan_to(from, to, options);
    for _ in 0..ROUNDS {
        let losing: Vec<Step> = plan.steps.iter().filter(|step| step.loses_data()).cloned().collect();
        let mut is_changed = keeper.keep_labels(&plan);
        for step in losing {
            is_changed |= keeper.keep(&step.id);
            left_out.entry(step.id.clone()).or_default().push(step);
        }
        if !is_changed {
            break;
        }
        keeper.settle();
        plan = plan_to(from, &keeper.target, options);
    }
    // What no state can keep is left out all the same.
    for step in plan.steps.extract_if(.., |step| step.loses_data()) {
        left_out.entry(step.id.clone()).or_default().push(step);
    }
    plan.kept = list(&keeper.target, to, &left_out, options);
    plan.target = (keeper.target != *to).then(|| Box::new(keeper.target));
    plan
}

/// What is left, and what would have been lost.
fn list(target: &Catalog, to: &Catalog, left_out: &BTreeMap<Id, Vec<Step>>, options: Options) -> Vec<Kept> {
    let left = compare(target, to, options);
    let ids: BTreeSet<&Id> = left.keys().chain(left_out.keys()).collect();
    let is_within = |id: &Id| {
        let of = parent(target, id);
        of.is_some_and(|of| left.get(&of) == Some(&Fate::Drop)) && !left_out.contains_key(id)
    };
    let kept = ids.into_iter().filter(|id| !is_within(id)).map(|id| {
        let steps = left_out.get(id).map_or(&[][..], Vec::as_slice);
        let becomes = match left.get(id) {
            Some(Fate::Drop) => "stays",
            Some(Fate::Create) => "is not made, as it does not go with what stays",
            _ => "stays as it is",
        };
        let lost = steps.iter().flat_map(|step| &step.hazards).filter(|hazard| hazard.kind == HazardKind::DataLoss);
        let lost: BTreeSet<&str> = lost.map(|hazard| hazard.text.as_str()).collect();
        let lost: Vec<&str> = lost.into_iter().collect();
        let why = if lost.is_empty() { String::new() } else { format!("; else {}", lost.join(", ")) };
        let mut left_out: Vec<String> = steps.iter().map(|step| step.sql.clone()).collect();
        left_out.dedup();
        Kept { id: id.clone(), text: format!("{id} {becomes}{why}"), left_out }
    });
    kept.collect()
}

/// The state that is wanted, on its way to one that loses nothing.
struct Keeper<'a> {
    from: &'a Catalog,
    target: Catalog,
    dependants: BTreeMap<&'a Id, BTreeSet<&'a Id>>,
    /// What is as it was before.
    reverted: BTreeSet<Id>,
    queue: VecDeque<Id>,
}

impl<'a> Keeper<'a> {
    fn new(from: &'a Catalog, to: &Catalog) -> Self {
        Self {
            from,
            target: to.clone(),
            dependants: from.dependants(),
            reverted: BTreeSet::new(),
            queue: VecDeque::new(),
        }
    }

    /// Keeps an object with what belongs to it; says whether the state has changed by that.
    fn keep(&mut self, id: &Id) -> bool {
        let before = self.reverted.len();
        self.queue.push_back(id.clone());
        while let Some(id) = self.queue.pop_front() {
            if self.reverted.insert(id.clone()) {
                self.revert(&id);
            }
        }
        self.reverted.len() > before
    }

    /// Keeps the values that enums would lose.
    fn keep_labels(&mut self, plan: &Plan) -> bool {
        let mut is_changed = false;
        for (id, _) in plan.fates.iter().filter(|(id, fate)| id.kind == Kind::Enum && **fate == Fate::Recreate) {
            let before = self.from.get(id).map(|entry| &entry.object);
            let now = self.target.entries.get_mut(id).map(|entry| &mut entry.object);
            if let (Some(Object::Enum(before)), Some(Object::Enum(now))) = (before, now)
                && before.labels.iter().any(|label| !now.labels.contains(label))
            {
                *now = together(before, now);
                is_changed = true;
            }
        }
        is_changed
    }

    /// Gives an object the form that it has before; what has none goes.
    fn revert(&mut self, id: &Id) {
        let Some(entry) = self.from.get(id) else {
            self.target.needs.remove(id);
            if self.target.entries.remove(id).is_some() {
                let needing = self.needing(id);
                self.queue.extend(needing);
            }
            return;
        };
        let needs = self.from.needs.get(id).cloned().unwrap_or_default();
        let missing = needs.iter().filter(|it| !self.target.entries.contains_key(*it) && self.from.get(it).is_some());
        self.queue.extend(missing.cloned());
        self.target.needs.insert(id.clone(), needs);
        let old = self.target.entries.insert(id.clone(), entry.clone());
        let clashing = clashing(id).filter(|it| self.target.entries.contains_key(it));
        self.queue.extend(clashing.collect::<Vec<_>>());
        match old {
            None => self.keep_parts(id),
            Some(old) if old != *entry => {
                self.keep_parts(id);
                let stays = |it: &Id| matches!(it.kind, Kind::Table | Kind::Schema);
                let needing = self.needing(id).into_iter().filter(|it| !stays(it)).filter(|it| !self.is_same(it));
                self.queue.extend(needing.collect::<Vec<_>>());
            }
            Some(_) => {}
        }
        match &entry.object {
            Object::Column(column) => {
                let table = id.beside(Kind::Table, "");
                let below = self.from.children(&table).map(|(child, _)| child.beside(Kind::Column, &id.part));
                let above = self.from.parents(&table).into_iter().map(|(_, it)| it.parent_id());
                let above = above.filter(|_| column.inherited).map(|it| it.beside(Kind::Column, &id.part));
                let all = below.chain(above).filter(|it| self.from.get(it).is_some());
                self.queue.extend(all.collect::<Vec<_>>());
            }
            Object::Sequence(sequence) => {
                let owner = sequence.owned_by.as_ref().map(|(schema, table, column)| {
                    (Id::part(Kind::Column, schema, table, column), (id.schema.clone(), id.name.clone()))
                });
                // Its column may have come to number itself by another one of its name.
                self.queue.extend(owner.and_then(|(column, name)| match self.target.column(&column, &column.part) {
                    Some(it) if it.identity.as_ref().is_none_or(|it| it.sequence != name) => None,
                    _ => Some(column),
                }));
            }
            _ => {}
        }
    }

    /// Keeps what belongs to an object that goes on as it was, and takes away what would have belonged to the other.
    fn keep_parts(&mut self, id: &Id) {
        let of = |state: &Catalog| -> Vec<Id> {
            state
                .entries
                .keys()
                .filter(|it| it.kind != id.kind && parent(state, it).as_ref() == Some(id))
                .cloned()
                .collect()
        };
        let mut parts = of(self.from);
        parts.extend(of(&self.target).into_iter().filter(|it| self.from.get(it).is_none()));
        if id.kind == Kind::Column {
            // What was made for the column goes with it, if nobody wants it otherwise.
            let hanging = self.dependants.get(id).into_iter().flatten().filter(|it| {
                matches!(it.kind, Kind::Constraint | Kind::Index | Kind::Statistics | Kind::Trigger | Kind::Policy)
                    && !self.target.entries.contains_key(**it)
            });
            parts.extend(hanging.map(|it| (*it).clone()));
        }
        self.queue.extend(parts);
    }

    /// What needs an object in the state that is wanted.
    fn needing(&self, id: &Id) -> Vec<Id> {
        self.target.needs.iter().filter(|(_, needs)| needs.contains(id)).map(|(id, _)| id.clone()).collect()
    }

    fn is_same(&self, id: &Id) -> bool {
        self.from.get(id) == self.target.get(id)
    }

    /// A child that stays while its parent changes stands by itself: it cannot be told what it would get from that.
    fn settle(&mut self) {
        let kept = self.reverted.iter().filter(|id| id.kind == Kind::Inheritance);
        let kept: Vec<Id> = kept.filter(|id| self.target.entries.contains_key(*id)).cloned().collect();
        for id in kept {
            let Some(Object::Inheritance(it)) = self.from.get(&id).map(|entry| &entry.object) else { continue };
            let above = it.parent_id();
            let parts = |state: &Catalog| -> BTreeMap<Id, Entry> {
                let is_part = |it: &Id| match it.kind {
                    Kind::Column | Kind::Default | Kind::Constraint | Kind::Trigger => {
                        (&it.schema, &it.name) == (&above.schema, &above.name)
                    }
                    Kind::Index => parent(state, it).as_ref() == Some(&above),
                    Kind::Table => *it == above,
                    _ => false,
                };
                state.entries.iter().filter(|(id, _)| is_part(id)).map(|(id, it)| (id.clone(), it.clone())).collect()
            };
            if parts(self.from) != parts(&self.target) {
                self.target.entries.remove(&id);
                self.target.needs.remove(&id);
                self.stand_alone(&id);
            }
        }
    }

    /// What a table has of its parent becomes its own.
    fn stand_alone(&mut self, child: &Id) {
        let table = child.beside(Kind::Table, "");
        let has_others = !self.target.parents(&table).is_empty();
        let mut gone = Vec::new();
        let parts: Vec<Id> = self
            .target
            .entries
            .keys()
            .filter(|id| {
                (&id.schema, &id.name) == (&table.schema, &table.name)
                    || id.kind == Kind::Index && parent(&self.target, id).as_ref() == Some(&table)
            })
            .cloned()
            .collect();
        for id in parts {
            match self.target.entries.get_mut(&id).map(|entry| &mut entry.object) {
                Some(Object::Column(column)) if !has_others => column.inherited = false,
                Some(Object::Constraint(constraint)) => {
                    constraint.of_parent = None;
                    constraint.local |= !has_others;
                }
                Some(Object::Index(index)) => index.partition_of = None,
                Some(Object::Trigger(trigger)) if trigger.of_parent.is_some() => gone.push(id),
                _ => {}
            }
        }
        for id in gone {
            self.target.entries.remove(&id);
            self.target.needs.remove(&id);
        }
    }
}

/// The objects that cannot be there beside this one: relations and types share their names.
fn clashing(id: &Id) -> impl Iterator<Item = Id> {
    const NAMED: [Kind; 11] = [
        Kind::Sequence,
        Kind::Table,
        Kind::ForeignTable,
        Kind::View,
        Kind::MaterializedView,
        Kind::Index,
        Kind::Enum,
        Kind::Composite,
        Kind::Domain,
        Kind::Range,
        Kind::BaseType,
    ];
    const CALLED: [Kind; 3] = [Kind::Function, Kind::Procedure, Kind::Aggregate];
    let kinds: &[Kind] = if NAMED.contains(&id.kind) {
        &NAMED
    } else if CALLED.contains(&id.kind) {
        &CALLED
    } else {
        &[]
    };
    let others = kinds.iter().filter(|kind| **kind != id.kind);
    others.map(|kind| Id { kind: *kind, ..id.clone() })
}

/// The values of both enums: those that are new stand behind the ones they are to stand behind.
fn together(before: &Enum, now: &Enum) -> Enum {
    let mut labels = before.labels.clone();
    for (at, label) in now.labels.iter().enumerate().filter(|(_, label)| !before.labels.contains(label)) {
        let behind = at.checked_sub(1).and_then(|at| labels.iter().position(|it| *it == now.labels[at]));
        labels.insert(behind.map_or(0, |at| at + 1), label.clone());
    }
    Enum { labels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(list: &[&str]) -> Enum {
        Enum { labels: list.iter().map(|it| (*it).to_owned()).collect() }
    }

    #[test]
    fn values_of_both_enums_stand_in_their_order() {
        let both = together(&labels(&["a", "x", "b"]), &labels(&["n", "a", "b", "c"]));
        assert_eq!(both, labels(&["n", "a", "x", "b", "c"]));
    }
}
