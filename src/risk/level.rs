//! How dangerous a statement is, in one word.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::did_you_mean;

/// A level of risk, lowest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing that was there before is touched: only new objects.
    #[default]
    None,
    /// Existing objects are touched, and whoever waits does so for a moment.
    Low,
    /// Writers wait while a table is read, or everybody for a moment without a `lock_timeout`.
    Medium,
    /// Readers and writers wait while a table is read or rewritten, it fails on some rows, or code that runs breaks.
    High,
    /// Rows or values are lost, or it cannot be taken back.
    Critical,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, Self::Err> {
        let word = said.to_ascii_lowercase();
        Self::ALL.into_iter().find(|level| level.word() == word).ok_or_else(|| {
            match did_you_mean(&word, Self::ALL.map(Self::word)) {
                Some(near) => format!("there is no level `{said}`; did you mean `{near}`?"),
                None => format!("there is no level `{said}`, expected one of none, low, medium, high, critical"),
            }
        })
    }
}
