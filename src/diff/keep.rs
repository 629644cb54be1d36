//! `--no-drop`: what a plan would lose stays as it is, and the plan leads to a state that has it still.
//!
//! It is the state that is changed, not the list of statements: whatever goes with what is lost, or cannot be there beside
//! it, follows, so that the rest of the plan fits together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use super::compare::{Fate, Options};
use super::emit::literal;
use super::plan::{Plan, parent, plan_to};
use super::step::Step;
use crate::catalog::{Catalog, ConstraintType, Entry, Enum, Id, Kind, Object};
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
            for id in types_anew(from, &plan, &step.id) {
                is_changed |= keeper.keep(&id);
            }
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
    plan.kept = list(from, &keeper.target, to, &left_out);
    plan.target = (keeper.target != *to).then(|| Box::new(keeper.target));
    plan
}

/// The types of a column that are made anew: what they lose, it loses.
fn types_anew(from: &Catalog, plan: &Plan, column: &Id) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    let mut queue = vec![column];
    while let Some(id) = queue.pop().filter(|_| column.kind == Kind::Column) {
        let is_type = |id: &&Id| {
            matches!(id.kind, Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType)
                && plan.fates.get(*id) == Some(&Fate::Recreate)
        };
        for needed in from.needs.get(id).into_iter().flatten().filter(is_type) {
            if found.insert(needed.clone()) {
                queue.push(needed);
            }
        }
    }
    found
}

/// What is otherwise than it is wanted, and what would have been lost.
fn list(from: &Catalog, target: &Catalog, to: &Catalog, left_out: &BTreeMap<Id, Vec<Step>>) -> Vec<Kept> {
    let differs = |id: &&Id| target.get(id) != to.get(id);
    let mut ids: BTreeSet<&Id> = target.entries.keys().chain(to.entries.keys()).filter(differs).collect();
    ids.extend(left_out.keys());
    let is_within = |id: &Id| parent(target, id).or_else(|| parent(to, id)).is_some_and(|of| ids.contains(&of));
    let shown = ids.iter().filter(|id| left_out.contains_key(**id) || !is_within(id));
    let kept = shown.map(|id| {
        let steps = left_out.get(*id).map_or(&[][..], Vec::as_slice);
        let becomes = match (target.get(id), to.get(id)) {
            (Some(_), None) => "stays",
            (None, Some(_)) if from.get(id).is_none() => "is not made, as it does not go with what stays",
            _ => "stays as it is",
        };
        let lost = steps.iter().flat_map(|step| &step.hazards).filter(|hazard| hazard.kind == HazardKind::DataLoss);
        let mut lost: BTreeSet<String> = lost.map(|hazard| hazard.text.clone()).collect();
        lost.extend(values(target, to, id));
        let why = lost.into_iter().collect::<Vec<_>>().join(", ");
        let why = if why.is_empty() { why } else { format!("; else {why}") };
        let left_out: BTreeSet<String> = steps.iter().map(|step| step.sql.clone()).collect();
        Kept { id: (*id).clone(), text: format!("{id} {becomes}{why}"), left_out: left_out.into_iter().collect() }
    });
    kept.collect()
}

/// The values that an enum would lose.
fn values(target: &Catalog, to: &Catalog, id: &Id) -> Option<String> {
    let (Object::Enum(kept), Object::Enum(wanted)) = (&target.get(id)?.object, &to.get(id)?.object) else {
        return None;
    };
    let lost = kept.labels.iter().filter(|label| !wanted.labels.contains(label)).map(|label| literal(label));
    let lost = lost.collect::<Vec<_>>().join(", ");
    (!lost.is_empty()).then(|| format!("{lost} is lost"))
}

/// The state that is wanted, on its way to one that loses nothing.
struct Keeper<'a> {
    from: &'a Catalog,
    target: Catalog,
    dependants: BTreeMap<&'a Id, Vec<&'a Id>>,
    /// What is as it was before.
    reverted: BTreeSet<Id>,
    /// Tables that no longer belong to these parents.
    alone: BTreeMap<Id, BTreeSet<Id>>,
    queue: VecDeque<Id>,
}

impl<'a> Keeper<'a> {
    fn new(from: &'a Catalog, to: &Catalog) -> Self {
        Self {
            from,
            target: to.clone(),
            dependants: from.dependants(),
            reverted: BTreeSet::new(),
            alone: BTreeMap::new(),
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
                if id.kind == Kind::Inheritance {
                    self.stand_alone(&id.beside(Kind::Table, ""));
                }
                let needing = self.needing(id);
                self.queue.extend(needing);
            }
            return;
        };
        if id.kind == Kind::Table && !self.target.entries.contains_key(id) {
            self.leave_changed_parents(id);
        }
        if self.is_cut(id) {
            return;
        }
        let needs = self.needs(id);
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
                // The tables of a type have its attributes as columns.
                let made_of_it = self.dependants.get(&id.beside(Kind::Composite, "")).into_iter().flatten();
                let tables = made_of_it.filter(|it| it.kind == Kind::Table);
                self.queue.extend(tables.map(|table| table.beside(Kind::Column, &id.part)));
                self.hand_down(id, entry);
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

