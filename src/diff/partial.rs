//! Indexes of partitioned tables that not every partition has its part of.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Constraint, Id, Index, Kind, Object};

/// The index, or the constraint with one, that an object is a partition's part of.
pub fn whole(state: &Catalog, id: &Id) -> Option<Id> {
    match &state.get(id)?.object {
        Object::Index(Index { partition_of: Some((schema, name)), .. }) => Some(Id::new(Kind::Index, schema, name)),
        Object::Constraint(Constraint { what, of_parent: Some((schema, table, name)), .. }) if what.has_index() => {
            Some(Id::part(Kind::Constraint, schema, table, name))
        }
        _ => None,
    }
}

/// The indexes, and the constraints with one, that some partition is to be without, or has with gaps of its own. A
/// partition that is attached when they are there would be given its part.
pub fn partial(to: &Catalog) -> BTreeSet<Id> {
    let mut children: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (id, it) in to.inheritances().filter(|(_, it)| it.bound.is_some()) {
        children.entry(it.parent_id()).or_default().push(id.beside(Kind::Table, ""));
    }
    let mut found = BTreeSet::new();
    if children.is_empty() {
        return found;
    }
    let mut indexes: Vec<(&Id, Id)> = Vec::new();
    let mut parts: BTreeMap<(Id, Id), &Id> = BTreeMap::new();
    // The index of a constraint may belong to one that is of none, which the catalog of constraints does not tell.
    let mut others: BTreeSet<Id> = BTreeSet::new();
    for (id, entry) in &to.entries {
        let table = match &entry.object {
            Object::Index(it) => Id::new(Kind::Table, &id.schema, &it.table),
            Object::Constraint(it) if it.what.has_index() => id.beside(Kind::Table, ""),
            _ => continue,
        };
        match whole(to, id) {
            Some(above) => {
                parts.insert((above, table.clone()), id);
            }
            None if id.kind == Kind::Constraint => {
                others.insert(table.clone());
            }
            None => {}
        }
        if children.contains_key(&table) {
            indexes.push((id, table));
        }
    }
    loop {
        let lacks = |(id, table): &&(&Id, Id)| {
            children.get(table).into_iter().flatten().any(|child| match parts.get(&((*id).clone(), child.clone())) {
                Some(part) => found.contains(*part),
                None => id.kind == Kind::Constraint || !others.contains(child),
            })
        };
        let more: Vec<Id> =
            indexes.iter().filter(|(id, _)| !found.contains(*id)).filter(lacks).map(|(id, _)| (*id).clone()).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}
