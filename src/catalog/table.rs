//! Tables and foreign tables.

use serde::{Deserialize, Serialize};

use super::Options;

/// A table: <https://www.postgresql.org/docs/18/catalog-pg-class.html>. Columns, constraints, what it
/// inherits from and the rest are objects of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Table {
    /// Whether it is not written to the log.
    pub unlogged: bool,
    /// `range (created_at)` of a partitioned table.
    pub partition_key: Option<String>,
    /// The columns in the key, those in its expressions too: none of them can change its type.
    pub key_columns: Vec<String>,
    /// The composite type it is made of, as SQL.
    pub of_type: Option<String>,
    /// Its access method, where that is not `heap`.
    pub access_method: Option<String>,
    /// Its tablespace, where that is not the database's.
    pub tablespace: Option<String>,
    /// Storage parameters, those of its TOAST table under `toast.…`.
    pub options: Options,
    /// What identifies a row to a subscriber, where that is not the primary key.
    pub replica_identity: Option<ReplicaIdentity>,
    /// The index it was last clustered on.
    pub clustered_on: Option<String>,
    /// Whether row-level security is on.
    pub row_security: bool,
    /// Whether it holds for the owner too.
    pub force_row_security: bool,
}

/// What identifies a row to a subscriber: <https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplicaIdentity {
    /// All columns.
    Full,
    /// Nothing.
    Nothing,
    /// The columns of an index of this name.
    Index(String),
}

/// A foreign table: <https://www.postgresql.org/docs/18/sql-createforeigntable.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ForeignTable {
    /// The server.
    pub server: String,
    /// Its options.
    pub options: Options,
}
