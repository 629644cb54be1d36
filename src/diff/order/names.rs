//! The order that names demand: one is free only when what had it is gone.

use std::collections::BTreeMap;

use super::super::compare::{Fate, Fates};
use super::super::step::Verb;
use super::Node;
use crate::catalog::{Catalog, Column, Id, Kind, Object, Space};

type Name = (Space, String, String, String);

/// Pairs of what sets a name free and what takes it.
pub fn pairs(from: &Catalog, to: &Catalog, fates: &Fates) -> Vec<(Node, Node)> {
    let node = |id: &Id, verb| Node { id: id.clone(), verb, dummy: false };
    let mut freed: BTreeMap<Name, Vec<Node>> = BTreeMap::new();
    for (id, fate) in fates {
        if fate.goes() {
            for name in names(id).into_iter().chain(inner(id, from)) {
                freed.entry(name).or_default().push(node(id, Verb::Drop));
            }
        } else if id.kind == Kind::Column && matches!(fate, Fate::Alter { .. }) {
            let kept = inner(id, to);
            for name in inner(id, from).into_iter().filter(|name| !kept.contains(name)) {
                freed.entry(name).or_default().push(node(id, Verb::Alter));
            }
        }
    }
    let mut pairs = Vec::new();
    for (id, fate) in fates {
        let (taken, verb) = match fate {
            Fate::Create | Fate::Recreate => (names(id).into_iter().chain(inner(id, to)).collect(), Verb::Create),
            Fate::Alter { .. } => (inner(id, to), Verb::Alter),
            Fate::Drop => continue,
        };
        let before = taken.iter().filter_map(|name| freed.get(name)).flatten();
        pairs.extend(before.map(|before| (before.clone(), node(id, verb))));
    }
    pairs
}

/// The names of an object.
fn names(id: &Id) -> Vec<Name> {
    let key = |space| (space, id.schema.clone(), id.name.clone(), id.part.clone());
    match id.kind.space() {
        // A relation's row type, and a composite type's relation.
        Space::Relation if id.kind != Kind::Index => vec![key(Space::Relation), key(Space::Type)],
        Space::Type if id.kind == Kind::Composite => vec![key(Space::Relation), key(Space::Type)],
        space => vec![key(space)],
    }
}

/// The names of what comes and goes inside an object: the sequence of an identity column, the index of a constraint.
fn inner(id: &Id, state: &Catalog) -> Vec<Name> {
    match state.get(id).map(|entry| &entry.object) {
        Some(Object::Column(Column { identity: Some(identity), .. })) => {
            let (schema, name) = identity.sequence.clone();
            vec![(Space::Relation, schema, name, String::new())]
        }
        Some(Object::Constraint(constraint)) if constraint.what.has_index() => {
            vec![(Space::Relation, id.schema.clone(), id.part.clone(), String::new())]
        }
        Some(Object::Operator(operator)) => operator.shells().iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}
