//! Materialized views.

use serde::{Deserialize, Serialize};

use super::Options;

/// A materialized view: <https://www.postgresql.org/docs/18/sql-creatematerializedview.html>. Its columns and indexes are
/// objects of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct MaterializedView {
    /// What it keeps the rows of, without a semicolon.
    pub query: String,
    /// Its access method, where that is not `heap`.
    pub access_method: Option<String>,
    /// Its tablespace, where that is not the database's.
    pub tablespace: Option<String>,
    /// Storage parameters, those of its TOAST table under `toast.…`.
    pub options: Options,
    /// The index it was last clustered on.
    pub clustered_on: Option<String>,
    /// Whether it holds rows. Whoever refreshes it changes that, so that it says only how the view is made, and never that
    /// two of them differ.
    pub populated: bool,
}
