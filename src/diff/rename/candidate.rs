//! What may be a rename by its structure: an object that goes and one that comes, and why they may be the same.

use std::collections::{BTreeMap, BTreeSet};

use super::order::Moves;
use super::{Rename, can_be_renamed, is_part};
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::text::{count, likeness};

/// What may be a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The name in the one schema.
    pub old: Id,
    /// The name in the other.
    pub new: Id,
    /// Why, in words: `the same 4 columns`.
    pub reason: String,
}

impl Candidate {
    /// As a rename by itself.
    pub fn rename(&self, from: &Catalog) -> Rename {
        Rename::new(from, self.old.clone(), self.new.clone())
    }

    /// Whether what is not renamed is lost: rows, or how far a sequence has counted.
    pub fn holds_data(&self) -> bool {
        matches!(self.old.kind, Kind::Schema | Kind::Table | Kind::Column | Kind::Sequence)
    }
}

/// A pair, how much speaks for it, and why.
pub(super) type Scored = (f64, Id, Id, String);

/// How much of two tables has to be the same.
const SHARE: f64 = 0.6;

/// The objects that may have been renamed. Each takes part in one pair, the likeliest; a person says what it is.
pub fn candidates(from: &Catalog, to: &Catalog) -> Vec<Candidate> {
    let gone: Vec<&Id> = between(from, to);
    let new: Vec<&Id> = between(to, from);
    let schemas = best(pairs(&gone, &new, |kind| kind == Kind::Schema, |old, new| schema(from, to, old, new)));
    let mut moves = Moves::default();
    for candidate in &schemas {
        moves.note(&candidate.old, &candidate.new);
    }
    // What a schema takes with it keeps its name.
    let is_taken = |old: &Id| to.entries.contains_key(&moves.id(old)) && moves.schema(&old.schema) != old.schema;
    let left: Vec<&Id> = gone.iter().copied().filter(|id| !is_taken(id)).collect();
    let (before, after) = (tables(from, &left), tables(to, &new));
    let score = |old: &Id, new: &Id| {
        // Other arguments make another routine.
        if old.part != new.part {
            return None;
        }
        let (points, reason) = match (before.get(old), after.get(new)) {
            (Some(before), Some(after)) => table(before, after, old.name == new.name)?,
            _ => object(old, new, &from.get(old)?.object, &to.get(new)?.object)?,
        };
        // Where as much speaks for two, the names decide.
        let alike = if old.name == new.name { 1.0 } else { likeness(&old.name, &new.name) };
        Some((points + alike / 10.0, reason))
    };
    let scored = pairs(&left, &new, |kind| kind != Kind::Schema, score);
    let mut all = schemas;
    all.extend(best(scored));
    all
}

/// What the one has and the other does not, of what can be renamed, is no part of something, and does not follow by itself.
fn between<'a>(one: &'a Catalog, other: &Catalog) -> Vec<&'a Id> {
    let follows = |id: &Id| is_part(id) || matches!(id.kind, Kind::Index | Kind::Statistics);
    let ids = one.entries.keys().filter(|id| can_be_renamed(id.kind) && !follows(id));
    ids.filter(|id| !other.entries.contains_key(id)).collect()
}

fn pairs(
    gone: &[&Id],
    new: &[&Id],
    of: impl Fn(Kind) -> bool,
    score: impl Fn(&Id, &Id) -> Option<(f64, String)>,
) -> Vec<Scored> {
    let mut scored = Vec::new();
    for old in gone.iter().filter(|id| of(id.kind)) {
        for new in new.iter().filter(|id| id.kind == old.kind) {
            if let Some((points, reason)) = score(old, new) {
                scored.push((points, (*old).clone(), (*new).clone(), reason));
            }
        }
    }
    scored
}

