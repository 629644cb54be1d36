//! Indexes that no constraint owns, and extended statistics.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Options;

/// An index: <https://www.postgresql.org/docs/18/catalog-pg-index.html>. It stands in the schema of its table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Index {
    /// The table or materialized view.
    pub table: String,
    /// Whether it is `UNIQUE`.
    pub unique: bool,
    /// `USING btree (a) INCLUDE (b) NULLS NOT DISTINCT`.
    pub definition: String,
    /// What rows it is about, where it is not about all.
    pub predicate: Option<String>,
    /// Storage parameters.
    pub options: Options,
    /// Its tablespace, where that is not the database's.
    pub tablespace: Option<String>,
    /// Statistics targets by number of column.
    pub statistics: BTreeMap<u32, i32>,
    /// Whether its table is partitioned: it has no entries itself.
    pub partitioned: bool,
    /// The index of the partitioned table that it is attached to: schema and name.
    pub partition_of: Option<(String, String)>,
    /// Whether it was never finished.
    pub invalid: bool,
}

/// Extended statistics: <https://www.postgresql.org/docs/18/catalog-pg-statistic-ext.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statistics {
    /// The schema and name of the table.
    pub table: (String, String),
    /// What follows its name: `(ndistinct) ON a, b FROM public.t`.
    pub definition: String,
    /// The statistics target, where that was said.
    #[serde(default)]
    pub target: Option<i32>,
}
