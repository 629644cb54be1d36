//! The data that are gone for good once a migration was run and taken back.

use serde::Serialize;

use super::Names;
use crate::catalog::{Catalog, Column, Enum, Id, Kind, Object};
use crate::diff::emit;
use crate::text::{bare_ident, quote_literal};

/// Which way destroys them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The migration: what it destroyed does not come back.
    Up,
    /// What takes it back: whatever was written since the migration goes.
    Down,
}

/// Data that are lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// The table, or another object that holds them, as SQL names it before they are lost.
    pub table: String,
    /// The column; none where it is all of the table.
    pub column: Option<String>,
    /// Which way loses them.
    pub by: By,
    /// What is lost, and why it does not come back.
    pub why: String,
    /// What counts the rows it is about, in the database that has been migrated; none where nothing can be counted there.
    #[serde(skip)]
    pub count: Option<Count>,
    /// Values that generated steps do not destroy but fail on, as SQL has them: no statement says what they become.
    #[serde(skip)]
    pub refused: Option<String>,
}

/// Rows that can be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The table, or the column of which values are counted.
    of: Id,
    /// The values, as SQL has them; all that are not null where it is empty.
    values: String,
    /// Whether the column has arrays of them.
    in_arrays: bool,
}

impl Count {
    /// The query, and the relation; `now` is what things are called at the moment.
    pub fn query(&self, now: &Names) -> (String, String) {
        let of = now.id(&self.of);
        let relation = of.qualified();
        let sql = match (of.kind, self.values.as_str()) {
            (Kind::Column, "") => format!("select count({}) from {relation}", bare_ident(&of.part)),
            (Kind::Column, _) => format!("select count(*) from {relation} where {}", self.condition(now)),
            _ => format!("select count(*) from only {relation}"),
        };
        (sql, relation)
    }

    /// What holds of the rows that have the values; `now` is what things are called at the moment.
    pub fn condition(&self, now: &Names) -> String {
        let (of, values) = (now.id(&self.of), &self.values);
        let column = bare_ident(&of.part);
        // Whatever the array is of, one in another dimension too.
        if self.in_arrays { format!("array[{values}] && {column}::text[]") } else { format!("{column} in ({values})") }
    }

    /// The column, as SQL names it at the moment.
    pub fn column(&self, now: &Names) -> String {
        let of = now.id(&self.of);
        format!("{}.{}", of.qualified(), bare_ident(&of.part))
    }
}

/// What the way back of a migration cannot restore: what the migration destroys, and what the way back destroys.
///
/// `back` says what each object of `after` is called in `before`.
pub fn losses(before: &Catalog, after: &Catalog, back: &Names) -> Vec<Loss> {
    let mut all = lost((before, after), &back.back(), By::Up);
    all.extend(lost((after, before), back, By::Down));
    all
}

/// What is lost on the way from one schema to another.
fn lost((from, to): (&Catalog, &Catalog), names: &Names, by: By) -> Vec<Loss> {
    let mut all = Vec::new();
    for (id, entry) in &from.entries {
        let there = names.id(id);
        let way = Way { from, to, by, id, there: &there };
        match &entry.object {
            Object::Table(table) if table.partition_key.is_none() && !to.entries.contains_key(&there) => {
                all.push(way.of_table());
            }
            Object::Column(column) => all.extend(way.of_column(column)),
            Object::Enum(it) => all.extend(way.of_values(it)),
            Object::Sequence(it) if it.owned_by.is_none() && !it.of_identity && !to.entries.contains_key(&there) => {
                all.push(way.loss(None, "how far it has counted", None));
            }
            Object::Extension(_) if !to.entries.contains_key(&there) => {
                let mut loss = way.loss(None, "what its own tables and types hold", None);
                loss.table = id.to_string();
                all.push(loss);
            }
            _ => {}
        }
    }
    all
}

/// An object on its way.
struct Way<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    by: By,
    id: &'a Id,
    there: &'a Id,
}

