//! Policies of row-level security.

use serde::{Deserialize, Serialize};

/// A policy: <https://www.postgresql.org/docs/18/catalog-pg-policy.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// `all`, `select`, `insert`, `update` or `delete`.
    pub command: String,
    /// Whether it lets rows through, and does not only hold back what others let through.
    pub permissive: bool,
    /// The roles it holds for, by name; none for everybody.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Which rows are seen.
    #[serde(default)]
    pub using: Option<String>,
    /// Which rows may be written.
    #[serde(default)]
    pub check: Option<String>,
}
