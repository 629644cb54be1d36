//! What a statement may cost, beside the lock it takes.

use serde::{Deserialize, Serialize};

use super::LockMode;

/// What may go wrong, or what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HazardKind {
    /// Rows or values are gone afterwards, and no statement brings them back.
    DataLoss,
    /// Somebody may do more than before.
    PermissionWidened,
    /// It fails where existing rows do not fit.
    MayFail,
    /// The table is written anew, under a lock that keeps readers out.
    Rewrite,
    /// The whole table is read while a lock is held.
    LongScan,
    /// A lock keeps readers or writers out.
    Lock,
    /// What depends on it without PostgreSQL's knowledge may break.
    Untracked,
}

impl HazardKind {
    /// One or two words, as output shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::DataLoss => "data loss",
            Self::PermissionWidened => "permission widened",
            Self::MayFail => "may fail",
            Self::Rewrite => "table rewrite",
            Self::LongScan => "long scan",
            Self::Lock => "lock",
            Self::Untracked => "untracked",
        }
    }
}

/// A hazard of a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hazard {
    /// What.
    pub kind: HazardKind,
    /// In words, with the object's name.
    pub text: String,
    /// The lock, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<LockMode>,
    /// What it locks, as SQL names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<String>,
}

impl Hazard {
    /// A hazard without a lock.
    pub fn new(kind: HazardKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), lock: None, locked: None }
    }

    /// A lock on an object.
    pub fn lock(mode: LockMode, object: &str) -> Self {
        Self {
            kind: HazardKind::Lock,
            text: format!("takes {} on {object}: {}", mode.sql(), mode.blocks()),
            lock: Some(mode),
            locked: Some(object.to_owned()),
        }
    }
}
