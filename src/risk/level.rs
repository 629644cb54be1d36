//! How dangerous a statement is, in one word.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::did_you_mean;

/// A level of risk, lowest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Only new objects: nothing that was there before is touched.
    #[default]
    None,
    /// What is there is touched, and whoever waits does so for a moment.
    Low,
    /// Writers wait while a table is read, everybody waits without a limit, or something else may surprise.
    Medium,
    /// Readers and writers wait while a table is read or rewritten, it fails on some rows, or code that runs breaks.
    High,
    /// Rows or values are lost, and no statement brings them back.
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

/// What is dangerous about a statement. The level of each is told by [`Danger::level`], and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// Existing objects are touched, and nobody notices.
    Touches,
    /// A lock keeps others waiting for a moment.
    ShortLock,
    /// A lock is asked for without a limit: whoever comes later queues behind it, however long it takes to get.
    EndlessWait,
    /// A table is read while writers wait.
    BlocksWrites,
    /// Rows are read while everybody works on, and one that does not fit ends the migration.
    TestsRows,
    /// Values of some rows are overwritten; what they were is not kept.
    Overwrites,
    /// What stays cannot be taken away again: a label of an enum.
    Permanent,
    /// A rule about the rows, a trigger or a policy is gone, or an index that queries count on.
    LosesGuard,
    /// Somebody may do less than before, and code that counts on it fails.
    Revokes,
    /// Nobody can tell from the text what it does.
    Opaque,
    /// Rows are seen or changed by those who could not before.
    Opens,
    /// Code that is running fails: a name or a type is no longer what it was.
    BreaksCode,
    /// It fails on some rows that may be there, after the lock was taken.
    FailsOnRows,
    /// A table is read while nobody else may use it.
    BlocksAllReading,
    /// A table is written anew while nobody else may use it.
    BlocksAllRewriting,
    /// The values of every row are overwritten; what they were is not kept.
    OverwritesAll,
    /// Some rows are deleted.
    DeletesRows,
    /// A table, a column or all its rows are gone.
    LosesData,
}

impl Danger {
    /// How bad it is: the one table that `--max-risk` goes by.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "each line has its own reason")]
    pub fn level(self) -> Level {
        match self {
            // Nobody waits longer than a `lock_timeout` and a change of the catalog take.
            Self::Touches | Self::ShortLock => Level::Low,
            // Writers wait as long as a table is long, or everybody waits for one slow query: an outage of a part, or one
            // that a `lock_timeout` would have kept off.
            Self::EndlessWait | Self::BlocksWrites => Level::Medium,
            // It can end badly, but what fails is taken back whole and nobody was kept waiting for it.
            Self::TestsRows | Self::Overwrites | Self::Permanent => Level::Medium,
            // Nothing stands still and nothing is lost, but what holds the data together is looser, or others fail.
            Self::LosesGuard | Self::Revokes | Self::Opaque => Level::Medium,
            // What the database shows to whom is no matter of load: it is seen at once, and cannot be unseen.
            Self::Opens => Level::High,
            // Every request fails or waits, until the code is deployed or the table is through.
            Self::BreaksCode | Self::FailsOnRows | Self::BlocksAllReading | Self::BlocksAllRewriting => Level::High,
            // A mistake in the condition is found later, and only a backup has what was there.
            Self::OverwritesAll | Self::DeletesRows => Level::High,
            // Only a backup brings it back.
            Self::LosesData => Level::Critical,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_command_line() {
        for level in Level::ALL {
            assert_eq!(level.word().parse(), Ok(level));
            assert_eq!(serde_json::to_string(&level).unwrap(), format!("\"{level}\""));
        }
        assert_eq!("hihg".parse::<Level>().unwrap_err(), "there is no level `hihg`; did you mean `high`?");
        assert!(Level::None < Level::Low && Level::High < Level::Critical);
    }

    #[test]
    fn what_loses_data_is_the_worst_and_a_lock_for_a_moment_the_least() {
        assert_eq!(Danger::LosesData.level(), Level::Critical);
        assert_eq!(Danger::BlocksAllRewriting.level(), Level::High);
        assert_eq!(Danger::BlocksWrites.level(), Level::Medium);
        assert_eq!(Danger::ShortLock.level(), Level::Low);
    }
}
