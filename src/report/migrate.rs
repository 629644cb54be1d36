//! `dbctl migrate`: what was applied, `dbctl/migrate/v1`.

use serde::Serialize;

use super::{Outcome, Target};

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Migrate {
    /// Always `dbctl/migrate/v1`.
    pub format: &'static str,
    /// The run's id; none where nothing was run.
    pub run: Option<String>,
    /// The database.
    pub target: Target,
    /// How it ended.
    pub outcome: Outcome,
    /// How many migrations were applied there before.
    pub applied_before: usize,
    /// What was applied, in order.
    pub applied: Vec<Applied>,
    /// How many migrations are pending still.
    pub pending: usize,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// What is worth knowing.
    pub remarks: Vec<String>,
}

/// One migration that was applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// How many statements ran.
    pub statements: usize,
    /// How long it took, in milliseconds.
    pub ms: f64,
}