    /// Gives a column that stays to the tables below that only come there.
    fn hand_down(&mut self, id: &Id, entry: &Entry) {
        let table = id.beside(Kind::Table, "");
        let children = self.target.children(&table).map(|(child, _)| child.beside(id.kind, &id.part));
        let new = children.filter(|it| self.from.get(it).is_none() && !self.target.entries.contains_key(it));
        for child in new.collect::<Vec<_>>() {
            let mut entry = entry.clone();
            if let Object::Column(column) = &mut entry.object {
                column.inherited = true;
            }
            let needs = self.needs(id);
            self.target.needs.insert(child.clone(), needs);
            self.hand_down(&child, &entry);
            self.target.entries.insert(child, entry);
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
    fn leave_changed_parents(&mut self, table: &Id) {
        let parents = self.from.parents(table).into_iter().map(|(_, it)| it.parent_id());
        let is_changed = |above: &Id| {
            let parts = |state: &Catalog| -> BTreeMap<Id, Entry> {
                let parts = state.entries.iter().filter(|(id, _)| belongs(state, id, above));
                parts.map(|(id, it)| (id.clone(), it.clone())).collect()
            };
            self.target.entries.contains_key(above) && parts(self.from) != parts(&self.target)
        };
        let changed: BTreeSet<Id> = parents.filter(is_changed).collect();
        if !changed.is_empty() {
            self.alone.entry(table.clone()).or_default().extend(changed);
        }
    }

    /// Whether an object ties a table to a parent that it does not belong to any longer.
    fn is_cut(&self, id: &Id) -> bool {
        id.kind == Kind::Inheritance
            && match (self.alone.get(&id.beside(Kind::Table, "")), self.from.get(id).map(|entry| &entry.object)) {
                (Some(parents), Some(Object::Inheritance(it))) => parents.contains(&it.parent_id()),
                _ => false,
            }
    }

    /// What an object needs as it was before, but for what is its parents' where it does not belong to them any longer.
    fn needs(&self, id: &Id) -> BTreeSet<Id> {
        let mut needs = self.from.needs.get(id).cloned().unwrap_or_default();
        let table = self.alone.iter().find(|(table, _)| belongs(self.from, id, table));
        if let Some((_, parents)) = table {
            needs.retain(|it| !parents.iter().any(|above| belongs(self.from, it, above)));
        }
        needs
    }

    /// Ends what belonged to parents, and gives the columns of primary keys that stay what those need.
    fn settle(&mut self) {
        let keys = self.target.entries.iter().filter_map(|(id, entry)| match &entry.object {
            Object::Constraint(it) if it.what == ConstraintType::Primary => Some((id, &it.columns)),
            _ => None,
        });
        let columns: Vec<Id> =
            keys.flat_map(|(id, columns)| columns.iter().map(|it| id.beside(Kind::Column, it))).collect();
        for id in columns {
            let before = self.from.column(&id, &id.part).and_then(|it| it.not_null.clone());
            if let Some(Object::Column(it)) = self.target.entries.get_mut(&id).map(|entry| &mut entry.object)
                && it.not_null.is_none()
            {
                it.not_null = before;
            }
        }
        let alone: Vec<Id> = self.alone.keys().cloned().collect();
        for table in alone {
            self.stand_alone(&table);
        }
    }

    /// What a table has of its parent becomes its own.
    fn stand_alone(&mut self, table: &Id) {
        let has_others = !self.target.parents(table).is_empty();
        let parts = self.target.entries.keys().filter(|id| belongs(&self.target, id, table));
        for id in parts.cloned().collect::<Vec<_>>() {
            match self.target.entries.get_mut(&id).map(|entry| &mut entry.object) {
                Some(Object::Column(column)) => column.inherited &= has_others,
                Some(Object::Constraint(constraint)) => {
                    constraint.of_parent = None;
                    constraint.local |= !has_others;
                }
                Some(Object::Index(index)) => index.partition_of = None,
                Some(Object::Trigger(trigger)) if trigger.of_parent.is_some() => {
                    self.target.entries.remove(&id);
                    self.target.needs.remove(&id);
                }
                _ => {}
            }
        }
    }
}

/// Whether an object is a table, or a part of it.
fn belongs(state: &Catalog, id: &Id, table: &Id) -> bool {
    match id.kind {
        Kind::Table => id == table,
        Kind::Column | Kind::Default | Kind::Constraint | Kind::Trigger => {
            (&id.schema, &id.name) == (&table.schema, &table.name)
        }
        Kind::Index => parent(state, id).as_ref() == Some(table),
        _ => false,
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
    others.map(|kind| Id::part(*kind, &id.schema, &id.name, &id.part))
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
