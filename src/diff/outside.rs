//! What is left out of the comparison and depends on what a plan changes: the plan does not touch it, and its trial on a
//! shadow copy does not meet it.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates};
use super::held::needs;
use super::order::{Within, leader};
use super::step::{Step, Verb};
use crate::catalog::{Catalog, Dependant, Id, Kind};
use crate::risk::{Hazard, HazardKind};

/// How many objects are named in words.
const NAMED: usize = 8;

/// Says of each statement which objects that are left out depend on what it takes away or changes.
pub fn complete(steps: &mut [Step], from: &Catalog, fates: &Fates, within: &Within) {
    let mut found: BTreeMap<usize, Met> = BTreeMap::new();
    let children = children(from);
    for dependant in from.dependants.iter().filter(|it| !is_led(it, from, &children)) {
        let Some(place) = fates.get(&dependant.on).and_then(|fate| place(steps, dependant, fate, from, within)) else {
            continue;
        };
        let met = found.entry(place).or_default();
        if dependant.goes_with { &mut met.gone } else { &mut met.in_the_way }.insert(&dependant.id);
    }
    for (place, met) in found {
        let Some(step) = steps.get_mut(place) else { continue };
        let in_the_way: Vec<&Id> = met.in_the_way.difference(&met.gone).copied().collect();
        if !in_the_way.is_empty() {
            let (verb, named) = (if in_the_way.len() == 1 { "depends" } else { "depend" }, listed(&in_the_way));
            let text = format!("fails as long as {named}, left out of the comparison, {verb} on {}", step.id);
            step.hazards.push(Hazard::new(HazardKind::MayFail, text));
        }
        // A column or an index of a relation that is left out goes with what is named already.
        for id in &met.gone {
            let text = format!("takes {id} with it, which is left out of the comparison");
            let kind = if holds_data(id) { HazardKind::DataLoss } else { HazardKind::Untracked };
            step.hazards.push(Hazard::new(kind, text));
        }
        step.dependants = met.in_the_way.union(&met.gone).map(|id| (*id).clone()).collect();
    }
}

/// Tables that are left out, with those that they inherit from and are not.
fn children(from: &Catalog) -> BTreeMap<Id, Vec<&Id>> {
    let mut children: BTreeMap<Id, Vec<&Id>> = BTreeMap::new();
    for it in from.dependants.iter().filter(|it| it.id.kind == Kind::Table && it.on.kind == Kind::Table) {
        children.entry(it.id.clone()).or_default().push(&it.on);
    }
    children
}

/// Whether it is a column that changes with its parent's.
fn is_led(it: &Dependant, from: &Catalog, children: &BTreeMap<Id, Vec<&Id>>) -> bool {
    let parents = || children.get(&it.id.beside(Kind::Table, "")).into_iter().flatten();
    it.id.kind == Kind::Column && parents().any(|table| needs(from, &table.beside(Kind::Column, &it.id.part), &it.on))
}

/// What a statement meets.
#[derive(Default)]
struct Met<'a> {
    in_the_way: BTreeSet<&'a Id>,
    gone: BTreeSet<&'a Id>,
}

fn holds_data(id: &Id) -> bool {
    matches!(id.kind, Kind::Table | Kind::ForeignTable | Kind::MaterializedView | Kind::Sequence | Kind::Column)
}

/// The statement that meets it.
fn place(steps: &[Step], it: &Dependant, fate: &Fate, from: &Catalog, within: &Within) -> Option<usize> {
    let find = |is_it: &dyn Fn(&Step) -> bool| steps.iter().rposition(is_it);
    match fate {
        Fate::Drop | Fate::Recreate => {
            let whole = leader(&within.gone_with, &it.on);
            let is_drop = |step: &Step| step.id == *whole && step.verb == Verb::Drop;
            find(&is_drop)
        }
        Fate::Alter { disturbs, .. } => {
            // Values of a composite type are not written anew where they are stored.
            let is_stored = it.on.kind == Kind::Composite && matches!(it.id.kind, Kind::Column | Kind::Table);
            if it.goes_with || !disturbs.contains(&it.id.kind) && !is_stored {
                return None;
            }
            // A column changes with that of the same name which it inherits from.
            let above = from.ancestors(&it.on);
            let is_change = |step: &Step| {
                let is_it = step.id == it.on || above.contains(&step.id);
                is_it && [" type ", " set expression ", " alter attribute "].iter().any(|word| step.sql.contains(word))
            };
            find(&is_change)
        }
        Fate::Create => None,
    }
}

/// The first of many, and how many more there are.
fn listed(ids: &[&Id]) -> String {
    let named = ids.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