/// The best pairs, in which each takes part once, in the order of the names.
pub(super) fn best(mut scored: Vec<Scored>) -> Vec<Candidate> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1, &a.2).cmp(&(&b.1, &b.2))));
    let mut taken = BTreeSet::new();
    let mut best = Vec::new();
    for (_, old, new, reason) in scored {
        let key = |id: &Id, side: bool| (id.clone(), side);
        if !taken.contains(&key(&old, false)) && !taken.contains(&key(&new, true)) {
            taken.insert(key(&old, false));
            taken.insert(key(&new, true));
            best.push(Candidate { old, new, reason });
        }
    }
    best.sort_by(|a, b| (&a.old, &a.new).cmp(&(&b.old, &b.new)));
    best
}

/// A schema whose objects are all, or nearly all, in the other under their names.
fn schema(from: &Catalog, to: &Catalog, old: &Id, new: &Id) -> Option<(f64, String)> {
    let inside = |catalog: &Catalog, schema: &str| -> BTreeSet<(Kind, String)> {
        let ids = catalog.entries.keys().filter(|id| id.schema == schema && !is_part(id));
        ids.map(|id| (id.kind, id.name.clone())).collect()
    };
    let (old_names, new_names) = (inside(from, &old.name), inside(to, &new.name));
    let shared = old_names.intersection(&new_names).count();
    let most = old_names.len().max(new_names.len());
    let points = share(shared, most);
    (shared > 0 && points >= SHARE).then(|| (points, same(shared, most, "object")))
}

/// Why an object may be another one.
fn object(old: &Id, new: &Id, before: &Object, after: &Object) -> Option<(f64, String)> {
    Some(match (before, after) {
        (Object::Enum(before), Object::Enum(after)) => {
            let shared = before.labels.iter().filter(|label| after.labels.contains(label)).count();
            let most = before.labels.len().max(after.labels.len());
            let points = share(shared, most);
            if points < SHARE || shared == 0 {
                return None;
            }
            (points, same(shared, most, "value"))
        }
        (Object::Composite(before), Object::Composite(after)) => (before == after && !before.attributes.is_empty())
            .then(|| (1.0, same(before.attributes.len(), before.attributes.len(), "attribute")))?,
        // All sequences count alike: the name, or the schema alone, has to speak for it.
        (Object::Sequence(before), Object::Sequence(after)) => {
            let is_free = before.owned_by.is_none() && after.owned_by.is_none() && before.options == after.options;
            (is_free && (old.name == new.name || are_alike(&old.name, &new.name)))
                .then(|| (1.0, "they count alike".to_owned()))?
        }
        (Object::Domain(before), Object::Domain(after)) => (before == after && are_alike(&old.name, &new.name))
            .then(|| (1.0, "the same type and default".to_owned()))?,
        (Object::Function(before), Object::Function(after)) if before != after => {
            let same = before.arguments == after.arguments
                && before.returns == after.returns
                && before.language == after.language;
            (same && are_alike(&old.name, &new.name))
                .then(|| (0.7, "the same arguments and result, and the names are alike".to_owned()))?
        }
        (before, after) => (before == after).then(|| (1.0, "the same definition".to_owned()))?,
    })
}

/// What tables are compared by: read once, since each that goes is held against each that comes.
struct Table<'a> {
    /// The parents, and which rows a partition holds: all partitions of a table have the same columns.
    parents: Vec<(&'a (String, String), Option<&'a String>)>,
    /// Name and type of the columns, in order.
    columns: Vec<(&'a str, &'a str)>,
}

type Tables<'a> = BTreeMap<&'a Id, Table<'a>>;

fn tables<'a>(catalog: &'a Catalog, ids: &[&'a Id]) -> Tables<'a> {
    let of = |id: &'a Id| Table {
        parents: catalog.parents(id).into_iter().map(|(_, it)| (&it.parent, it.bound.as_ref())).collect(),
        columns: catalog.columns(id).iter().map(|(id, _, it)| (id.part.as_str(), it.data_type.as_str())).collect(),
    };
    let tables = ids.iter().filter(|id| matches!(id.kind, Kind::Table | Kind::ForeignTable));
    tables.map(|id| (*id, of(id))).collect()
}

