//! Columns whose values go together: those of foreign keys, and those that a check speaks of at once.

use std::collections::{BTreeMap, BTreeSet};

use super::candidate::Maker;
use super::value::mark;
use super::{Check, Column, ForeignKey, Place, Table};
use crate::text::quote_ident;

/// How many combinations the server is asked about at once.
const MOST_ASKED: usize = 30_000;
/// How many it answers.
const MOST_ANSWERED: usize = 600;
/// How many ways there are to put foreign keys that share columns together.
const MOST_JOINED: usize = 300;

/// Columns, and the values that they may take together, as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The columns.
    pub columns: Vec<String>,
    /// Their values, the preferred first.
    pub tuples: Vec<Vec<String>>,
    /// Whether they are a group's own.
    pub of_group: bool,
    /// Whether nothing but its type speaks of it.
    pub is_free: bool,
}

/// The values that a foreign key may take: tuples in the order of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// The foreign key.
    pub key: &'a ForeignKey,
    /// The keys of the rows that it may refer to.
    pub tuples: Vec<Vec<String>>,
}

/// The units of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units(pub Vec<Unit>);

impl Units {
    /// The units of foreign keys: those that share columns are one. Fails with the key that leaves nothing.
    pub fn of_foreign(table: &Table, groups: &[Group<'_>]) -> Result<Self, String> {
        let mut units: Vec<Unit> = Vec::new();
        for group in groups {
            let columns: BTreeSet<&String> = group.key.columns.iter().collect();
            let (shared, rest): (Vec<Unit>, Vec<Unit>) =
                units.into_iter().partition(|unit| unit.columns.iter().any(|it| columns.contains(it)));
            let joined = shared.iter().try_fold(own(group), |left, right| join(&left, right));
            units = rest;
            match joined {
                Some(unit) if !unit.tuples.is_empty() => units.push(unit),
                _ => return Err(group.key.name.clone()),
            }
        }
        for group in groups.iter().filter(|it| table.is_optional(it.key)) {
            // A check may want it to be null.
            let is_checked = |it: &Check| group.key.columns.iter().any(|name| it.columns.contains(name));
            let unit = units.iter_mut().find(|unit| unit.columns.iter().any(|it| group.key.columns.contains(it)));
            if let Some(unit) = unit.filter(|_| table.checks.iter().any(is_checked)) {
                unit.leave(&table.waiting(group.key));
            }
        }
        Ok(Self(units))
    }

    /// Adds units of the columns that have none, with values of their own.
    pub fn complete(&mut self, table: &Table, columns: &[&Column], checks: &[&Check], start: u64, count: usize) {
        for column in columns {
            let mut hints = Vec::new();
            let mut is_free = true;
            for check in checks.iter().filter(|it| it.columns.contains(&column.name)) {
                is_free = false;
                for hint in check.hints.get(&column.name).into_iter().flatten() {
                    if !hints.contains(hint) {
                        hints.push(hint.clone());
                    }
                }
            }
            let mark = mark(&format!("{}.{}", table.id.qualified(), column.name));
            let place = Place { table: &table.id.name, column: &column.name, position: column.position, mark };
            let maker = Maker { column, place, start, count };
            let values = if is_free { maker.plain() } else { maker.hinted(&hints) };
            let columns = vec![column.name.clone()];
            let tuples: Vec<Vec<String>> = values.into_iter().map(|it| vec![it]).collect();
            if !tuples.is_empty() {
                self.0.push(Unit { columns, tuples, of_group: false, is_free });
            }
        }
    }

    /// Puts units that checks speak of at once together: the numbers of the units, and the checks.
    pub fn components<'a>(&self, checks: &[&'a Check]) -> Vec<(Vec<usize>, Vec<&'a Check>)> {
        let mut components: Vec<(Vec<usize>, Vec<&Check>)> = Vec::new();
        for check in checks {
            let touched =
                (0..self.0.len()).filter(|at| self.0[*at].columns.iter().any(|it| check.columns.contains(it)));
            let mut members: BTreeSet<usize> = touched.collect();
            let mut with = vec![*check];
            if members.is_empty() {
                continue;
            }
            let (near, far): (Vec<_>, Vec<_>) =
                components.into_iter().partition(|(it, _)| it.iter().any(|at| members.contains(at)));
            components = far;
            for (units, checks) in near {
                members.extend(units);
                with.splice(0..0, checks);
            }
            components.push((members.into_iter().collect(), with));
        }
        components
    }
}

