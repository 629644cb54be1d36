//! What an object is in one state, as text to compare with what it is in another.

use std::collections::BTreeSet;

use super::emit::{self, Cx};
use super::plan::parent;
use crate::catalog::{Catalog, Id, Kind};

/// The statements that make an object with its comment and privileges; of a table without its columns, which are objects
/// of their own, and of a column as `create table` has it.
pub fn definition(id: &Id, catalog: &Catalog, owners: bool) -> Option<String> {
    let entry = catalog.get(id)?;
    let nothing = Catalog { version: catalog.version, user: catalog.user.clone(), ..Catalog::default() };
    let fates = super::Fates::new();
    let apart = BTreeSet::new();
    let cx = Cx {
        id,
        entry,
        from: &nothing,
        to: catalog,
        fates: &fates,
        apart: &apart,
        partial: &apart,
        owners,
        online: false,
        stand_ins: false,
    };
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

/// The objects that an object is a part of, nearest first: the column of a default, and its table.
pub fn wholes(id: &Id, catalog: &Catalog) -> Vec<Id> {
    let mut wholes: Vec<Id> = Vec::new();
    while let Some(whole) = parent(catalog, wholes.last().unwrap_or(id)).filter(|whole| !wholes.contains(whole)) {
        wholes.push(whole);
    }
    wholes
}
