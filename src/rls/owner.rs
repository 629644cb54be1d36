//! The role that stands in for the application where it connects as the owner of the tables.

use crate::catalog::{Catalog, Id, Kind, Scope};
use crate::text::quote_ident;

/// Its name: it is made inside a transaction that is never committed.
pub const STAND_IN: &str = "dbctl_rls_application";

/// Statements that make it and give it what the project has made.
pub fn stand_in(catalog: &Catalog) -> String {
    let scope = Scope::default();
    let role = quote_ident(STAND_IN);
    let mut sql = format!("create role {role} nologin nosuperuser nobypassrls; ");
    for (id, _) in catalog.entries.iter().filter(|(id, _)| scope.contains(id)) {
        match id.kind {
            Kind::Schema => sql += &format!("grant usage, create on schema {} to {role}; ", quote_ident(&id.name)),
            Kind::Table | Kind::View | Kind::MaterializedView | Kind::Function | Kind::Procedure => {
                sql += &format!("alter {} {} owner to {role}; ", id.kind.sql(), id.address());
            }
            Kind::Sequence if is_free(catalog, id) => {
                sql += &format!("alter sequence {} owner to {role}; ", id.address());
            }
            _ => {}
        }
    }
    sql
}

/// Whether a sequence belongs to no column: those go with their tables.
fn is_free(catalog: &Catalog, id: &Id) -> bool {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(crate::catalog::Object::Sequence(it)) => it.owned_by.is_none(),
        _ => false,
    }
}
