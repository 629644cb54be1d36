//! What can be said of a way back in a word.

use serde::Serialize;

use super::{DataStep, Loss};

/// How far a migration can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The schema is as it was, and nothing is lost.
    Exact,
    /// The schema is as it was, but data are lost.
    DataLost,
    /// Something stays that no statement of dbctl's takes back: a person has to decide.
    NotReversible,
}

impl Verdict {
    /// As output shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::DataLost => "exact, but data is lost",
            Self::NotReversible => "not reversible",
        }
    }
}

/// The verdict on a way back; `is_exact` says whether it was seen to leave the schema as it was. What it refuses to
/// destroy is not lost: whether there is any, only a target knows.
pub fn verdict(is_exact: bool, losses: &[Loss], data: &[DataStep]) -> Verdict {
    if !is_exact || data.iter().any(DataStep::stays) {
        Verdict::NotReversible
    } else if losses.iter().all(|loss| loss.refused.is_some()) {
        Verdict::Exact
    } else {
        Verdict::DataLost
    }
}
