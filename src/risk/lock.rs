//! The eight lock modes of tables, and whom each keeps waiting.
//!
//! <https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES>

use std::fmt;

use serde::{Deserialize, Serialize};

/// A table-level lock mode, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockMode {
    /// `SELECT`.
    AccessShare,
    /// `SELECT … FOR UPDATE` and its kin.
    RowShare,
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
    RowExclusive,
    /// `VACUUM`, `ANALYZE`, `CREATE INDEX CONCURRENTLY`, `VALIDATE CONSTRAINT`.
    ShareUpdateExclusive,
    /// `CREATE INDEX`.
    Share,
    /// `CREATE TRIGGER`, `ADD FOREIGN KEY`.
    ShareRowExclusive,
    /// `REFRESH MATERIALIZED VIEW CONCURRENTLY`.
    Exclusive,
    /// `DROP TABLE`, `TRUNCATE`, most of `ALTER TABLE`.
    AccessExclusive,
}

impl LockMode {
    /// All modes, weakest first.
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// The name in SQL: `SHARE ROW EXCLUSIVE`.
    pub fn sql(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// The name in `pg_locks.mode`: `ShareRowExclusiveLock`.
    pub fn pg_locks(self) -> &'static str {
        match self {
            Self::AccessShare => "AccessShareLock",
            Self::RowShare => "RowShareLock",
            Self::RowExclusive => "RowExclusiveLock",
            Self::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            Self::Share => "ShareLock",
            Self::ShareRowExclusive => "ShareRowExclusiveLock",
            Self::Exclusive => "ExclusiveLock",
            Self::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// Whether the two modes cannot be held by two transactions at once (the manual's table 13.2).
    pub fn conflicts_with(self, other: Self) -> bool {
        let (weak, strong) = if self <= other { (self, other) } else { (other, self) };
        match strong {
            Self::AccessShare | Self::RowShare | Self::RowExclusive => false,
            Self::ShareUpdateExclusive => weak == Self::ShareUpdateExclusive,
            // SHARE is compatible with itself, which is what lets two index builds run at once.
            Self::Share => matches!(weak, Self::RowExclusive | Self::ShareUpdateExclusive),
            Self::ShareRowExclusive => weak >= Self::RowExclusive,
            Self::Exclusive => weak >= Self::RowShare,
            Self::AccessExclusive => true,
        }
    }

    /// What waits for it, in a word or two: `reads and writes`.
    #[must_use]
    pub fn waits(self) -> &'static str {
        match self {
            Self::AccessShare | Self::RowShare | Self::RowExclusive => "nothing",
            Self::ShareUpdateExclusive => "schema changes",
            Self::Share | Self::ShareRowExclusive => "writes",
            Self::Exclusive => "writes and row locks",
            Self::AccessExclusive => "reads and writes",
        }
    }

    /// Whom it keeps waiting, in plain words: `blocks writes`.
    pub fn blocks(self) -> &'static str {
        match self {
            Self::AccessShare | Self::RowShare | Self::RowExclusive => "blocks neither reads nor writes",
            Self::ShareUpdateExclusive => "blocks neither reads nor writes, only other schema changes and VACUUM",
            Self::Share | Self::ShareRowExclusive => "blocks INSERT, UPDATE and DELETE, not reads",
            Self::Exclusive => "blocks INSERT, UPDATE, DELETE and SELECT … FOR UPDATE; only plain reads go on",
            Self::AccessExclusive => "blocks every read and write",
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.sql())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_conflicts_are_the_manuals() {
        let counts =
            LockMode::ALL.map(|mode| LockMode::ALL.iter().filter(|other| mode.conflicts_with(**other)).count());
        assert_eq!(counts, [1, 2, 4, 5, 5, 6, 7, 8]);
        assert!(!LockMode::Share.conflicts_with(LockMode::Share));
        assert!(LockMode::ShareRowExclusive.conflicts_with(LockMode::ShareRowExclusive));
        assert!(!LockMode::ShareUpdateExclusive.conflicts_with(LockMode::RowExclusive));
    }
}