/// How much of two tables' columns is the same: name and type count fully, type and place alone half.
fn table(before: &Table<'_>, after: &Table<'_>, is_moved: bool) -> Option<(f64, String)> {
    if before.columns.is_empty() || before.parents != after.parents {
        return None;
    }
    let shared = before.columns.iter().filter(|column| after.columns.contains(column)).count();
    let has = |table: &Table<'_>, name: &str| table.columns.iter().any(|(other, _)| *other == name);
    let placed = before.columns.iter().zip(&after.columns);
    let placed = placed.filter(|(one, other)| one.1 == other.1 && !has(after, one.0) && !has(before, other.0)).count();
    let most = before.columns.len().max(after.columns.len());
    let points = share(shared * 2 + placed, most * 2);
    (points >= SHARE || is_moved && shared > 0).then(|| (points, same(shared, most, "column")))
}

/// `the same 4 columns`, `3 of 4 columns are the same`.
fn same(shared: usize, most: usize, of: &str) -> String {
    if shared == most {
        format!("the same {}", count(shared, of))
    } else {
        format!("{shared} of {} are the same", count(most, of))
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of columns and values")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Whether two names look like names of one thing.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split('_').filter(|word| word.len() > 2).map(str::to_owned).collect::<BTreeSet<_>>();
    likeness(one, other) >= 0.5 || !words(one).is_disjoint(&words(other))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{put, table, values};
    use super::*;
    use crate::catalog::{Schema, View};

    fn said(from: &Catalog, to: &Catalog) -> Vec<String> {
        candidates(from, to).iter().map(|it| format!("{} ({})", it.rename(from), it.reason)).collect()
    }

    #[test]
    fn tables_of_nearly_the_same_columns_may_be_one() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        table(&mut from, "users", &[("id", "bigint"), ("name", "text"), ("mail", "text"), ("born", "date")]);
        table(&mut from, "logs", &[("id", "bigint"), ("at", "date"), ("line", "text")]);
        table(&mut to, "people", &[("id", "bigint"), ("full_name", "text"), ("mail", "text"), ("born", "date")]);
        table(&mut to, "prices", &[("id", "bigint"), ("amount", "numeric"), ("unit", "bytea")]);
        assert_eq!(said(&from, &to), ["table public.users → public.people (3 of 4 columns are the same)"]);
    }

    #[test]
    fn where_two_are_as_likely_the_names_decide() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        for name in ["orders", "users"] {
            table(&mut from, name, &[("id", "bigint")]);
            table(&mut to, &format!("{name}_old"), &[("id", "bigint")]);
        }
        let reason = "(the same 1 column)";
        assert_eq!(
            said(&from, &to),
            [
                format!("table public.orders → public.orders_old {reason}"),
                format!("table public.users → public.users_old {reason}")
            ]
        );
    }

    #[test]
    fn a_schema_takes_what_is_in_it_along() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        for (catalog, schema) in [(&mut from, "app"), (&mut to, "core")] {
            put(catalog, Id::new(Kind::Schema, "", schema), Object::Schema(Schema {}));
            table(catalog, &format!("{schema}.a"), &[("id", "bigint")]);
        }
        assert_eq!(said(&from, &to), ["schema app → core (the same 1 object)"]);
    }

    #[test]
    fn types_and_views_are_known_by_what_they_say() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        values(&mut from, "status", &["a", "b"]);
        values(&mut to, "state", &["a", "b"]);
        let view = |query: &str| Object::View(View { query: query.to_owned(), ..View::default() });
        put(&mut from, Id::new(Kind::View, "public", "v"), view("select 1"));
        put(&mut to, Id::new(Kind::View, "public", "w"), view("select 1"));
        put(&mut to, Id::new(Kind::View, "public", "x"), view("select 2"));
        assert_eq!(
            said(&from, &to),
            ["type public.status → public.state (the same 2 values)", "view public.v → public.w (the same definition)"]
        );
    }
}
