//! Publications, and what they publish.

use serde::{Deserialize, Serialize};

/// A publication: <https://www.postgresql.org/docs/18/catalog-pg-publication.html>. Its tables and schemas are objects of
/// their own, since each may need what others do not, such as the columns of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Publication {
    /// Whether it has all tables.
    pub all_tables: bool,
    /// What it publishes: `insert`, `update`, `delete`, `truncate`.
    pub publish: Vec<String>,
    /// Whether changes of partitions are published as those of their partitioned table.
    pub via_root: bool,
    /// Whether stored generated columns are published, from PostgreSQL 18 on.
    #[serde(default)]
    pub generated_columns: bool,
}

/// That a publication has a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublicationTable {
    /// The columns, where not all are published; PostgreSQL keeps no order of them.
    pub columns: Vec<String>,
    /// Which rows are published.
    pub filter: Option<String>,
}

/// That a publication has all tables of a schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationSchema {}
