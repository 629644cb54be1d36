//! What a trial of a plan on a shadow database has shown, and what the target's statistics say of what it touches.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::plan::PlanLock;
use crate::risk::LockMode;

/// What a statement did when it ran on a shadow database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanTrace {
    /// How long it took there, on tables without the target's rows.
    pub ms: f64,
    /// The locks that it took or made stronger on relations which were there before the migration, strongest first.
    pub locks: Vec<PlanLock>,
    /// Why not all of its locks could be seen, where they could not.
    pub unseen: Option<String>,
    /// The tables that were there before and that it wrote anew.
    pub rewrites: Vec<String>,
    /// The indexes that were there before and that it built anew.
    pub rebuilds: Vec<String>,
    /// The tables that were there before and that it read whole.
    pub scans: Vec<String>,
    /// The tables that were there before and whose rows it was about to change, with how many rows it found.
    pub writes: Vec<PlanWrites>,
    /// The tables that were there before and that code in it emptied.
    pub emptied: Vec<String>,
    /// The tables and columns that were there before and that it dropped with what they held.
    pub lost: Vec<PlanChange>,
    /// Which of the relations that are named here are partitions, and of which table at the top.
    pub partitions: BTreeMap<String, String>,
    /// The indexes that it left invalid.
    pub invalid_indexes: Vec<String>,
    /// What it made, changed and dropped.
    pub changes: Vec<PlanChange>,
    /// Where the static table says otherwise: the trace counts.
    pub disagrees: Vec<String>,
    /// How it failed, where it did.
    pub failed: Option<PlanFailure>,
}

impl PlanTrace {
    /// Whether it is the lock of a partition whose table at the top it locked as well, and no weaker.
    #[must_use]
    pub fn is_of_root(&self, lock: &PlanLock) -> bool {
        let root = self.partitions.get(&lock.relation);
        root.is_some_and(|root| self.locks.iter().any(|it| it.relation == *root && it.mode >= lock.mode))
    }
}

/// The rows of a table that a statement changed on a shadow database, which has only those that migrations and seeds put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanWrites {
    /// The table.
    pub relation: String,
    /// How many rows came in.
    pub inserted: i64,
    /// How many rows got other values.
    pub updated: i64,
    /// How many rows went.
    pub deleted: i64,
}

/// An object that a statement made, changed or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanChange {
    /// What became of it.
    pub what: PlanFate,
    /// What it is, in PostgreSQL's words: `table`, `table constraint`.
    pub kind: String,
    /// Its name, with all that tells it from others.
    pub name: String,
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanFate {
    /// It is new.
    Made,
    /// It is there as before, but otherwise.
    Changed,
    /// It is gone.
    Dropped,
}

/// How a statement failed on a shadow database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanFailure {
    /// Where in the file, from 1.
    pub line: usize,
    /// Where in the line, from 1.
    pub column: usize,
    /// The condition, such as `42P01`; none where the server did not answer.
    pub sqlstate: Option<String>,
    /// What the server said.
    pub message: String,
}

/// What the target's statistics say of a relation that the plan touches.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanEstimate {
    /// The relation, with its schema.
    pub relation: String,
    /// About how many rows it has, with those of its partitions; none where it was never analysed.
    pub rows: Option<u64>,
    /// How many bytes it has, with indexes, TOAST and partitions; none where another session locks it.
    pub bytes: Option<u64>,
    /// How many indexes it has, with those of its partitions.
    pub indexes: usize,
    /// How many partitions it has at the leaves.
    pub partitions: usize,
    /// Rows inserted, updated and deleted a second, on average over `over_seconds`.
    pub writes_per_second: Option<f64>,
    /// Scans of the table and its indexes a second, on average over `over_seconds`.
    pub reads_per_second: Option<f64>,
    /// For how long rows and scans were counted.
    pub over_seconds: Option<f64>,
    /// Whether they were counted by two looks a moment apart, because nobody knows for how long the server has counted.
    pub is_measured: bool,
    /// The sessions that a lock would wait for at this moment, longest transaction first.
    pub waiting: Vec<PlanSession>,
    /// Where its rows are replicated to, a sentence each.
    pub replication: Vec<String>,
}

/// A session on the target that a lock would wait for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanSession {
    /// Its process.
    pub pid: i32,
    /// Who, as which role.
    pub who: String,
    /// What it is doing: `active`, `idle in transaction`.
    pub state: String,
    /// Its strongest lock on the relation, as SQL has it; none where it holds only a snapshot.
    pub mode: Option<String>,
    /// The age of its transaction in seconds.
    pub seconds: f64,
}

/// What waits for a lock follows from its mode.
impl<'de> Deserialize<'de> for PlanLock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Lock {
            relation: String,
            mode: LockMode,
        }
        let Lock { relation, mode } = Lock::deserialize(deserializer)?;
        Ok(Self { relation, mode, blocks: mode.waits() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_trial_is_read_as_it_was() {
        let mode = LockMode::ShareRowExclusive;
        let trace = PlanTrace {
            ms: 1.5,
            locks: vec![PlanLock { relation: "public.t".to_owned(), mode, blocks: mode.waits() }],
            changes: vec![PlanChange { what: PlanFate::Made, kind: "index".to_owned(), name: "public.i".to_owned() }],
            ..PlanTrace::default()
        };
        let text = serde_json::to_string(&trace).unwrap();
        assert_eq!(serde_json::from_str::<PlanTrace>(&text).unwrap(), trace, "{text}");
    }
}
