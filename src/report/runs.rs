//! `dbctl runs`: what the state directory remembers, `dbctl/runs/v1` and `dbctl/run/v1`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Outcome, Stamped, Target};

/// What a run was: `meta.json` of its folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunMeta {
    /// Always `dbctl/run/v1`.
    pub format: String,
    /// The run's id (a UUIDv7).
    pub run: String,
    /// `migrate` or `rollback`.
    pub command: String,
    /// The command line, secrets replaced.
    pub argv: Vec<String>,
    /// `user@host` of the machine that dbctl ran on.
    pub actor: String,
    /// When it began (UTC).
    pub started_at: Timestamp,
    /// The database.
    pub target: Target,
    /// The commit that the project's folder stood at, where it is a git work tree.
    pub git_commit: Option<String>,
    /// Whether that work tree had changes.
    pub git_dirty: Option<bool>,
    /// dbctl's version.
    pub dbctl_version: String,
    /// The reason given for passing by the local gate.
    pub gate_skipped: Option<String>,
    /// Flags that allowed what is refused by default, such as `--allow-late`.
    pub allowed: Vec<String>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    /// The run's id.
    pub run: String,
    /// The run's folder, relative to the project.
    pub folder: String,
    /// `migrate` or `rollback`.
    pub command: String,
    /// When it began (UTC).
    pub started_at: Timestamp,
    /// The database's name as configured.
    pub target: String,
    /// How it ended; none where it is still running or ended without a result (killed, crashed).
    pub outcome: Option<Outcome>,
    /// Whether it is still running.
    pub running: bool,
    /// How many migrations it ran.
    pub migrations: usize,
    /// How long it took, in milliseconds.
    pub ms: Option<f64>,
}

/// The list, newest first, or one run with its events.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Runs {
    /// Always `dbctl/runs/v1`.
    pub format: &'static str,
    /// The runs.
    pub runs: Vec<RunSummary>,
    /// The one that was asked for.
    pub shown: Option<RunMeta>,
    /// Its events.
    pub events: Vec<Stamped>,
    /// What could not be read, naming the file.
    pub remarks: Vec<String>,
}

/// The last eight characters of a run's id, as sentences and folders name it.
///
/// The id begins with the time, so that runs of the same minute share its first characters; its end is random.
#[must_use]
pub fn short_run(id: &str) -> &str {
    id.char_indices().rev().nth(7).map_or(id, |(at, _)| &id[at..])
}
