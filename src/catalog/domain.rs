//! Domains.

use serde::{Deserialize, Serialize};

/// A domain: <https://www.postgresql.org/docs/18/sql-createdomain.html>. Its constraints are objects of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Domain {
    /// The type it is made of, as SQL.
    pub data_type: String,
    /// Its collation as SQL, where that is not its type's.
    pub collation: Option<String>,
    /// The expression of its default.
    pub default: Option<String>,
    /// Whether it is `not null`; from PostgreSQL 17 on that is a constraint.
    pub not_null: bool,
}
