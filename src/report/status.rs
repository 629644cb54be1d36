//! `dbctl status`: every migration and where it stands, `dbctl/status/v1`.

use jiff::Timestamp;
use serde::Serialize;

use super::Target;

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Always `dbctl/status/v1`.
    pub format: &'static str,
    /// The layout found, such as `Supabase`.
    pub layout: String,
    /// The migrations folder, relative to the project.
    pub folder: String,
    /// The local database, where it was asked about.
    pub local: Option<TargetStatus>,
    /// The remote database, where it was asked about.
    pub remote: Option<TargetStatus>,
    /// The migrations in order.
    pub migrations: Vec<MigrationStatus>,
}

/// One database that was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetStatus {
    /// Which database; none where it could not be reached.
    pub target: Option<Target>,
    /// Why it could not be asked.
    pub unreachable: Option<String>,
    /// Whether dbctl's history table exists there.
    pub initialised: bool,
    /// A remark about an earlier run, such as one that ended without a result.
    pub remarks: Vec<String>,
}

/// Where a migration stands in one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MigrationState {
    /// Applied, and the file still says the same.
    Applied,
    /// To be applied.
    Pending,
    /// Applied, but the file's statements have changed since.
    Changed,
    /// Applied, but the file is gone.
    Missing,
    /// Not applied, though a newer one is.
    Late,
    /// Begun outside a transaction and not finished.
    Partial,
}

/// How the file compares with what was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Checksum {
    /// Nothing to compare with yet.
    None,
    /// The same.
    Ok,
    /// Only comments or white space differ.
    Comments,
    /// The statements differ.
    Changed,
    /// The file is gone.
    Missing,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatus {
    /// The version, as in the file name.
    pub version: String,
    /// The name, as in the file name.
    pub name: String,
    /// The file, relative to the project; none where it is missing.
    pub path: Option<String>,
    /// Its state in the local database; none where that was not asked or not reached.
    pub local: Option<MigrationState>,
    /// Its state in the remote database; none where that was not asked or not reached.
    pub remote: Option<MigrationState>,
    /// The worst checksum state of the databases asked.
    pub checksum: Checksum,
    /// SHA-256 of the normalised text; none where the file is missing.
    pub sha256: Option<String>,
    /// When it was applied locally (UTC).
    pub local_applied_at: Option<Timestamp>,
    /// When it was applied remotely (UTC).
    pub remote_applied_at: Option<Timestamp>,
    /// How long it took locally, in milliseconds.
    pub local_ms: Option<f64>,
    /// How long it took remotely, in milliseconds.
    pub remote_ms: Option<f64>,
    /// Whether it has a down file.
    pub reversible: bool,
    /// Whether this exact content has passed locally.
    pub gate: bool,
}
