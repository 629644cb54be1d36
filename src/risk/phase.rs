//! Which part of a safe change a statement is, and whether it can be taken back.

use std::fmt;

use serde::Serialize;

/// The parts of a change that code old and new lives through: expand, migrate, contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Adds what old code does not mind.
    #[default]
    Expand,
    /// Moves rows.
    Migrate,
    /// Takes away or tightens what old code may use.
    Contract,
}

impl Phase {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Expand => "expand",
            Self::Migrate => "migrate",
            Self::Contract => "contract",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// Whether a statement can be taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Reversible {
    /// To what was there before, to the letter.
    #[default]
    #[serde(rename = "exact")]
    Exact,
    /// The schema comes back, the rows or values do not.
    #[serde(rename = "data lost")]
    DataLost,
    /// No statement takes it back.
    #[serde(rename = "no")]
    No,
}

impl Reversible {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::DataLost => "data lost",
            Self::No => "no",
        }
    }
}
