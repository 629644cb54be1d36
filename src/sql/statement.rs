//! A statement: its place in the file, what it does, and to which object.

use crate::text::Span;

/// One statement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its number in the file, from 1.
    pub number: usize,
    /// From its first token to the last before `;`.
    pub span: Span,
    /// The command tag in PostgreSQL's words: `CREATE TABLE`, `ALTER TABLE`, `DO`, `INSERT`.
    ///
    /// Where PostgreSQL reports the rows of a query instead (`CREATE TABLE AS` answers `SELECT 3`), the command's
    /// own name stands here, as event triggers report it.
    pub kind: String,
    /// The object that it names, if it names one.
    pub object: Option<Object>,
    /// The lines of data that follow a `COPY … FROM stdin`, without the closing `\.`.
    pub copy_data: Option<Span>,
    pub(super) control: Option<TxControl>,
    pub(super) alone: Option<&'static str>,
    pub(super) hazard: Option<&'static str>,
}

impl Statement {
    /// What the statement does to the transaction that it runs in.
    #[must_use]
    pub fn transaction_control(&self) -> Option<TxControl> {
        self.control
    }

    /// Why the statement cannot run inside a transaction block; a phrase for people.
    #[must_use]
    pub fn needs_no_transaction(&self) -> Option<&'static str> {
        self.alone
    }

    /// What the statement destroys, where that is plain to see; a phrase for people such as `drops a column`.
    #[must_use]
    pub fn hazard(&self) -> Option<&'static str> {
        self.hazard
    }
}

/// The object that a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The kind of object in SQL's words, lower case: `table`, `materialized view`, `function`.
    pub kind: &'static str,
    /// Its name as written, with the schema if it was written; several names are joined by `, `.
    pub name: String,
    /// The table of an index, trigger, policy or rule.
    pub on: Option<String>,
}

/// What a statement does to the transaction around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TxControl {
    /// `BEGIN`, `START TRANSACTION`.
    Begin {
        /// Without an isolation level or another mode.
        plain: bool,
    },
    /// `COMMIT`, `END`.
    Commit {
        /// Without `AND CHAIN`.
        plain: bool,
    },
    /// `ROLLBACK`, `ABORT` of the whole transaction.
    Rollback,
    /// `SAVEPOINT`, `RELEASE`, `ROLLBACK TO`: these stay inside a transaction.
    Savepoint,
    /// `PREPARE TRANSACTION`, `COMMIT PREPARED`, `ROLLBACK PREPARED`.
    Prepared,
}
