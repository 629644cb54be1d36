//! Range types.

use serde::{Deserialize, Serialize};

/// A range type with its multirange type: <https://www.postgresql.org/docs/18/catalog-pg-range.html>. Names are SQL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Range {
    /// The type of its bounds.
    pub subtype: String,
    /// The operator class that orders them, where that is not their type's default.
    pub operator_class: Option<String>,
    /// Their collation, where that is not their type's.
    pub collation: Option<String>,
    /// The function that makes equal ranges look alike.
    pub canonical: Option<String>,
    /// The function that tells how far two bounds are apart.
    pub difference: Option<String>,
    /// The schema and name of the multirange type.
    pub multirange: (String, String),
}
