//! Composite types made by themselves.

use serde::{Deserialize, Serialize};

/// A composite type: <https://www.postgresql.org/docs/18/sql-createtype.html>. Comments on its attributes are those of columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Composite {
    /// Its attributes in their order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type, as SQL.
    pub data_type: String,
    /// Its collation as SQL, where that is not its type's.
    pub collation: Option<String>,
}
