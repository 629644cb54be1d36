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
        let mut begun: BTreeSet<&str> = BTreeSet::new();
        for _ in 0..MOST_CHANGES {
            let row = self.row(units, within, number, shifts);
            let seen = |key: &&Key| !loose.contains(key.name.as_str()) && self.has_seen(key, &row);
            let Some(key) = self.table.keys.iter().find(seen) else { return Ok(row) };
            // The shifts may have begun anywhere: after the last combination come those from the first on, once.
            if !advance(units, &key.columns, shifts) && !begun.insert(&key.name) {
                // What is for some rows only may be for none of these: the server knows.
                let before = loose.len();
                loose.extend(self.table.keys.iter().filter(|it| it.is_loose).map(|it| it.name.as_str()));
                if loose.len() == before {
                    return Err(Exhausted { key: key.name.clone() });
                }
                begun.clear();
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
        self.copy(&mut row);
        row
    }

    fn copy(&self, row: &mut Row) {
        for (to, from) in &self.copies {
            if let Some(value) = row.get(from).cloned() {
                row.insert(to.clone(), value);
            }
        }
    }

    fn has_seen(&self, key: &Key, row: &Row) -> bool {
        values(key, row).is_some_and(|it| self.seen.get(&key.name).is_some_and(|seen| seen.contains(&it)))
    }

    /// A row that takes another's values, one unit after the other, as far as no unique key refuses. Of the columns of a key
    /// the last stay its own, or the first where it goes `backwards`.
    pub fn alike(&self, units: &[Unit], mut row: Row, other: &Row, backwards: bool) -> Row {
        let is_made_up = |name: &String| self.table.column(name).is_none_or(|it| !it.numbers_itself());
        let mut order: Vec<&Unit> = units.iter().filter(|it| it.columns.iter().all(is_made_up)).collect();
        if backwards {
            order.reverse();
        }
        for unit in order {
            let mut tried = row.clone();
            for name in &unit.columns {
                tried.extend(other.get(name).map(|value| (name.clone(), value.clone())));
            }
            self.copy(&mut tried);
            if !self.table.keys.iter().any(|key| self.has_seen(key, &tried)) {
                row = tried;
            }
        }
        row
    }

    /// Keeps a row: none after it has its keys.
    pub fn keep(&mut self, row: &Row) {
        for key in &self.table.keys {
            if let Some(values) = values(key, row) {
                self.seen.entry(key.name.clone()).or_default().insert(values);
            }
        }
    }
}

/// What a unique key sees of a row; nothing where that is never the same twice.
fn values(key: &Key, row: &Row) -> Option<Vec<String>> {
    let values: Option<Vec<String>> = key.columns.iter().map(|it| row.get(it).cloned()).collect();
    values.filter(|it| key.nulls_equal || !it.iter().any(|it| it == "null"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Id, Kind};

    fn unit(column: &str, values: &[&str]) -> Unit {
        let tuples = values.iter().map(|it| vec![(*it).to_owned()]).collect();
        Unit { columns: vec![column.to_owned()], tuples, of_group: false, is_free: true }
    }

    fn table(keys: &[&[&str]]) -> Table {
        let mut table = Table::empty(Id::new(Kind::Table, "public", "t"));
        table.keys = keys
            .iter()
            .map(|columns| Key {
                name: columns.join("_"),
                columns: columns.iter().map(|it| (*it).to_owned()).collect(),
                predicate: BTreeSet::new(),
                is_loose: false,
                nulls_equal: false,
            })
            .collect();
        table
    }

    /// Rows until none is left.
    fn rows(table: &Table, units: &[Unit]) -> (Vec<Row>, String) {
        let mut chooser = Chooser::new(table, Vec::new(), BTreeSet::new());
        let mut rows = Vec::new();
        loop {
            match chooser.choose(units, 0, rows.len(), &mut Vec::new()) {
                Ok(row) if rows.len() < 20 => {
                    chooser.keep(&row);
                    rows.push(row);
                }
                Ok(_) => return (rows, String::new()),
                Err(exhausted) => return (rows, exhausted.key),
            }
        }
    }

    #[test]
    fn a_key_of_many_columns_sees_every_combination() {
        let units = [unit("a", &["1", "2"]), unit("b", &["x", "y", "z"])];
        let (found, key) = rows(&table(&[&["a", "b"]]), &units);
        assert_eq!((found.len(), key.as_str()), (6, "a_b"));
    }

    #[test]
    fn nulls_are_never_the_same_twice() {
        let units = [unit("a", &["null"]), unit("b", &["x"])];
        assert_eq!(rows(&table(&[&["a", "b"]]), &units).0.len(), 20);
        let mut table = table(&[&["a", "b"]]);
        table.keys[0].nulls_equal = true;
        assert_eq!(rows(&table, &units).0.len(), 1);
    }

    #[test]
    fn what_may_be_for_other_rows_gives_way() {
        let mut table = table(&[&["a", "b"], &["a"]]);
        table.keys[1].is_loose = true;
        let units = [unit("a", &["1"]), unit("b", &["x", "y", "z"])];
        assert_eq!(rows(&table, &units).0.len(), 3);
    }

    #[test]
    fn rows_are_alike_but_for_what_keys_tell_apart() {
        let table = table(&[&["id"], &["a", "b"]]);
        let units = ["id", "a", "b", "c"].map(|name| unit(name, &["1", "2", "3"]));
        let mut chooser = Chooser::new(&table, Vec::new(), BTreeSet::new());
        let mut rows: Vec<Row> = Vec::new();
        for number in 0..3 {
            let row = chooser.choose(&units, 0, number, &mut Vec::new()).unwrap();
            let row = rows.first().map_or(row.clone(), |first| chooser.alike(&units, row, first, number == 2));
            chooser.keep(&row);
            rows.push(row);
        }
        let texts: Vec<String> = rows.iter().map(|row| row.values().cloned().collect()).collect();
        // a, b, c, id
        assert_eq!(texts, ["1111", "1212", "3113"]);
    }

    #[test]
    fn a_search_that_begins_late_goes_round() {
        let table = table(&[&["a"]]);
        let units = [unit("a", &["1", "2", "3"])];
        let mut chooser = Chooser::new(&table, Vec::new(), BTreeSet::new());
        for value in ["2", "3"] {
            chooser.keep(&[("a".to_owned(), value.to_owned())].into());
        }
        let row = chooser.choose(&units, 0, 0, &mut vec![2]).unwrap();
        assert_eq!(row["a"], "1");
    }
}
