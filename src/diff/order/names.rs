//! The order that names demand: two of one space cannot be there at once, so that one is free only when what had it is gone.

use std::collections::BTreeMap;

use super::super::compare::{Fate, Fates};
use super::super::step::Verb;
use super::Node;
use crate::catalog::{Catalog, Column, ConstraintType, Id, Kind, Object, Space};

/// A name in its space.
type Name = (Space, String, String, String);

/// Pairs of what sets a name free and what takes it.
pub(super) fn pairs(from: &Catalog, to: &Catalog, fates: &Fates) -> Vec<(Node, Node)> {
    let node = |id: &Id, verb| Node { id: id.clone(), verb, dummy: false };
    let mut freed: BTreeMap<Name, Vec<Node>> = BTreeMap::new();
    for (id, fate) in fates {
        if fate.goes() {
            // What is only referred to belongs to one operator, and goes with it.
            let is_whole = matches!(id.kind, Kind::Constraint | Kind::Operator);
            let inside = if is_whole { inside(id, from) } else { Vec::new() };
            for name in names(id, from).into_iter().chain(inside) {
                freed.entry(name).or_default().push(node(id, Verb::Drop));
            }
        } else if id.kind == Kind::Column && matches!(fate, Fate::Alter { .. }) {
            let kept = inside(id, to);
            for name in inside(id, from).into_iter().filter(|name| !kept.contains(name)) {
                freed.entry(name).or_default().push(node(id, Verb::Alter));
            }
        }
    }
    let mut pairs = Vec::new();
    for (id, fate) in fates {
        let (taken, verb) = match fate {
            Fate::Create | Fate::Recreate => (names(id, to).into_iter().chain(inside(id, to)).collect(), Verb::Create),
            Fate::Alter { .. } => (inside(id, to), Verb::Alter),
            Fate::Drop => continue,
        };
        let before = taken.iter().filter_map(|name| freed.get(name)).flatten();
        pairs.extend(before.map(|before| (before.clone(), node(id, verb))));
    }
    pairs
}

/// The names that an object takes in their spaces.
fn names(id: &Id, catalog: &Catalog) -> Vec<Name> {
    let key = |space| (space, id.schema.clone(), id.name.clone(), id.part.clone());
    match (id.kind.space(), catalog.get(id).map(|entry| &entry.object)) {
        // A relation's row type, and a composite type's relation.
        (Space::Relation, _) if id.kind != Kind::Index => vec![key(Space::Relation), key(Space::Type)],
        (Space::Type, _) if id.kind == Kind::Composite => vec![key(Space::Relation), key(Space::Type)],
        // There is one default for two encodings, and one for a type.
        (space, Some(Object::Conversion(it))) if it.default => {
            let both = format!("{} {}", it.source, it.target);
            vec![key(space), (space, String::new(), both, "default".to_owned())]
        }
        (space, Some(Object::OperatorClass(it))) if it.default => {
            vec![key(space), (space, String::new(), it.data_type.clone(), format!("default {}", id.part))]
        }
        // A range type brings its multirange type.
        (space, Some(Object::Range(range))) => {
            let (schema, name) = range.multirange.clone();
            vec![key(space), (space, schema, name, String::new())]
        }
        // The shell of a type is the first to have its name.
        (Space::Type, _) if id.kind == Kind::BaseType => {
            vec![(Space::Type, id.schema.clone(), id.name.clone(), String::new())]
        }
        // A constraint's index has its name.
        (space, Some(Object::Constraint(it))) if it.what.has_index() => {
            vec![key(space), (Space::Relation, id.schema.clone(), id.part.clone(), String::new())]
        }
        (space, _) => vec![key(space)],
    }
}

/// The names of what comes along: the sequence of an identity column, operators that another one only refers to. A table
/// has one primary key, whatever it is called.
fn inside(id: &Id, catalog: &Catalog) -> Vec<Name> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) if constraint.what == ConstraintType::Primary => {
            vec![(Space::Own(Kind::Constraint), id.schema.clone(), id.name.clone(), String::new())]
        }
        Some(Object::Column(Column { identity: Some(identity), .. })) => {
            let (schema, name) = identity.sequence.clone();
            vec![(Space::Relation, schema, name, String::new())]
        }
        Some(Object::Operator(operator)) => operator.shells().iter().flat_map(|shell| names(shell, catalog)).collect(),
        _ => Vec::new(),
    }
}
