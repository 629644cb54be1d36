//! Which values a row takes: one tuple of each unit, so that no unique key sees the same twice.

use std::collections::{BTreeMap, BTreeSet};

use super::{Key, Table, Unit};

/// How often a row is changed before no other is looked for.
const MOST_CHANGES: usize = 2_000;

/// A row: values by column, as SQL. What is left out takes its default.
pub type Row = BTreeMap<String, String>;

/// No row is left: the unique key that has seen them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhausted {
    /// The constraint or index.
    pub key: String,
}

/// Chooses rows of a table.
pub struct Chooser<'a> {
    table: &'a Table,
    /// Columns that take another's value in the same row: a row that refers to itself.
    copies: Vec<(String, String)>,
    /// Columns of foreign keys by which each row refers to another, and not most to the first.
    spread: BTreeSet<String>,
    seen: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl<'a> Chooser<'a> {
    /// Nothing is chosen yet.
    pub fn new(table: &'a Table, copies: Vec<(String, String)>, spread: BTreeSet<String>) -> Self {
        Self { table, copies, spread, seen: BTreeMap::new() }
    }

    /// A row of units. `within` is its number in its group, `number` among all; `shifts` says how far each unit has gone on
    /// because of what was refused before, and is moved on until no unique key refuses.
    pub fn choose(
        &self,
        units: &[Unit],
        within: usize,
        number: usize,
        shifts: &mut Vec<usize>,
    ) -> Result<Row, Exhausted> {
        shifts.resize(units.len(), 0);
        let mut loose: BTreeSet<&str> = BTreeSet::new();
        for _ in 0..MOST_CHANGES {
            let row = self.row(units, within, number, shifts);
            let seen = |key: &&Key| {
                !loose.contains(key.name.as_str())
                    && self
                        .values(key, &row)
                        .is_some_and(|it| self.seen.get(&key.name).is_some_and(|seen| seen.contains(&it)))
            };
            let Some(key) = self.table.keys.iter().find(seen) else { return Ok(row) };
            if !advance(units, &key.columns, shifts) {
                if !key.is_loose {
                    return Err(Exhausted { key: key.name.clone() });
                }
                loose.insert(&key.name);
            }
        }
        Err(Exhausted { key: String::new() })
    }

    fn row(&self, units: &[Unit], within: usize, number: usize, shifts: &[usize]) -> Row {
        let mut row = Row::new();
        for (unit, shift) in units.iter().zip(shifts) {
            // Most rows belong to the first row of what they refer to: it is the tenant, or its user.
            let at = if !unit.of_group {
                number
            } else if unit.columns.iter().any(|it| self.spread.contains(it)) {
                within
            } else {
                within / 2
            };
            if let Some(tuple) = unit.tuples.get((at + shift) % unit.tuples.len().max(1)) {
                row.extend(unit.columns.iter().cloned().zip(tuple.iter().cloned()));
            }
        }
        for (to, from) in &self.copies {
            if let Some(value) = row.get(from).cloned() {
                row.insert(to.clone(), value);
            }
        }
        row
    }

    /// Keeps a row: none after it has its keys.
    pub fn keep(&mut self, row: &Row) {
        for key in &self.table.keys {
            if let Some(values) = self.values(key, row) {
                self.seen.entry(key.name.clone()).or_default().insert(values);
            }
        }
    }

    /// What a unique key sees of a row; nothing where that is never the same twice.
    fn values(&self, key: &Key, row: &Row) -> Option<Vec<String>> {
        let values: Option<Vec<String>> = key.columns.iter().map(|it| row.get(it).cloned()).collect();
        values.filter(|it| key.nulls_equal || !it.iter().any(|it| it == "null"))
    }
}

/// Moves on to the next combination of the units that have some columns; false after the last.
pub fn advance(units: &[Unit], columns: &BTreeSet<String>, shifts: &mut [usize]) -> bool {
    for (unit, shift) in units.iter().zip(shifts) {
        if unit.columns.iter().any(|it| columns.contains(it)) && unit.tuples.len() > 1 {
            *shift += 1;
            if *shift < unit.tuples.len() {
                return true;
            }
            *shift = 0;
        }
    }
    false
}
