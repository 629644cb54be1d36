//! What is left out keeps depending on what is renamed.

use std::collections::BTreeSet;

use super::Rename;
use crate::catalog::{Dependant, Id, Kind};

/// The dependants of what was renamed since they were read.
pub fn carried(dependants: &BTreeSet<Dependant>, renames: &[Rename]) -> BTreeSet<Dependant> {
    let now = |id: &Id| renames.iter().fold(id.clone(), |id, rename| renamed(&id, rename));
    dependants.iter().map(|it| Dependant { on: now(&it.on), ..it.clone() }).collect()
}

/// What an object is called after a rename.
fn renamed(id: &Id, Rename { from, to, .. }: &Rename) -> Id {
    if id == from {
        return to.clone();
    }
    let is_part = match id.kind {
        Kind::Column | Kind::Constraint => from.part.is_empty() && from.kind != Kind::Index,
        Kind::Default | Kind::Trigger | Kind::Policy | Kind::Rule => from.kind.space() == Kind::Table.space(),
        _ => false,
    };
    if is_part && (&id.schema, &id.name) == (&from.schema, &from.name) && from.kind != Kind::Schema {
        Id::part(id.kind, &to.schema, &to.name, &id.part)
    } else if from.kind == Kind::Schema && id.schema == from.name {
        Id::part(id.kind, &to.name, &id.name, &id.part)
    } else {
        id.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn a_view_of_a_table_stays_one_of_its_next_name() {
        let table = |name: &str| Id::new(Kind::Table, "public", name);
        let column = |of: &str, name: &str| table(of).beside(Kind::Column, name);
        let pairs = [(table("t"), table("u")), (column("u", "a"), column("u", "b"))];
        let renames = pairs.map(|(from, to)| Rename::new(&Catalog::default(), from, to));
        let view = Id::new(Kind::View, "rep", "v");
        let dependant = |on: Id| Dependant { on, id: view.clone(), goes_with: false };
        let read = [column("t", "a"), column("t", "c"), column("tt", "a")].map(dependant);
        let now = [column("u", "b"), column("u", "c"), column("tt", "a")].map(dependant);
        assert_eq!(carried(&read.into(), &renames), now.into());
    }
}