impl Way<'_> {
    fn loss(&self, column: Option<&str>, what: &str, values: Option<&str>) -> Loss {
        let why = match self.by {
            By::Up => format!("{what}: the migration has destroyed it, and no statement brings it back"),
            By::Down => format!("{what}: the way back destroys it"),
        };
        let values = values.filter(|_| self.by == By::Down);
        let count = values.map(|values| Count { of: self.id.clone(), values: values.to_owned(), in_arrays: false });
        let column = column.map(str::to_owned);
        Loss { table: self.id.qualified(), column, by: self.by, why, count, refused: None }
    }

    fn of_table(&self) -> Loss {
        self.loss(None, "all its rows", Some(""))
    }

    fn of_column(&self, column: &Column) -> Option<Loss> {
        let table = self.id.beside(Kind::Table, "");
        let is_stored = self.from.entries.contains_key(&table)
            && self.to.entries.contains_key(&self.there.beside(Kind::Table, ""))
            && column.generated.is_none();
        if !is_stored || column.inherited && self.from.is_partition(&table) {
            return None;
        }
        let Some(other) = self.to.column(self.there, &self.there.part) else {
            return Some(self.loss(Some(&self.id.part), "all its values", Some("")));
        };
        if other.generated.is_some() {
            return Some(self.loss(Some(&self.id.part), "its values, which are computed there", Some("")));
        }
        if other.data_type == column.data_type {
            return None;
        }
        let loses = emit::loses(&column.data_type, &other.data_type, self.from, self.to)?;
        let what = format!("{loses}, as {} becomes {}", column.data_type, other.data_type);
        Some(self.loss(Some(&self.id.part), &what, Some("")))
    }

    /// The values that an enum has no more, in each column that may have them.
    fn of_values(&self, it: &Enum) -> Vec<Loss> {
        let Some(Object::Enum(other)) = self.to.get(self.there).map(|entry| &entry.object) else { return Vec::new() };
        let gone: Vec<String> =
            it.labels.iter().filter(|label| !other.labels.contains(label)).map(|label| quote_literal(label)).collect();
        // As many that are gone as there are new ones may only be called otherwise.
        if gone.is_empty() || other.labels.len() == it.labels.len() {
            return Vec::new();
        }
        let gone = gone.join(", ");
        let name = self.id.qualified();
        let columns = self.from.entries.iter().filter_map(|(id, entry)| match &entry.object {
            Object::Column(column) => {
                let is_of = emit::under_domains(&column.data_type, self.from);
                let element = is_of.strip_suffix("[]");
                (element.unwrap_or(&is_of) == name).then_some((id, column, element.is_some()))
            }
            _ => None,
        });
        let stored =
            columns.filter(|(id, it, _)| self.from.entries.contains_key(&id.beside(Kind::Table, "")) && !it.inherited);
        let one = |(id, _, in_arrays): (&Id, &Column, bool)| {
            let way = Way { id, there: id, ..*self };
            let what = format!("values {gone}, which {name} does not have there");
            let mut loss = way.loss(Some(&id.part), &what, Some(&gone));
            if self.by == By::Down {
                loss.why = format!("{what}: decide what they become, for the way back fails on them");
                loss.refused = Some(gone.clone());
            }
            if let Some(count) = &mut loss.count {
                count.in_arrays = in_arrays;
            }
            loss
        };
        stored.map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Rename;
    use crate::diff::rename::tests::{put, table, values};

    fn said(before: &Catalog, after: &Catalog, names: &Names) -> Vec<String> {
        let one = |it: Loss| {
            let column = it.column.map(|column| format!(".{column}")).unwrap_or_default();
            format!("{:?} {}{column} {}", it.by, it.table, it.why.split(':').next().unwrap_or_default())
        };
        losses(before, after, names).into_iter().map(one).collect()
    }

    #[test]
    fn what_either_way_drops_is_lost() {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "t", &[("a", "integer"), ("old", "text")]);
        table(&mut before, "gone", &[("a", "integer")]);
        table(&mut after, "t", &[("a", "integer"), ("new", "text")]);
        table(&mut after, "made", &[("a", "integer")]);
        assert_eq!(
            said(&before, &after, &Names::default()),
            [
                "Up public.gone all its rows",
                "Up public.t.old all its values",
                "Down public.made all its rows",
                "Down public.t.new all its values"
            ]
        );
    }

    #[test]
    fn what_is_only_renamed_is_not_lost() {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "users", &[("name", "text")]);
        table(&mut after, "people", &[("full_name", "text")]);
        let id = |name: &str| Id::new(Kind::Table, "public", name);
        let column = |of: &str, name: &str| Id::part(Kind::Column, "public", of, name);
        let names = Names::new(&[
            Rename { from: id("people"), to: id("users"), of: None },
            Rename { from: column("users", "full_name"), to: column("users", "name"), of: Some(Kind::Table) },
        ]);
        assert!(said(&before, &after, &names).is_empty());
    }

    #[test]
    fn narrower_types_and_missing_values_lose_some() {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "t", &[("a", "integer"), ("s", "public.status")]);
        table(&mut after, "t", &[("a", "numeric(10,2)"), ("s", "public.status")]);
        values(&mut before, "status", &["x"]);
        values(&mut after, "status", &["x", "y"]);
        let all = losses(&before, &after, &Names::default());
        let whys: Vec<&str> = all.iter().map(|it| it.why.as_str()).collect();
        assert!(all.iter().all(|it| it.by == By::Down) && all.len() == 2, "{whys:?}");
        let count = all.iter().find(|it| it.column.as_deref() == Some("s")).and_then(|it| it.count.clone()).unwrap();
        let renamed =
            Rename { from: Id::new(Kind::Table, "public", "t"), to: Id::new(Kind::Table, "public", "u"), of: None };
        let (sql, relation) = count.query(&Names::new(&[renamed]));
        assert_eq!((sql.as_str(), relation.as_str()), ("select count(*) from public.u where s in ('y')", "public.u"));
        let refused: Vec<_> = all.iter().map(|it| (it.column.as_deref(), it.refused.as_deref())).collect();
        assert_eq!(refused, [(Some("s"), Some("'y'")), (Some("a"), None)], "a number is cut, a missing value fails");
    }

    #[test]
    fn values_that_are_gone_are_found_in_arrays_and_under_domains_too() {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        for catalog in [&mut before, &mut after] {
            let domain = crate::catalog::Domain { data_type: "public.status".to_owned(), ..Default::default() };
            put(catalog, Id::new(Kind::Domain, "public", "mine"), Object::Domain(domain));
            table(catalog, "t", &[("s", "public.mine"), ("a", "public.status[]")]);
        }
        values(&mut before, "status", &["x"]);
        values(&mut after, "status", &["x", "y"]);
        let all = losses(&before, &after, &Names::default());
        let said: Vec<String> =
            all.iter().filter_map(|it| Some(it.count.as_ref()?.condition(&Names::default()))).collect();
        assert_eq!(said, ["array['y'] && a::text[]", "s in ('y')"]);
    }

    #[test]
    fn what_is_computed_is_not_lost() {
        let (before, mut after) = (Catalog::default(), Catalog::default());
        let view = crate::catalog::View::default();
        put(&mut after, Id::new(Kind::View, "public", "v"), Object::View(view));
        put(&mut after, Id::part(Kind::Column, "public", "v", "a"), Object::Column(Column::default()));
        let kept = crate::catalog::MaterializedView { populated: true, ..Default::default() };
        let id = Id::new(Kind::MaterializedView, "public", "m");
        put(&mut after, id.clone(), Object::MaterializedView(kept));
        put(&mut after, Id::part(Kind::Column, "public", "m", "a"), Object::Column(Column::default()));
        let back = crate::diff::plan(&after, &before, crate::diff::Options::default());
        let drop = back.steps.iter().find(|step| step.id == id).unwrap();
        assert!(drop.sql.starts_with("drop materialized view") && !drop.loses_data(), "{:?}", drop.hazards);
        assert!(said(&before, &after, &Names::default()).is_empty());
    }
}
