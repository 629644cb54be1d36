//! Reading objects by their numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::{try_join_all, try_join4};
use tokio_postgres::types::Type;

use super::super::catalog::{Queries, class_of, dependency, kinds_of, object};
use super::super::{Error, Session};
use crate::catalog::{Item, Key, Kind, Raw, RawObject, Store};

const NEEDS: &str = "select d.* from unnest($1, $2) as k (class, oid) cross join lateral ( \
    select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype \
    from pg_catalog.pg_depend d where d.classid = k.class and d.objid = k.oid and d.objid >= 16384 offset 0) as d";
const COMMENTS: &str = "select d.* from unnest($1, $2) as k (class, oid) cross join lateral ( \
    select d.classoid, d.objoid, d.objsubid, d.description \
    from pg_catalog.pg_description d where d.classoid = k.class and d.objoid = k.oid offset 0) as d";
const LABELS: &str = "select l.classoid, l.objoid, l.objsubid, l.provider, l.label \
    from unnest($1, $2) as k (class, oid) \
    join pg_catalog.pg_seclabel l on l.classoid = k.class and l.objoid = k.oid where l.objoid >= 16384";
const VALUES: &str =
    "select e.enumtypid, e.oid, e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = any($1)";
/// All of them.
pub(super) const ALL_VALUES: &str =
    "select e.enumtypid, e.oid, e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid >= 16384";
/// What needs what, of what is not only between users' objects.
pub(super) const ALL_NEEDS: &str = "select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, \
    d.deptype from pg_catalog.pg_depend d where d.objid >= 16384";

/// The kinds of object that a letter of a system catalog stands for.
fn kinds(class: &str, letter: &str) -> Vec<Kind> {
    match (class, letter) {
        ("pg_class", "r" | "p") => vec![Kind::Table, Kind::Column],
        ("pg_class", "f") => vec![Kind::ForeignTable, Kind::Column],
        ("pg_class", "v") => vec![Kind::View, Kind::Column],
        ("pg_class", "m") => vec![Kind::MaterializedView, Kind::Column],
        ("pg_class", "i" | "I") => vec![Kind::Index],
        ("pg_class", "S") => vec![Kind::Sequence],
        ("pg_class", "c") => vec![Kind::Column],
        ("pg_class", "inherits") => vec![Kind::Inheritance],
        ("pg_type", "e") => vec![Kind::Enum],
        ("pg_type", "c") => vec![Kind::Composite],
        ("pg_type", "d") => vec![Kind::Domain],
        ("pg_type", "r") => vec![Kind::Range, Kind::BaseType],
        ("pg_type", "b" | "p") => vec![Kind::BaseType],
        ("pg_proc", "f" | "w") => vec![Kind::Function],
        ("pg_proc", "p") => vec![Kind::Procedure],
        ("pg_proc", "a") => vec![Kind::Aggregate],
        ("pg_class" | "pg_type" | "pg_proc", _) | (_, "inner") => Vec::new(),
        (class, _) => kinds_of(class).collect(),
    }
}

/// What is to be read of which objects.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    keys: BTreeMap<Key, BTreeSet<Kind>>,
}

impl Wanted {
    /// Adds an object: what it was, and what letters say that it is.
    pub(super) fn add(&mut self, store: &Store, names: &HashMap<u32, String>, key: Key, letters: &BTreeSet<String>) {
        let wanted = self.keys.entry(key).or_default();
        wanted.extend(store.get(key).into_iter().flat_map(|item| &item.rows).map(|row| row.id.kind));
        let class = names.get(&key.0).map_or("", String::as_str);
        wanted.extend(letters.iter().flat_map(|letter| kinds(class, letter)));
    }

