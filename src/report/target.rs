//! The database that a command works on, as it may be shown: never a password, never a URL.

use serde::{Deserialize, Serialize};

/// A database and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// `local`, `remote`, the name of a `[targets.NAME]` table, or `url`.
    pub name: String,
    /// Host and port; `[socket]` for a Unix socket.
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

/// The flag that chooses a target by its name, with a blank before it, for commands in messages.
#[must_use]
pub fn target_flag(name: &str) -> String {
    match name {
        "local" | "remote" => format!(" --{name}"),
        "url" => " --url URL".to_owned(),
        name => format!(" --target {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::target_flag;

    #[test]
    fn names_the_flag_that_leads_to_the_same_database() {
        assert_eq!(target_flag("local"), " --local");
        assert_eq!(target_flag("remote"), " --remote");
        assert_eq!(target_flag("url"), " --url URL");
        assert_eq!(target_flag("staging"), " --target staging");
    }
}
