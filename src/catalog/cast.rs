//! Casts and conversions.

use serde::{Deserialize, Serialize};

/// A cast: <https://www.postgresql.org/docs/18/sql-createcast.html>. It is called by its two types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// Its function with its arguments' types, as SQL.
    #[serde(default)]
    pub function: Option<String>,
    /// Whether it goes through text; without this and without a function, nothing is done.
    #[serde(default)]
    pub inout: bool,
    /// Where it is done unasked.
    pub context: CastContext,
}

/// Where a cast is done unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CastContext {
    /// Nowhere.
    Explicit,
    /// Where a value is assigned.
    Assignment,
    /// Everywhere.
    Implicit,
}

/// A conversion: <https://www.postgresql.org/docs/18/sql-createconversion.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conversion {
    /// The encoding it reads.
    pub source: String,
    /// The encoding it writes.
    pub target: String,
    /// Its function.
    pub function: String,
    /// Whether it is the one that is used for its encodings.
    pub default: bool,
}