    /// Whether nothing is to be read.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Reads it.
    pub(super) async fn read(
        &self,
        session: &Session,
        queries: &Queries,
        has_labels: bool,
    ) -> Result<BTreeMap<Key, Item>, Error> {
        let mut by_kind: BTreeMap<Kind, Vec<u32>> = BTreeMap::new();
        for (key, kinds) in &self.keys {
            for kind in kinds {
                by_kind.entry(*kind).or_default().push(key.1);
            }
        }
        let classes: Vec<u32> = self.keys.keys().map(|key| key.0).collect();
        let oids: Vec<u32> = self.keys.keys().map(|key| key.1).collect();
        let pairs = [(&classes as _, Type::OID_ARRAY), (&oids as _, Type::OID_ARRAY)];
        let enums = by_kind.get(&Kind::Enum).cloned().unwrap_or_default();
        let of_kinds = by_kind.iter().map(|(kind, oids)| async move {
            let class = queries.classes.get(class_of(*kind)).copied().unwrap_or_default();
            let rows = session.ask(queries.of_some(*kind), &[(oids, Type::OID_ARRAY)]).await?;
            rows.iter().map(|row| object(*kind, class, row)).collect::<Result<Vec<_>, _>>()
        });
        let labels = async { if has_labels { session.ask(LABELS, &pairs).await } else { Ok(Vec::new()) } };
        let values = async {
            if enums.is_empty() { Ok(Vec::new()) } else { session.ask(VALUES, &[(&enums, Type::OID_ARRAY)]).await }
        };
        let rest = try_join4(session.ask(NEEDS, &pairs), session.ask(COMMENTS, &pairs), labels, values);
        let (of_kinds, (needs, comments, labels, values)) =
            futures_util::future::try_join(try_join_all(of_kinds), rest).await?;
        let mut items: BTreeMap<Key, Item> = self.keys.keys().map(|key| (*key, Item::default())).collect();
        let tables = queries.classes.get("pg_class").copied().unwrap_or_default();
        for row in of_kinds.into_iter().flatten() {
            items.entry(key(&row, tables)).or_default().rows.push(row);
        }
        for needed in needs.iter().map(dependency) {
            items.entry((needed.class, needed.oid)).or_default().needs.push(needed);
        }
        for row in &comments {
            items.entry((row.get(0), row.get(1))).or_default().comments.push((row.get(2), row.get(3)));
        }
        for row in &labels {
            items.entry((row.get(0), row.get(1))).or_default().labels.push((row.get(2), row.get(3), row.get(4)));
        }
        let types = queries.classes.get("pg_type").copied().unwrap_or_default();
        for row in &values {
            items.entry((types, row.get(0))).or_default().values.push((row.get(1), row.get(2)));
        }
        items.values_mut().for_each(Item::settle);
        Ok(items)
    }
}

/// The object that a row is of: what a table inherits from is the table's.
fn key(row: &RawObject, tables: u32) -> Key {
    (if row.id.kind == Kind::Inheritance { tables } else { row.class }, row.oid)
}

/// The objects of a whole reading; `live` are all that have a number.
pub(super) fn of_raw(raw: Raw, values: Vec<(u32, u32, String)>, live: &[Key]) -> BTreeMap<Key, Item> {
    let types = raw.classes.get("pg_type").copied().unwrap_or_default();
    let mut items: BTreeMap<Key, Item> = live.iter().map(|key| (*key, Item::default())).collect();
    let tables = raw.classes.get("pg_class").copied().unwrap_or_default();
    for row in raw.objects.into_iter().flatten() {
        items.entry(key(&row, tables)).or_default().rows.push(row);
    }
    for needed in raw.dependencies {
        items.entry((needed.class, needed.oid)).or_default().needs.push(needed);
    }
    for (class, oid, part, text) in raw.comments {
        items.entry((class, oid)).or_default().comments.push((part, text));
    }
    for (class, oid, part, provider, text) in raw.labels {
        items.entry((class, oid)).or_default().labels.push((part, provider, text));
    }
    for (of, oid, label) in values {
        items.entry((types, of)).or_default().values.push((oid, label));
    }
    items.values_mut().for_each(Item::settle);
    items
}
