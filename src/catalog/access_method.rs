//! Access methods.

use serde::{Deserialize, Serialize};

/// An access method: <https://www.postgresql.org/docs/18/sql-create-access-method.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessMethod {
    /// `table` or `index`.
    pub what: String,
    /// Its function.
    pub handler: String,
}
