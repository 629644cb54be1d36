//! `dbctl rollback`: what was taken back, `dbctl/rollback/v1`.

use serde::Serialize;

use super::{Outcome, Target, TransactionMode};
use crate::diff::inverse::{By, DataStep, Verdict};
use crate::risk::LockMode;

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
    /// The file with the SQL that brings back what is kept, under `--plan --keep-data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore: Option<String>,
    /// What was brought back, under `--restore`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restored: Vec<String>,
    /// Whether this is about bringing back.
    #[serde(skip)]
    pub is_restoring: bool,
    /// What is known of each way back, where it was tried on a shadow database; newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<BackStep>,
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

/// The script that `dbctl rollback --plan` writes, `dbctl/rollback-script/v1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollbackScript {
    /// Always `dbctl/rollback-script/v1`.
    pub format: &'static str,
    /// The database that it is for.
    pub target: Target,
    /// The version that stays the newest; none where nothing stays.
    pub to: Option<String>,
    /// The steps, in order.
    pub steps: Vec<BackStep>,
    /// The script, for psql.
    pub sql: String,
    /// The SQL that brings back what is kept, once the migrations are applied again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore: Option<String>,
}

/// What is known of the way back of a migration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackStep {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// Where its statements come from.
    pub source: BackSource,
    /// The down file, where there is one, relative to the project.
    pub path: Option<String>,
    /// How far it goes back.
    pub verdict: Verdict,
    /// Whether it was run on a shadow database, and left the schema as it was before the migration.
    pub proved: bool,
    /// What is to be known: what is not exact, why the down file is not taken.
    pub remarks: Vec<String>,
    /// Data that do not come back, or go.
    pub losses: Vec<BackLoss>,
    /// Rows that it fails on: a person has to decide what becomes of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fails_on: Vec<BackRefusal>,
    /// Rows that the migration has changed, and no statement changes back.
    pub data_steps: Vec<DataStep>,
    /// Tables whose columns stand in another order afterwards.
    pub column_order: Vec<String>,
    /// What an application must stop using before.
    pub stop_using: Vec<String>,
    /// The strongest lock on each relation.
    pub locks: Vec<BackLock>,
    /// How its statements are grouped.
    pub transaction: TransactionMode,
}

/// Where the statements of a way back come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackSource {
    /// The down file.
    File,
    /// The schemas after the migration and before it.
    Generated,
}

/// Data that are lost on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackLoss {
    /// The table, or what else holds them.
    pub table: String,
    /// The column; none where it is the whole table.
    pub column: Option<String>,
    /// Which way loses them.
    pub by: By,
    /// What, and why.
    pub why: String,
    /// How many rows on the target it is about now; none where nobody knows.
    pub rows: Option<u64>,
    /// Whether that is the server's estimate: counting took too long.
    pub estimated: bool,
    /// The table that keeps them, under `--keep-data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_in: Option<String>,
    /// Why it does not come back from there by `--restore`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_restored: Option<String>,
}

/// Rows that a way back fails on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackRefusal {
    /// The column, or the table, as it is called on the target now.
    pub of: String,
    /// How many rows on the target now; none where nobody knows.
    pub rows: Option<u64>,
    /// While what it fails, and what a person has to decide.
    pub decide: String,
}

/// A lock that a way back takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackLock {
    /// The relation.
    pub relation: String,
    /// How strong.
    pub mode: LockMode,
    /// How many rows the server takes it to have; none where it is not there yet.
    pub rows: Option<u64>,
    /// Its size on disk with its indexes, in bytes.
    pub bytes: Option<u64>,
    /// Whether it is held while the table is read or written anew.
    pub long: bool,
}

/// `dbctl rollback --generate`: the down files that were written, `dbctl/rollback-generate/v1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollbackGenerate {
    /// Always `dbctl/rollback-generate/v1`.
    pub format: &'static str,
    /// The version of the server that judged, such as `15.14`.
    pub server_version: String,
    /// The migrations that lacked a down file, in their order.
    pub migrations: Vec<Generated>,
}

/// A migration that lacked a down file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// The file that was written, relative to the project; none where none was.
    pub path: Option<String>,
    /// How far it goes back.
    pub verdict: Verdict,
    /// What is to be known: data that are lost, and why nothing was written.
    pub remarks: Vec<String>,
}
