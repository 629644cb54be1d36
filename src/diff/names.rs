//! The names that objects take, so that no other can have them.

use crate::catalog::{Catalog, Column, ConstraintType, Id, Kind, Object, Space};

/// A name in its space: schema, name and the rest of it.
pub type Name = (Space, String, String, String);

/// The names that an object takes in their spaces.
pub fn names(id: &Id) -> Vec<Name> {
    let key = |space| (space, id.schema.clone(), id.name.clone(), id.part.clone());
    match id.kind.space() {
        // A relation's row type, and a composite type's relation.
        Space::Relation if id.kind != Kind::Index => vec![key(Space::Relation), key(Space::Type)],
        Space::Type if id.kind == Kind::Composite => vec![key(Space::Relation), key(Space::Type)],
        space => vec![key(space)],
    }
}

/// The names of what comes along: the sequence of an identity column, the index of a constraint, operators that another one
/// only refers to.
pub fn taken_inside(id: &Id, to: &Catalog) -> Vec<Name> {
    match to.get(id).map(|entry| &entry.object) {
        Some(Object::Column(Column { identity: Some(identity), .. })) => {
            let (schema, name) = identity.sequence.clone();
            vec![(Space::Relation, schema, name, String::new())]
        }
        Some(Object::Constraint(it))
            if matches!(it.what, ConstraintType::Primary | ConstraintType::Unique | ConstraintType::Exclusion) =>
        {
            vec![(Space::Relation, id.schema.clone(), id.part.clone(), String::new())]
        }
        Some(Object::Operator(operator)) => operator.shells().iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}
