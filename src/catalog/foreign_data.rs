//! Foreign-data wrappers, servers and user mappings. The values of options that are secrets are never read.

use serde::{Deserialize, Serialize};

use super::Options;

/// A foreign-data wrapper: <https://www.postgresql.org/docs/18/sql-createforeigndatawrapper.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForeignDataWrapper {
    /// The function that runs its queries.
    pub handler: Option<String>,
    /// The function that checks its options.
    pub validator: Option<String>,
    /// Its options by name.
    pub options: Options,
    /// The names of options whose values are secrets.
    pub secrets: Vec<String>,
}

/// A foreign server: <https://www.postgresql.org/docs/18/sql-createserver.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Its wrapper.
    pub wrapper: String,
    /// Its type, where that was said.
    pub r#type: Option<String>,
    /// Its version, where that was said.
    pub version: Option<String>,
    /// Its options by name.
    pub options: Options,
    /// The names of options whose values are secrets.
    pub secrets: Vec<String>,
}

/// A user mapping: <https://www.postgresql.org/docs/18/sql-createusermapping.html>. It is called by its server and its role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserMapping {
    /// Its options by name.
    pub options: Options,
    /// The names of options whose values are secrets.
    pub secrets: Vec<String>,
}