impl Unit {
    /// Adds its tuples with nulls in some columns, behind the others.
    fn leave(&mut self, columns: &[String]) {
        let at: Vec<usize> = (0..self.columns.len()).filter(|at| columns.contains(&self.columns[*at])).collect();
        let mut seen: BTreeSet<Vec<String>> = self.tuples.iter().cloned().collect();
        for mut tuple in self.tuples.clone() {
            for at in &at {
                "null".clone_into(&mut tuple[*at]);
            }
            if seen.insert(tuple.clone()) {
                self.tuples.push(tuple);
            }
        }
    }
}

fn own(group: &Group<'_>) -> Unit {
    Unit { columns: group.key.columns.clone(), tuples: group.tuples.clone(), of_group: true, is_free: false }
}

/// Two units that share columns: the tuples that agree in them.
fn join(left: &Unit, right: &Unit) -> Option<Unit> {
    let shared: Vec<(usize, usize)> = left
        .columns
        .iter()
        .enumerate()
        .filter_map(|(at, name)| Some((at, right.columns.iter().position(|it| it == name)?)))
        .collect();
    let added: Vec<usize> = (0..right.columns.len()).filter(|at| shared.iter().all(|(_, it)| it != at)).collect();
    let mut columns = left.columns.clone();
    columns.extend(added.iter().map(|at| right.columns[*at].clone()));
    let mut tuples = Vec::new();
    for one in &left.tuples {
        for other in &right.tuples {
            if tuples.len() < MOST_JOINED && shared.iter().all(|(here, there)| one[*here] == other[*there]) {
                let mut tuple = one.clone();
                tuple.extend(added.iter().map(|at| other[*at].clone()));
                tuples.push(tuple);
            }
        }
    }
    (!tuples.is_empty()).then_some(Unit { columns, tuples, of_group: true, is_free: false })
}

/// The query that asks which values of units go together under checks, and the columns of its answer.
pub fn combinations(table: &Table, units: &[&Unit], checks: &[&Check]) -> (String, Vec<String>) {
    let power = u32::try_from(units.len().max(1)).unwrap_or(u32::MAX);
    let most = (2..MOST_ASKED).take_while(|it: &usize| it.saturating_pow(power) <= MOST_ASKED).last().unwrap_or(2);
    let columns: Vec<String> = units.iter().flat_map(|it| it.columns.iter().cloned()).collect();
    let mut from = Vec::new();
    let mut ordinals = Vec::new();
    let mut nulls = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        let casts: Vec<&str> =
            unit.columns.iter().map(|it| table.column(it).map_or("text", |it| it.base.as_str())).collect();
        let rows: Vec<String> = unit
            .tuples
            .iter()
            .take(most)
            .enumerate()
            .map(|(at, tuple)| {
                let values: Vec<String> =
                    tuple.iter().zip(&casts).map(|(it, cast)| format!("({it})::{cast}")).collect();
                format!("({at}, {})", values.join(", "))
            })
            .collect();
        let names: Vec<String> = unit.columns.iter().map(|it| quote_ident(it)).collect();
        from.push(format!("(values {}) as dbctl_u{number} (dbctl_o{number}, {})", rows.join(", "), names.join(", ")));
        ordinals.push(format!("dbctl_o{number}"));
        nulls.extend(names.iter().map(|it| format!("({it} is null)::int")));
    }
    for (number, (column, expression)) in generated(table, &columns, checks).into_iter().enumerate() {
        from.push(format!("lateral (select ({expression}) as {}) as dbctl_g{number}", quote_ident(&column)));
    }
    let list =
        |names: &[String]| names.iter().map(|it| format!("{}::text", quote_ident(it))).collect::<Vec<_>>().join(", ");
    let filter: Vec<String> = checks.iter().map(|it| format!("({}) is not false", it.expression)).collect();
    let all = ordinals.join(", ");
    let sql = format!(
        "select {} from {} where {} order by {}, greatest({all}) - least({all}), {} limit {MOST_ANSWERED}",
        list(&columns),
        from.join(", "),
        filter.join(" and "),
        nulls.join(" + "),
        ordinals.join(" + "),
    );
    (sql, columns)
}

