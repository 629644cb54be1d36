//! The names that objects take: two of one space cannot be there at once.

use crate::catalog::{Catalog, Column, ConstraintType, Id, Kind, Object, Space};

/// A name in its space.
pub(super) type Name = (Space, String, String, String);

/// The names that an object takes in their spaces.
pub(super) fn names(id: &Id, catalog: &Catalog) -> Vec<Name> {
    let key = |space| (space, id.schema.clone(), id.name.clone(), id.part.clone());
    let has_index = |what| matches!(what, ConstraintType::Primary | ConstraintType::Unique | ConstraintType::Exclusion);
    match (id.kind.space(), catalog.get(id).map(|entry| &entry.object)) {
        // A relation's row type, and a composite type's relation.
        (Space::Relation, _) if id.kind != Kind::Index => vec![key(Space::Relation), key(Space::Type)],
        (Space::Type, _) if id.kind == Kind::Composite => vec![key(Space::Relation), key(Space::Type)],
        // A constraint's index has its name.
        (space, Some(Object::Constraint(it))) if has_index(it.what) => {
            vec![key(space), (Space::Relation, id.schema.clone(), id.part.clone(), String::new())]
        }
        (space, _) => vec![key(space)],
    }
}

/// The names of what comes along: the sequence of an identity column, operators that another one only refers to. A table
/// has one primary key, whatever it is called.
pub(super) fn taken_inside(id: &Id, to: &Catalog) -> Vec<Name> {
    match to.get(id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) if constraint.what == ConstraintType::Primary => {
            vec![(Space::Own(Kind::Constraint), id.schema.clone(), id.name.clone(), String::new())]
        }
        Some(Object::Column(Column { identity: Some(identity), .. })) => {
            let (schema, name) = identity.sequence.clone();
            vec![(Space::Relation, schema, name, String::new())]
        }
        Some(Object::Operator(operator)) => operator.shells().iter().flat_map(|shell| names(shell, to)).collect(),
        _ => Vec::new(),
    }
}
