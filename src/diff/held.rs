//! What types are made of, which columns hold as long as they are of them.

use crate::catalog::{Catalog, Id, Kind};

/// Whether an object needs another.
pub fn needs(catalog: &Catalog, id: &Id, needed: &Id) -> bool {
    catalog.needs.get(id).is_some_and(|needs| needs.contains(needed))
}

/// What a composite type or a domain is made of in a state, itself and through others, with what it has in another.
pub fn inside(id: &Id, state: &Catalog, other: &Catalog) -> Vec<Id> {
    let is_made_of_parts = |id: &&Id| matches!(id.kind, Kind::Composite | Kind::Domain);
    let mut types: Vec<&Id> = Some(id).filter(is_made_of_parts).into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(id) = types.get(at).copied() {
        at += 1;
        let parts = [Kind::Column, Kind::Constraint].into_iter();
        let parts = parts.flat_map(|kind| state.parts(id, kind).chain(other.parts(id, kind))).map(|(part, _)| part);
        found.extend(parts.chain([id]).cloned());
        let inner = state.needs.get(id).into_iter().flatten().filter(is_made_of_parts);
        types.extend(inner.filter(|it| !types.contains(it)).collect::<Vec<_>>());
    }
    found
}
