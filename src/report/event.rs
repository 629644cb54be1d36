//! The event stream of a run: the terminal, the journal and `--format jsonl` are consumers of the same events.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Target;

/// An event and when it happened (UTC).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// Which way a migration is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The migration itself.
    Up,
    /// Its down file.
    Down,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything asked for was done.
    Done,
    /// There was nothing to do.
    NothingToDo,
    /// SQL failed; its transaction was rolled back.
    Failed,
    /// SQL failed outside a transaction, or the outcome of a commit is unknown.
    Partial,
    /// A guard refused before anything ran.
    Refused,
    /// A signal or a lost connection ended it; what ran is recorded or rolled back.
    Interrupted,
}

/// One thing that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Event {
    /// A run began.
    RunStarted {
        /// The run's id (a UUIDv7).
        run: String,
        /// `migrate` or `rollback`.
        command: String,
        /// The database.
        target: Target,
        /// How many migrations are to be run.
        migrations: usize,
    },
    /// Another runner holds the lock.
    Waiting {
        /// Who, as the server knows it: role, application, process id, since when.
        holder: String,
    },
    /// A migration began.
    MigrationStarted {
        /// Its version, as in the file name.
        version: String,
        /// Its name.
        name: String,
        /// Its file, relative to the project.
        path: String,
        /// Up or down.
        direction: Direction,
        /// How many statements it has.
        statements: usize,
        /// Whether it runs in one transaction.
        transaction: bool,
    },
    /// A statement is sent.
    StatementStarted {
        /// The migration's version.
        version: String,
        /// The statement's number, from 1.
        number: usize,
        /// The line it begins on, from 1.
        line: usize,
        /// Its command tag and object, such as ``CREATE TABLE `users` ``.
        summary: String,
    },
    /// A statement has ended well.
    StatementFinished {
        /// The migration's version.
        version: String,
        /// The statement's number, from 1.
        number: usize,
        /// How long it took, in milliseconds.
        ms: f64,
        /// Rows that it inserted, changed, deleted or returned, where the server says so.
        rows: Option<u64>,
    },
    /// The server sent a notice or a warning.
    Notice {
        /// The migration's version.
        version: String,
        /// `NOTICE`, `WARNING`, …
        severity: String,
        /// What it says.
        message: String,
    },
    /// dbctl did something that is not in the file, such as replacing an extension by its stub.
    Remark {
        /// The migration's version.
        version: String,
        /// A sentence.
        message: String,
    },
    /// A migration has ended well and is recorded.
    MigrationFinished {
        /// Its version.
        version: String,
        /// Its name.
        name: String,
        /// Up or down.
        direction: Direction,
        /// How long it took, in milliseconds.
        ms: f64,
    },
    /// A migration failed.
    MigrationFailed {
        /// Its version.
        version: String,
        /// Its name.
        name: String,
        /// Up or down.
        direction: Direction,
        /// The number of the statement that failed, from 1; none where it was not a statement.
        statement: Option<usize>,
        /// The server's SQLSTATE, where it was the server.
        sqlstate: Option<String>,
        /// What went wrong, in one line.
        message: String,
        /// Whether everything that the migration did was rolled back.
        rolled_back: bool,
    },
    /// A run ended.
    RunFinished {
        /// How.
        outcome: Outcome,
        /// How many migrations it ran.
        migrations: usize,
        /// How long it took, in milliseconds.
        ms: f64,
    },
}
