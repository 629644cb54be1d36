//! The database that a command works on, as it may be shown: never a password, never a URL.

use serde::{Deserialize, Serialize};

/// A database and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// `local`, `remote`, the name of a `[targets.NAME]` table, or `url`.
    pub name: String,
    /// Host and port, or the socket folder.
    pub host: String,
    /// The database's name.
    pub database: String,
    /// The role that dbctl connects as.
    pub user: String,
    /// The server's version, such as `15.18`.
    pub server_version: String,
    /// Whether this is the local database (the managed server or `[local] url`).
    pub local: bool,
    /// `system_identifier/database oid`, so that a run can be told from one on another server; empty where unknown.
    pub fingerprint: String,
}

impl Target {
    /// `` `local` (postgres@127.0.0.1:5432/postgres) ``, for sentences.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("`{}` ({}@{}/{})", self.name, self.user, self.host, self.database)
    }
}
