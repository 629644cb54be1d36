//! `dbctl rollback`: what was taken back, `dbctl/rollback/v1`.

use serde::Serialize;

use super::{Outcome, Target};

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rollback {
    /// Always `dbctl/rollback/v1`.
    pub format: &'static str,
    /// The run's id; none where nothing was run.
    pub run: Option<String>,
    /// The database.
    pub target: Target,
    /// How it ended.
    pub outcome: Outcome,
    /// What was rolled back, newest first.
    pub rolled_back: Vec<RolledBack>,
    /// The file that the script was written to, under `--plan`.
    pub script: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// What is worth knowing.
    pub remarks: Vec<String>,
}

/// One migration that was rolled back, or would be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RolledBack {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// The down file, relative to the project.
    pub path: String,
    /// How long it took, in milliseconds; none where it was only planned.
    pub ms: Option<f64>,
}
