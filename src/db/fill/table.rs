//! One table: what its columns may take in each group, and the rows out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::insert::{Planned, no_more};
use super::{Error, Filler, literal, shown};
use crate::catalog::Catalog;
use crate::seed::{Check, Chooser, Column, ForeignKey, Group, Row, Shape, Table, Turn, Unit, Units, combinations};
use crate::text::{quote_ident, quote_literal};

/// How many partitions are looked at.
const MOST_PARTITIONS: usize = 60;
/// How many combinations are asked about one by one, where the server cannot answer for all at once.
const MOST_SINGLE: usize = 60;
/// From how many rows a group on the last one is odd.
const ROWS_WITH_ODD: usize = 3;
/// From how many rows a group on the two before the odd one are like the first.
const ROWS_ALIKE: usize = 5;

/// What units are made of, but for the rows that foreign keys may refer to.
struct Outline<'a> {
    table: &'a Table,
    postponed: Vec<&'a ForeignKey>,
    /// Foreign keys to other tables, whose rows are there.
    foreign: Vec<&'a ForeignKey>,
    /// Columns that are null.
    nulls: BTreeSet<String>,
    /// Columns that take the value of another: those that refer to the row itself.
    copies: Vec<(String, String)>,
    checks: Vec<&'a Check>,
    count: usize,
    start: u64,
}

/// How a row is like the first.
enum Like {
    /// Null where that is allowed, else equal.
    Odd,
    /// Equal wherever that is allowed.
    Equal { backwards: bool },
}

