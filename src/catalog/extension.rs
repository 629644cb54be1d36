//! Extensions.

use serde::{Deserialize, Serialize};

/// An extension: <https://www.postgresql.org/docs/18/catalog-pg-extension.html>. What it brings is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Extension {
    /// The schema of its objects.
    pub schema: String,
    /// Its version, where that is not the one that its server chooses.
    #[serde(default)]
    pub version: Option<String>,
    /// Whether its objects can move to another schema.
    pub relocatable: bool,
    /// The comment it brings.
    #[serde(default)]
    pub comment: Option<String>,
}
