//! Sequences.

use serde::{Deserialize, Serialize};

/// How a sequence counts: <https://www.postgresql.org/docs/18/catalog-pg-sequence.html>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SequenceOptions {
    /// `bigint`, `integer` or `smallint`.
    pub data_type: String,
    /// Its first number.
    pub start: i64,
    /// How far it steps.
    pub increment: i64,
    /// Its lowest number.
    pub min: i64,
    /// Its highest number.
    pub max: i64,
    /// How many numbers a session takes at once.
    pub cache: i64,
    /// Whether it begins again behind the last number.
    pub cycle: bool,
    /// Whether it is not written to the log.
    #[serde(default)]
    pub unlogged: bool,
}

/// A sequence by itself, or one that a column owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sequence {
    /// How it counts.
    pub options: SequenceOptions,
    /// The column that owns it: schema, table, column.
    #[serde(default)]
    pub owned_by: Option<(String, String, String)>,
    /// Whether it is that of an identity column, which makes it, changes it and takes it away.
    #[serde(default)]
    pub of_identity: bool,
}
