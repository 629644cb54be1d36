//! What an object is in one state, as text to compare with what it is in another.

use super::emit::{self, Cx};
use super::plan::parent;
use crate::catalog::{Catalog, Id, Kind};

/// The statements that make an object with its comment and privileges; of a table without its columns, which are objects
/// of their own, and of a column as `create table` has it.
pub fn definition(id: &Id, catalog: &Catalog, owners: bool) -> Option<String> {
    let entry = catalog.get(id)?;
    let nothing = Catalog { version: catalog.version, user: catalog.user.clone(), ..Catalog::default() };
    let fates = super::Fates::new();
    let cx = Cx { id, entry, from: &nothing, to: catalog, fates: &fates, owners };
    let mut lines = Vec::new();
    match id.kind {
        Kind::Column => lines.push(emit::column_definition(&cx)),
        Kind::Table => {
            let entries = [(id.clone(), entry.clone())].into_iter().collect();
            let bare = Catalog { entries, ..nothing.clone() };
            let steps = emit::create(&Cx { to: &bare, ..cx });
            lines.extend(steps.into_iter().map(|step| step.sql.replacen(" ()", "", 1)));
        }
        _ => lines.extend(emit::create(&cx).into_iter().map(|step| step.sql)),
    }
    lines.extend(emit::create_facets(&cx).into_iter().map(|step| step.sql));
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The outermost object that an object is a part of: the table of a column, of an index or of a policy.
pub fn part_of(id: &Id, catalog: &Catalog) -> Option<Id> {
    let mut whole = parent(catalog, id)?;
    // A circle among parts there is none, but nothing here depends on it.
    for _ in 0..4 {
        match parent(catalog, &whole) {
            Some(next) => whole = next,
            None => break,
        }
    }
    Some(whole)
}