/// The generated columns that checks name, with what they are computed from.
fn generated(table: &Table, columns: &[String], checks: &[&Check]) -> Vec<(String, String)> {
    let named: BTreeSet<String> = checks.iter().flat_map(|it| table.mentioned(&it.expression)).collect();
    let mut found = BTreeMap::new();
    for column in table.columns.iter().filter(|it| named.contains(&it.name) && !columns.contains(&it.name)) {
        if let Some(expression) = &column.generated {
            found.insert(column.name.clone(), expression.clone());
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Id, Kind};
    use crate::seed::Shape;

    fn column(name: &str, not_null: bool) -> Column {
        Column {
            name: name.to_owned(),
            position: 1,
            data_type: "integer".to_owned(),
            base: "integer".to_owned(),
            shape: Shape::Integer(i64::MAX),
            not_null,
            default: None,
            sequence: None,
            generated: None,
        }
    }

    fn key(name: &str, columns: &[&str]) -> ForeignKey {
        ForeignKey {
            name: name.to_owned(),
            columns: columns.iter().map(|it| (*it).to_owned()).collect(),
            to: Id::new(Kind::Table, "public", "p"),
            references: columns.iter().map(|it| (*it).to_owned()).collect(),
            is_full: false,
            deferrable: false,
        }
    }

    fn tuples(values: &[&[&str]]) -> Vec<Vec<String>> {
        values.iter().map(|it| it.iter().map(|it| (*it).to_owned()).collect()).collect()
    }

    #[test]
    fn foreign_keys_that_share_a_column_agree_in_it() {
        let mut table = Table::empty(Id::new(Kind::Table, "public", "t"));
        table.columns = vec![column("tenant", true), column("a", true), column("b", false)];
        let (a, b) = (key("a", &["tenant", "a"]), key("b", &["tenant", "b"]));
        table.foreign = vec![a.clone(), b.clone()];
        let groups = |of_b: &[&[&str]]| {
            [Group { key: &a, tuples: tuples(&[&["1", "10"], &["2", "20"]]) }, Group { key: &b, tuples: tuples(of_b) }]
        };
        let units = Units::of_foreign(&table, &groups(&[&["2", "7"], &["3", "8"]])).unwrap();
        assert_eq!(units.0[0].tuples, tuples(&[&["2", "7", "20"]]));
        assert_eq!(Units::of_foreign(&table, &groups(&[&["3", "8"]])), Err("b".to_owned()));
        // A check that may want null gets it.
        let columns = ["b".to_owned()].into();
        table.checks.push(Check::new(&Catalog::default(), "c", "(b IS NULL)", columns));
        let units = Units::of_foreign(&table, &groups(&[&["2", "7"]])).unwrap();
        assert_eq!(units.0[0].tuples, tuples(&[&["2", "7", "20"], &["2", "null", "20"]]));
    }

    #[test]
    fn columns_that_one_check_names_are_asked_about_together() {
        let mut table = Table::empty(Id::new(Kind::Table, "public", "t"));
        table.columns = vec![column("a", true), column("b", true), column("c", true)];
        let check = Check::new(&Catalog::default(), "c", "(a > b)", ["a".to_owned(), "b".to_owned()].into());
        let mut units = Units::default();
        let columns: Vec<&Column> = table.columns.iter().collect();
        units.complete(&table, &columns, &[&check], 0, 2);
        let components = units.components(&[&check]);
        assert_eq!(components[0].0, [0, 1]);
        let parts: Vec<&Unit> = components[0].0.iter().map(|at| &units.0[*at]).collect();
        let (sql, columns) = combinations(&table, &parts, &[&check]);
        assert_eq!(columns, ["a", "b"]);
        assert!(sql.contains("where ((a > b)) is not false order by"), "{sql}");
        assert_eq!(units.0[2].tuples, tuples(&[&["'1'"], &["'2'"]]));
    }
}
