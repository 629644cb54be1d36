//! `dbctl plan`: what `migrate` would do, `dbctl/plan/v1`.

use serde::Serialize;

use super::Target;
use crate::risk::LockMode;

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Always `dbctl/plan/v1`.
    pub format: &'static str,
    /// The database.
    pub target: Target,
    /// The layout found, such as `Supabase`.
    pub layout: String,
    /// How many migrations are applied there already.
    pub applied: usize,
    /// What would be run, in order.
    pub steps: Vec<PlanStep>,
    /// Why `migrate` would refuse as things stand; empty where it would not.
    pub refusals: Vec<String>,
    /// What is worth knowing though it stops nothing.
    pub remarks: Vec<String>,
}

/// How a migration's statements are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransactionMode {
    /// All statements and the history row in one transaction.
    Single,
    /// Every statement by itself.
    None,
    /// The file begins and ends transactions itself.
    SelfManaged,
}

/// One migration to be run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStep {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// The file, relative to the project.
    pub path: String,
    /// SHA-256 of the normalised text.
    pub sha256: String,
    /// SHA-256 of the bytes of the file.
    pub raw_sha256: String,
    /// How its statements are grouped.
    pub transaction: TransactionMode,
    /// Why it does not run in one transaction.
    pub transaction_reason: Option<String>,
    /// The first statement to run, from 1; more than 1 where an earlier run did a part.
    pub resume_at: usize,
    /// Whether this exact content has passed locally.
    pub gate: bool,
    /// The down file that rolls it back, relative to the project.
    pub down: Option<String>,
    /// The statements in order.
    pub statements: Vec<PlanStatement>,
}

/// One statement of a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStatement {
    /// Its number, from 1.
    pub number: usize,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The command tag, such as `CREATE TABLE`.
    pub kind: String,
    /// The object it touches, as written.
    pub object: Option<String>,
    /// What it destroys, where it does.
    pub hazard: Option<String>,
    /// Whom it keeps waiting: the locks, SHARE and stronger, that it takes on tables which are there before the migration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<PlanLock>,
}

/// A lock on a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanLock {
    /// The table.
    pub relation: String,
    /// How strong.
    pub mode: LockMode,
}
