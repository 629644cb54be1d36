//! The order in which tables are filled: what is referred to comes first, and circles are opened where that is allowed.

use std::collections::{BTreeMap, BTreeSet};

use super::Table;
use crate::catalog::Id;

/// A table's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The table.
    pub table: Id,
    /// The foreign keys, by name, whose values come when the tables they refer to are filled.
    pub postponed: BTreeSet<String>,
}

/// How hard it is to fill a table before one that it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    /// The columns can be null at first.
    Optional,
    /// The constraint can be deferred.
    Deferrable,
    /// Not at all.
    Firm,
}

/// Puts tables in order.
pub fn order(tables: &BTreeMap<Id, Table>) -> Vec<Turn> {
    let mut bonds: BTreeMap<&Id, Vec<(&Id, &str, Bond)>> = BTreeMap::new();
    for (id, table) in tables {
        let bonds = bonds.entry(id).or_default();
        for key in table.foreign.iter().filter(|it| it.to != *id && tables.contains_key(&it.to)) {
            let bond = match (table.is_optional(key), key.deferrable) {
                (true, _) => Bond::Optional,
                (false, true) => Bond::Deferrable,
                (false, false) => Bond::Firm,
            };
            bonds.push((&key.to, &key.name, bond));
        }
    }
    let mut left: BTreeSet<&Id> = tables.keys().collect();
    let mut turns = Vec::new();
    while !left.is_empty() {
        let waits = |id: &Id| bonds[id].iter().filter(|(to, _, _)| left.contains(to)).collect::<Vec<_>>();
        let free: Vec<&Id> = left.iter().copied().filter(|id| waits(id).is_empty()).collect();
        if !free.is_empty() {
            for id in free {
                left.remove(id);
                turns.push(Turn { table: id.clone(), postponed: BTreeSet::new() });
            }
            continue;
        }
        // Of those that wait, only tables of a circle from which no other circle is reached may go first.
        let reach: BTreeMap<&Id, usize> = left.iter().map(|id| (*id, reach(id, &bonds, &left))).collect();
        let least = reach.values().copied().min().unwrap_or_default();
        let circle = left.iter().copied().filter(|id| reach[id] == least);
        let next = circle.min_by_key(|id| {
            let waits = waits(id);
            let hardest = waits.iter().map(|(_, _, bond)| *bond).max();
            (hardest, waits.len())
        });
        let Some(next) = next else { break };
        let postponed = waits(next).into_iter().map(|(_, name, _)| (*name).to_owned()).collect();
        left.remove(next);
        turns.push(Turn { table: next.clone(), postponed });
    }
    turns
}

/// How many tables are reached from one by its foreign keys.
fn reach(from: &Id, bonds: &BTreeMap<&Id, Vec<(&Id, &str, Bond)>>, left: &BTreeSet<&Id>) -> usize {
    let mut seen: BTreeSet<&Id> = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        for (to, _, _) in bonds.get(id).into_iter().flatten() {
            if left.contains(to) && seen.insert(to) {
                open.push(to);
            }
        }
    }
    seen.len()
}
