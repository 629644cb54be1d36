//! Triggers and event triggers.

use serde::{Deserialize, Serialize};

/// A trigger: <https://www.postgresql.org/docs/18/sql-createtrigger.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Trigger {
    /// The whole statement: `CREATE TRIGGER …`.
    pub definition: String,
    /// Whether it fires for each row.
    pub for_each_row: bool,
    /// Whether it is a constraint trigger.
    #[serde(default)]
    pub constraint: bool,
    /// When it fires.
    pub enabled: Enabled,
    /// The trigger of a partitioned table that it came with, and goes with: schema, table, name.
    #[serde(default)]
    pub of_parent: Option<(String, String, String)>,
}

/// When a trigger fires, by `session_replication_role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enabled {
    /// But in replicas.
    Origin,
    /// Only in replicas.
    Replica,
    /// Everywhere.
    Always,
    /// Never.
    Disabled,
}

impl Enabled {
    /// The words that SQL has for it.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Origin => "enable",
            Self::Replica => "enable replica",
            Self::Always => "enable always",
            Self::Disabled => "disable",
        }
    }
}

/// An event trigger: <https://www.postgresql.org/docs/18/sql-createeventtrigger.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EventTrigger {
    /// `ddl_command_end` and the like.
    pub event: String,
    /// The commands it is for; empty for all.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Its function, as SQL.
    pub function: String,
    /// When it fires.
    pub enabled: Enabled,
}