impl Filler<'_> {
    /// Fills a table; gives why that cannot be done, or not wholly.
    pub(super) async fn table(&mut self, turn: &Turn) -> Result<Option<String>, Error> {
        let Some(table) = self.tables.get(&turn.table) else { return Ok(None) };
        self.adopt(table).await?;
        let partitions = match self.partitions(table).await? {
            Ok(check) => check,
            Err(why) => return Ok(Some(why)),
        };
        let outline = self.outline(table, turn, partitions.as_ref());
        for key in outline.postponed.iter().filter(|it| it.deferrable && !table.is_optional(it)) {
            let name = format!("{}.{}", quote_ident(&table.id.schema), quote_ident(&key.name));
            self.guarded(&format!("set constraints {name} deferred")).await?.ok();
        }
        let mut asked: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        let mut units = Vec::new();
        let mut why = None;
        for group in 0..self.wanted.groups {
            match self.units(&outline, group, &mut asked).await? {
                Ok(it) => units.push(Some(it)),
                Err(reason) => {
                    why = why.or(Some(reason));
                    units.push(None);
                }
            }
        }
        let there = self.made.remove(&table.id).unwrap_or_default();
        let keys = outline.foreign.iter().filter(|it| self.spread.contains(&it.to));
        let spread: BTreeSet<String> = keys.flat_map(|it| it.columns.iter().cloned()).collect();
        let mut chooser = Chooser::new(table, outline.copies.clone(), spread.clone());
        let mut planned = Vec::new();
        let mut missing = None;
        let mut firsts: BTreeMap<usize, Row> = BTreeMap::new();
        let mut over: BTreeSet<usize> = BTreeSet::new();
        // Group by group for each number, so that few values go to all groups.
        for within in 0..self.wanted.rows {
            for (group, units) in units.iter().enumerate() {
                let have = there.iter().filter(|it| it.group == group).count();
                let (rows, has_odd) = self.rows(table);
                let Some(units) = units else { continue };
                if within < have || within >= rows || over.contains(&group) {
                    continue;
                }
                let number = within * self.wanted.groups + group;
                match chooser.choose(units, within, number, &mut Vec::new()) {
                    Ok(row) => {
                        let like = if has_odd { self.like(table, rows - within) } else { None };
                        let first = firsts.get(&group).zip(like);
                        let is_odd = first.is_some();
                        let row = match first {
                            None => row,
                            Some((first, Like::Odd)) => self.odd(&outline, units, row, first),
                            Some((first, Like::Equal { backwards })) => chooser.alike(units, row, first, backwards),
                        };
                        chooser.keep(&row);
                        firsts.entry(group).or_insert_with(|| row.clone());
                        planned.push(Planned { group, within, number, is_odd, row });
                    }
                    Err(exhausted) => {
                        missing = Some(no_more(&exhausted.key));
                        over.insert(group);
                    }
                }
            }
        }
        let mut made = there;
        let had = made.len();
        if let Some(rows) = self.at_once(table, &planned).await? {
            made.extend(rows);
        } else {
            let chooser = Chooser::new(table, outline.copies.clone(), spread.clone());
            let refused = self.one_by_one(table, &planned, &units, chooser, &mut made).await?;
            // Rows that a trigger made are rows, even if no others can be.
            if had == 0 || made.len() > had {
                why = why.or(refused);
            }
        }
        self.made.insert(table.id.clone(), made);
        Ok(why.or(missing))
    }

    /// How many rows a group has, and whether the last is odd.
    fn rows(&self, table: &Table) -> (usize, bool) {
        let is_given = |name: &String| self.fixed.contains_key(&(&table.id, name.as_str()));
        let once = table.keys.iter().any(|it| !it.is_loose && it.columns.iter().all(is_given));
        if once { (self.wanted.rows.min(1), false) } else { (self.wanted.rows, self.wanted.rows >= ROWS_WITH_ODD) }
    }

    /// In what a row is like the first, by how many are to come with it.
    fn like(&self, table: &Table, left: usize) -> Option<Like> {
        // What a check at the end refuses may be just that.
        let alike = self.wanted.alike && self.wanted.rows >= ROWS_ALIKE && !self.spread.contains(&table.id);
        match left {
            1 => Some(Like::Odd),
            2 | 3 if alike => Some(Like::Equal { backwards: left == 2 }),
            _ => None,
        }
    }

    /// A row that has nulls and values that are there already wherever that is allowed.
    fn odd(&self, outline: &Outline<'_>, units: &[Unit], mut row: Row, first: &Row) -> Row {
        let table = outline.table;
        for column in &table.columns {
            let is_free = units.iter().any(|it| it.is_free && it.columns == [column.name.clone()]);
            let is_given = self.fixed.contains_key(&(&table.id, column.name.as_str()));
            let is_key =
                table.keys.iter().any(|it| it.columns.contains(&column.name) || it.predicate.contains(&column.name));
            if !is_free
                || is_given
                || self.is_referred(table, &column.name)
                || outline.copies.iter().any(|(_, from)| *from == column.name)
            {
                continue;
            }
            if !column.not_null {
                row.insert(column.name.clone(), "null".to_owned());
            } else if !is_key
                && !column.numbers_itself()
                && let Some(value) = first.get(&column.name)
            {
                row.insert(column.name.clone(), value.clone());
            }
        }
        for key in outline.foreign.iter().filter(|it| outline.table.is_optional(it)) {
            let of_unit = units.iter().find(|it| it.of_group && it.columns == key.columns);
            let is_given = key.columns.iter().any(|it| self.fixed.contains_key(&(&table.id, it.as_str())));
            let is_checked = outline.checks.iter().any(|it| key.columns.iter().any(|name| it.columns.contains(name)));
            if of_unit.is_some() && !is_given && !is_checked {
                for name in table.waiting(key) {
                    row.insert(name, "null".to_owned());
                }
            }
        }
        row
    }

    /// Whether a foreign key refers to a column.
    fn is_referred(&self, table: &Table, column: &str) -> bool {
        let mut keys = self.tables.values().flat_map(|it| &it.foreign);
        keys.any(|it| it.to == table.id && it.references.iter().any(|it| it == column))
    }

    /// What partitions take together, as a check; why no row fits where there are none.
    async fn partitions(&self, table: &Table) -> Result<Result<Option<Check>, String>, Error> {
        if !table.partitioned {
            return Ok(Ok(None));
        }
        let sql = format!(
            "select pg_catalog.pg_get_partition_constraintdef(relid) \
             from pg_catalog.pg_partition_tree({}::regclass) where isleaf and parentrelid is not null \
             order by relid limit {MOST_PARTITIONS}",
            quote_literal(&table.sql())
        );
        let leaves = self.session.rows(&sql).await?;
        if leaves.is_empty() {
            return Ok(Err("it has no partition".to_owned()));
        }
        let bounds: Option<Vec<String>> = leaves.iter().map(|it| Some(format!("({})", it.get(0)?))).collect();
        // Where a partition takes all, there is nothing to keep.
        let Some(bounds) = bounds else { return Ok(Ok(None)) };
        let expression = bounds.join(" or ");
        let columns = table.mentioned(&expression);
        Ok(Ok(Some(Check::new(&Catalog::default(), "partitions", &expression, columns))))
    }

    fn outline<'t>(&self, table: &'t Table, turn: &Turn, partitions: Option<&'t Check>) -> Outline<'t> {
        let mut outline = Outline {
            table,
            postponed: Vec::new(),
            foreign: Vec::new(),
            nulls: BTreeSet::new(),
            copies: Vec::new(),
            checks: table.checks.iter().chain(partitions).collect(),
            count: self.wanted.groups * self.wanted.rows + 8,
            start: self.before.get(&table.id).copied().unwrap_or_default(),
        };
        for key in &table.foreign {
            if key.to == table.id {
                if table.is_optional(key) {
                    outline.nulls.extend(table.waiting(key));
                } else {
                    let pairs = key.columns.iter().cloned().zip(key.references.iter().cloned());
                    outline.copies.extend(pairs.filter(|(to, from)| to != from));
                }
            } else if turn.postponed.contains(&key.name) {
                outline.postponed.push(key);
                if table.is_optional(key) {
                    outline.nulls.extend(table.waiting(key));
                }
            } else {
                outline.foreign.push(key);
            }
        }
        outline
    }

    /// The units of a group, or why it can have no rows.
    async fn units(
        &self,
        outline: &Outline<'_>,
        group: usize,
        asked: &mut BTreeMap<String, Vec<Vec<String>>>,
    ) -> Result<Result<Vec<Unit>, String>, Error> {
        let table = outline.table;
        let mut nulls = outline.nulls.clone();
        let mut groups = Vec::new();
        for key in &outline.foreign {
            let tuples = self.parents(key, group).await?;
            if !tuples.is_empty() {
                groups.push(Group { key, tuples });
            } else if table.is_optional(key) {
                nulls.extend(table.waiting(key));
            } else {
                let to = key.to.qualified();
                return Ok(Err(format!("`{to}`, which foreign key {} refers to, has no rows", shown(&key.name))));
            }
        }
        let mut units = loop {
            match Units::of_foreign(table, &groups) {
                Ok(units) => break units,
                Err(name) => {
                    // Of keys that agree in no row, one that may be null is left so.
                    let optional = groups.iter().rposition(|it| table.is_optional(it.key));
                    let Some(at) = optional else {
                        return Ok(Err(format!(
                            "foreign key {} finds no row that its others refer to too",
                            shown(&name)
                        )));
                    };
                    let key = groups.remove(at).key;
                    nulls.extend(table.waiting(key));
                }
            }
        };
        self.settle(outline, group, &nulls, &mut units);
        let covered: BTreeSet<String> = units.0.iter().flat_map(|it| it.columns.iter().cloned()).collect();
        let columns: Vec<&Column> =
            table.columns.iter().filter(|it| !covered.contains(&it.name) && is_given(outline, it)).collect();
        units.complete(table, &columns, &outline.checks, outline.start, outline.count);
        self.agree(outline, units, asked).await.map(Ok)
    }

    /// Puts given values and nulls in their units.
    fn settle(&self, outline: &Outline<'_>, group: usize, nulls: &BTreeSet<String>, units: &mut Units) {
        let table = outline.table;
        for column in &table.columns {
            let given = self.fixed.get(&(&table.id, column.name.as_str())).and_then(|it| it.get(group)).cloned();
            let is_null = nulls.contains(&column.name);
            let Some(value) = given.or_else(|| is_null.then(|| "null".to_owned())) else { continue };
            let mut is_covered = false;
            for unit in &mut units.0 {
                let Some(at) = unit.columns.iter().position(|it| *it == column.name) else { continue };
                is_covered = true;
                if is_null {
                    continue;
                }
                let (mut fitting, mut other): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut unit.tuples).into_iter().partition(|it: &Vec<String>| it[at] == value);
                if fitting.is_empty() {
                    other.truncate(1);
                    for tuple in &mut other {
                        tuple[at].clone_from(&value);
                    }
                    fitting = other;
                }
                unit.tuples = fitting;
            }
            if !is_covered {
                let columns = vec![column.name.clone()];
                units.0.push(Unit { columns, tuples: vec![vec![value]], of_group: true, is_free: false });
            }
        }
    }

    /// Asks the server which values of the units that checks speak of go together.
    async fn agree(
        &self,
        outline: &Outline<'_>,
        units: Units,
        asked: &mut BTreeMap<String, Vec<Vec<String>>>,
    ) -> Result<Vec<Unit>, Error> {
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut found = Vec::new();
        for (members, checks) in units.components(&outline.checks) {
            let parts: Vec<&Unit> = members.iter().map(|at| &units.0[*at]).collect();
            let (sql, columns) = combinations(outline.table, &parts, &checks);
            let tuples = if let Some(tuples) = asked.get(&sql) {
                tuples.clone()
            } else {
                let tuples = self.ask(outline.table, &sql, &parts, &checks, columns.len()).await?;
                asked.insert(sql, tuples.clone());
                tuples
            };
            if !tuples.is_empty() {
                taken.extend(&members);
                let of_group = parts.iter().any(|it| it.of_group);
                found.push(Unit { columns, tuples, of_group, is_free: false });
            }
        }
        found.extend(units.0.into_iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, unit)| unit));
        Ok(found)
    }

    async fn ask(
        &self,
        table: &Table,
        sql: &str,
        parts: &[&Unit],
        checks: &[&Check],
        width: usize,
    ) -> Result<Vec<Vec<String>>, Error> {
        let read = |rows: Vec<tokio_postgres::SimpleQueryRow>| -> Vec<Vec<String>> {
            rows.iter().map(|row| (0..width).map(|at| literal(row.get(at))).collect()).collect()
        };
        if let Ok(rows) = self.guarded(sql).await? {
            return Ok(read(rows));
        }
        // Some value makes a check fail altogether: each combination by itself.
        let longest = parts.iter().map(|it| it.tuples.len()).max().unwrap_or_default();
        let mut found = Vec::new();
        for at in 0..longest.min(MOST_SINGLE) {
            let single: Vec<Unit> = parts
                .iter()
                .map(|it| {
                    let tuple = it.tuples.get(at % it.tuples.len().max(1)).cloned();
                    Unit { tuples: tuple.into_iter().collect(), ..(*it).clone() }
                })
                .collect();
            let single: Vec<&Unit> = single.iter().collect();
            if let Ok(rows) = self.guarded(&combinations(table, &single, checks).0).await? {
                found.extend(read(rows));
            }
        }
        Ok(found)
    }
}

/// Whether a column gets a value of ours: what numbers or computes itself does not, unless others depend on it.
fn is_given(outline: &Outline<'_>, column: &Column) -> bool {
    let is_copied_to = outline.copies.iter().any(|(to, _)| *to == column.name);
    if column.generated.is_some() || is_copied_to || matches!(column.shape, Shape::Unknown) {
        return false;
    }
    if column.sequence.is_none() {
        return true;
    }
    let is_checked = |check: &&&Check| check.columns.contains(&column.name) && check.columns.len() > 1;
    outline.copies.iter().any(|(_, from)| *from == column.name) || outline.checks.iter().any(|it| is_checked(&it))
}
