//! What objects are called on the other side of a migration.

use crate::catalog::{Id, Kind};
use crate::diff::Rename;

/// The renames between two catalogs, in the order in which they are made.
#[derive(Debug, Clone, Default)]
pub struct Names {
    renames: Vec<Rename>,
}

impl Names {
    /// The names that these renames lead to.
    pub fn new(renames: &[Rename]) -> Self {
        Self { renames: renames.to_vec() }
    }

    /// The way back.
    #[must_use]
    pub fn back(&self) -> Self {
        Self { renames: self.renames.iter().rev().map(Rename::back).collect() }
    }

    /// These renames, and then others.
    #[must_use]
    pub fn then(&self, others: &Self) -> Self {
        Self { renames: self.renames.iter().chain(&others.renames).cloned().collect() }
    }

    /// What an object is called once the renames are made.
    pub fn id(&self, id: &Id) -> Id {
        self.renames.iter().fold(id.clone(), |id, rename| renamed(rename, &id))
    }
}

/// What an object is called after one rename.
fn renamed(rename: &Rename, id: &Id) -> Id {
    let (from, to) = (&rename.from, &rename.to);
    if id == from {
        return to.clone();
    }
    if from.kind == Kind::Schema {
        let is_inside = id.schema == from.name;
        return if is_inside { Id::part(id.kind, &to.name, &id.name, &id.part) } else { id.clone() };
    }
    let is_beside = (&id.schema, &id.name) == (&from.schema, &from.name);
    match from.kind {
        Kind::Column if is_beside && id.kind == Kind::Default && id.part == from.part => {
            Id::part(id.kind, &to.schema, &to.name, &to.part)
        }
        // What belongs to a relation or a type is called by its name.
        Kind::Table
        | Kind::ForeignTable
        | Kind::View
        | Kind::MaterializedView
        | Kind::Composite
        | Kind::Domain
        | Kind::Enum
            if is_beside && from.part.is_empty() && !id.part.is_empty() && is_part(id.kind) =>
        {
            Id::part(id.kind, &to.schema, &to.name, &id.part)
        }
        _ => id.clone(),
    }
}

fn is_part(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Column
            | Kind::Default
            | Kind::Constraint
            | Kind::Trigger
            | Kind::Policy
            | Kind::Rule
            | Kind::Inheritance
            | Kind::Enum
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_what_they_belong_to() {
        let table = |schema: &str, name: &str| Id::new(Kind::Table, schema, name);
        let column = |of: &str, name: &str| Id::part(Kind::Column, "public", of, name);
        let names = Names::new(&[
            Rename { from: table("public", "users"), to: table("public", "people"), of: None },
            Rename { from: column("people", "name"), to: column("people", "full_name"), of: Some(Kind::Table) },
        ]);
        assert_eq!(names.id(&column("users", "name")), column("people", "full_name"));
        assert_eq!(names.id(&column("users", "id")), column("people", "id"));
        assert_eq!(names.back().id(&column("people", "full_name")), column("users", "name"));
        let default = |of: &str, name: &str| Id::part(Kind::Default, "public", of, name);
        assert_eq!(names.id(&default("users", "name")), default("people", "full_name"));
        let schema = |name: &str| Id::new(Kind::Schema, "", name);
        let names = Names::new(&[Rename { from: schema("app"), to: schema("core"), of: None }]);
        assert_eq!(names.id(&table("app", "t")), table("core", "t"));
    }
}
