//! Default privileges: what objects that a role makes later grant from the beginning.

use serde::{Deserialize, Serialize};

use super::Kind;

/// Default privileges of a role, everywhere or in one schema, for one kind of objects:
/// <https://www.postgresql.org/docs/18/catalog-pg-default-acl.html>. What they are is the entry's privileges.
///
/// Those that hold everywhere stand in place of PostgreSQL's own, those of a schema come in addition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultPrivileges {}

/// The word that `alter default privileges` has for objects of a kind; none where there are no default privileges.
pub fn word(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView => Some("tables"),
        Kind::Sequence => Some("sequences"),
        Kind::Function | Kind::Procedure | Kind::Aggregate => Some("functions"),
        Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::BaseType => Some("types"),
        Kind::Schema => Some("schemas"),
        _ => None,
    }
}

/// A kind of the objects for which there is a word; none for large objects, which are data.
pub fn kind(word: &str) -> Option<Kind> {
    [Kind::Table, Kind::Sequence, Kind::Function, Kind::Enum, Kind::Schema]
        .into_iter()
        .find(|kind| self::word(*kind) == Some(word))
}
