//! What an application must stop using before a migration is taken back.

use super::Names;
use crate::catalog::{Catalog, Id, Kind, Object};

/// The tables, columns, views, routines, types and sequences that the way back takes away or calls otherwise, as people
/// read them. What goes with its table is not said.
pub fn gone(before: &Catalog, after: &Catalog, back: &Names) -> Vec<String> {
    let mut said = Vec::new();
    for (id, _) in after.entries.iter().filter(|(id, entry)| is_used(after, id, &entry.object)) {
        let there = back.id(id);
        if !before.entries.contains_key(&there) {
            let goes_with = id.kind == Kind::Column
                && [Kind::Table, Kind::ForeignTable, Kind::View, Kind::MaterializedView].into_iter().any(|kind| {
                    let of = id.beside(kind, "");
                    after.entries.contains_key(&of) && !before.entries.contains_key(&back.id(&of))
                });
            if !goes_with {
                said.push(id.to_string());
            }
        } else if there != *id && is_other(id, &there, back) {
            said.push(format!("{id} (it is called {} then)", there.address()));
        }
    }
    said
}

/// Whether it has another name of its own, and not only what it belongs to.
fn is_other(id: &Id, there: &Id, back: &Names) -> bool {
    id.part != there.part
        || id.part.is_empty()
            && (id.name != there.name || id.schema != there.schema && id.kind != Kind::Schema)
            && back.id(&Id::new(Kind::Schema, "", &id.schema)).name == id.schema
        || id.kind == Kind::Schema
}

/// Whether queries name such a thing.
fn is_used(catalog: &Catalog, id: &Id, object: &Object) -> bool {
    match id.kind {
        Kind::Sequence => !matches!(object, Object::Sequence(it) if it.of_identity || it.owned_by.is_some()),
        Kind::Column => !catalog.is_partition(&id.beside(Kind::Table, "")),
        Kind::Schema
        | Kind::Table
        | Kind::ForeignTable
        | Kind::View
        | Kind::MaterializedView
        | Kind::Function
        | Kind::Procedure
        | Kind::Aggregate
        | Kind::Operator
        | Kind::Enum
        | Kind::Domain
        | Kind::Composite
        | Kind::Range
        | Kind::BaseType
        | Kind::Extension => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Rename;
    use crate::diff::rename::tests::table;

    #[test]
    fn names_what_goes_and_what_is_called_otherwise() {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "users", &[("id", "bigint")]);
        table(&mut after, "people", &[("id", "bigint"), ("mail", "text")]);
        table(&mut after, "logs", &[("id", "bigint")]);
        let id = |name: &str| Id::new(Kind::Table, "public", name);
        let names = Names::new(&[Rename { from: id("people"), to: id("users"), of: None }]);
        assert_eq!(
            gone(&before, &after, &names),
            ["table public.logs", "table public.people (it is called public.users then)", "column public.people.mail"]
        );
    }
}
