//! Enum types.

use serde::{Deserialize, Serialize};

/// An enum type: <https://www.postgresql.org/docs/18/catalog-pg-enum.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// Its values in their order.
    pub labels: Vec<String>,
}
