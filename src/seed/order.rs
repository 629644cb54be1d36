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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Kind;
    use crate::seed::{Column, ForeignKey, Shape};

    fn id(name: &str) -> Id {
        Id::new(Kind::Table, "public", name)
    }

    /// A table with a column for each table that it refers to: `b?` may be null, `c!` is deferrable.
    fn table(name: &str, refers: &[&str]) -> (Id, Table) {
        let name_of = |it: &str| it.trim_end_matches(['?', '!']).to_owned();
        let column = |it: &&str| Column {
            name: name_of(it),
            position: 1,
            data_type: "integer".to_owned(),
            base: "integer".to_owned(),
            shape: Shape::Integer(9),
            not_null: !it.ends_with('?'),
            default: None,
            sequence: None,
            generated: None,
        };
        let foreign = refers.iter().map(|it| ForeignKey {
            name: format!("{name}_{}", name_of(it)),
            columns: vec![name_of(it)],
            to: id(&name_of(it)),
            references: vec!["id".to_owned()],
            is_full: false,
            deferrable: it.ends_with('!'),
        });
        let mut table = Table::empty(id(name));
        table.foreign = foreign.collect();
        table.columns = refers.iter().map(column).collect();
        (id(name), table)
    }

    fn names(turns: &[Turn]) -> Vec<String> {
        let text = |turn: &Turn| {
            let postponed: Vec<&str> = turn.postponed.iter().map(String::as_str).collect();
            format!("{} {}", turn.table.name, postponed.join(" ")).trim().to_owned()
        };
        turns.iter().map(text).collect()
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let tables = [table("a", &["b", "c?"]), table("b", &["c"]), table("c", &["c"])].into();
        assert_eq!(names(&order(&tables)), ["c", "b", "a"]);
    }

    #[test]
    fn a_circle_is_opened_where_null_is_allowed_and_nowhere_else() {
        let tables = [table("a", &["b"]), table("b", &["c"]), table("c", &["b?"]), table("d", &["a?"])].into();
        assert_eq!(names(&order(&tables)), ["c c_b", "b", "a", "d"]);
        let tables = [table("a", &["b"]), table("b", &["a!"])].into();
        assert_eq!(names(&order(&tables)), ["b b_a", "a"]);
    }
}
