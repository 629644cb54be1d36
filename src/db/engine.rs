//! The session type that refinery drives: refinery decides what is applied and when, this runs each migration.
//!
//! refinery calls `execute` once for its history table and then once a migration with the migration's text and the
//! `INSERT` of its history row. What is added here: one transaction a migration with timeouts, one statement at a
//! time so that an error has a place, events, migrations that run outside a transaction, and cancelling.

use std::collections::VecDeque;
use std::future::Future;
use std::time::Instant;

use refinery::{Migration, Target};
use refinery_core::AsyncMigrate;
use refinery_core::traits::r#async::{AsyncQuery, AsyncTransaction};
use tokio::sync::watch;
use tokio_postgres::SimpleQueryRow;

use super::run::StepRunner;
use super::{Error, Session, lock};
use crate::plan::ledger::HISTORY_TABLE;
use crate::plan::record::{Author, Kind, Record, delete_history};
use crate::plan::step::Step;
use crate::report::{Applied, Event};

/// How statements are run.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// `lock_timeout`, as PostgreSQL writes it (`3s`).
    pub lock: String,
    /// `statement_timeout`; none leaves the server's.
    pub statement: Option<String>,
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A statement failed.
    #[error("statement {number} of `{version}` failed: {error}")]
    Statement {
        /// The migration's version.
        version: String,
        /// The statement's number in its file.
        number: usize,
        /// What the server said.
        error: Box<Error>,
        /// Which sessions held the locks that were waited for, where that is the reason.
        blockers: Vec<String>,
        /// Whether the statement ran in the migration's transaction, which is rolled back.
        rolled_back: bool,
        /// How many statements before it stay applied, where it is not rolled back.
        done: usize,
        /// Invalid indexes that it left behind or ran into.
        invalid: Vec<String>,
    },
    /// Outside a transaction, the row that says how far the migration is could not be written.
    #[error("recording statement {number} of `{version}` failed: {error}")]
    Unrecorded {
        /// The migration's version.
        version: String,
        /// The statement's number in its file.
        number: usize,
        /// What the server said.
        error: Box<Error>,
        /// Whether the statement took effect; else it was not sent.
        took_effect: bool,
        /// How many statements before it stay applied.
        done: usize,
    },
    /// The statements ran but the commit, or a row of dbctl's own, failed.
    #[error("recording `{version}` failed: {error}")]
    Commit {
        /// The migration's version.
        version: String,
        /// What the server said.
        error: Box<Error>,
        /// Whether everything that the migration did is rolled back; else all of it stays, unrecorded.
        rolled_back: bool,
    },
    /// The connection broke while a commit was on its way.
    #[error("the connection was lost while `{version}` was being committed")]
    CommitInDoubt {
        /// The migration's version.
        version: String,
        /// What a second connection found: recorded or not; none where there was no second connection.
        recorded: Option<bool>,
    },
    /// The connection broke while a statement ran.
    #[error("the connection was lost during statement {number} of `{version}`")]
    Lost {
        /// The migration's version.
        version: String,
        /// The statement's number in its file.
        number: usize,
        /// Whether the statement ran in the migration's transaction, which the server rolls back.
        rolled_back: bool,
        /// How it was lost.
        error: Box<Error>,
    },
    /// A signal stopped it.
    #[error("interrupted during `{version}`")]
    Interrupted {
        /// The migration's version.
        version: String,
        /// Whether everything that the migration did is rolled back.
        rolled_back: bool,
        /// How many statements stay applied, where it is not.
        done: usize,
        /// The number of the statement that was cancelled, if one was.
        cancelled: Option<usize>,
        /// Invalid indexes that it left behind.
        invalid: Vec<String>,
    },
    /// The database failed outside a migration.
    #[error(transparent)]
    Database(#[from] Error),
    /// refinery would not go on; dbctl checks first, so this is a bug.
    #[error("the history changed under this run: {0}")]
    Refinery(String),
}

/// What stays the same for a whole run.
pub struct Engine<'a> {
    pub(super) session: &'a mut Session,
    pub(super) author: Author,
    pub(super) timeouts: Timeouts,
    pub(super) interrupt: watch::Receiver<u32>,
    pub(super) sink: &'a mut (dyn FnMut(Event) + Send),
    initialised: bool,
    asserted: bool,
    queue: VecDeque<Step>,
    /// What is done so far.
    pub done: Vec<Applied>,
}

impl<'a> Engine<'a> {
    /// Makes an engine; `initialised` says whether dbctl's tables are known to exist.
    pub fn new(
        session: &'a mut Session,
        author: Author,
        timeouts: Timeouts,
        interrupt: watch::Receiver<u32>,
        sink: &'a mut (dyn FnMut(Event) + Send),
        initialised: bool,
    ) -> Self {
        Self {
            session,
            author,
            timeouts,
            interrupt,
            sink,
            initialised,
            asserted: false,
            queue: VecDeque::new(),
            done: Vec::new(),
        }
    }

    /// Applies steps through refinery. `all` are all migrations of the folder as refinery knows them, `steps` those
    /// that dbctl expects refinery to run, in the same order.
    pub async fn apply(
        &mut self,
        all: &[Migration],
        steps: Vec<Step>,
        target: Target,
        checks: Checks,
    ) -> Result<(), RunError> {
        self.queue = steps.into();
        let mut runner = refinery::Runner::new(all)
            .set_target(target)
            .set_abort_divergent(checks.divergent)
            .set_abort_missing(checks.missing);
        runner.set_migration_table_name(HISTORY_TABLE);
        match runner.run_async(self).await {
            Ok(_) => Ok(()),
            Err(error) => Err(unwrap_refinery(&error)),
        }
    }

    /// Runs down steps, newest first: refinery knows no way back.
    pub async fn roll_back(&mut self, steps: &[Step]) -> Result<(), RunError> {
        for step in steps {
            self.run_step(step, &delete_history(step.key)).await?;
        }
        Ok(())
    }

    /// Records that a changed file is accepted as it is now: refinery's row and an event.
    pub async fn accept(&mut self, migration: &Migration, record: &Record<'_>) -> Result<(), RunError> {
        let sql = format!(
            "begin; update {HISTORY_TABLE} set checksum = '{}' where version = {}; {}; commit",
            migration.checksum(),
            migration.version(),
            record.insert(&self.author)
        );
        Ok(self.session.batch(&sql).await?)
    }

    async fn run_step(&mut self, step: &Step, history: &str) -> Result<(), RunError> {
        (self.sink)(Event::MigrationStarted {
            version: step.version.clone(),
            name: step.name.clone(),
            path: step.path.clone(),
            direction: step.direction,
            statements: step.statements.len(),
            transaction: step.transaction == crate::report::TransactionMode::Single,
        });
        for message in &step.remarks {
            (self.sink)(Event::Remark { version: step.version.clone(), message: message.clone() });
        }
        let begun = Instant::now();
        let mut runner = StepRunner::new(self, step, begun);
        let ran = runner.run(history).await;
        if let Err(error) = ran {
            // A commit whose answer was lost may have happened all the same.
            if matches!(error, RunError::CommitInDoubt { recorded: Some(true), .. }) {
                self.finished(step, begun);
            } else {
                self.failed(step, &error).await;
            }
            return Err(error);
        }
        self.finished(step, begun);
        if lock::is_given_up_by(step.source.text()) && !lock::try_acquire(self.session).await? {
            return Err(RunError::Refinery(format!(
                "`{}` is applied and gave up all locks of its session, and another runner took dbctl's",
                step.version
            )));
        }
        Ok(())
    }

    /// Counts a step that has come to its end.
    fn finished(&mut self, step: &Step, begun: Instant) {
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        self.done.push(Applied {
            version: step.version.clone(),
            name: step.name.clone(),
            statements: step.statements.len(),
            ms,
        });
        (self.sink)(Event::MigrationFinished {
            version: step.version.clone(),
            name: step.name.clone(),
            direction: step.direction,
            ms,
        });
    }

    /// Tells the sink and, where the connection still lives, the database that a migration failed.
    async fn failed(&mut self, step: &Step, error: &RunError) {
        let (statement, sqlstate, message, rolled_back) = match error {
            RunError::Statement { number, error, rolled_back, .. }
            | RunError::Lost { number, error, rolled_back, .. } => {
                (Some(*number), sqlstate_of(error), message_of(error), *rolled_back)
            }
            RunError::Commit { error, rolled_back, .. } => (None, sqlstate_of(error), message_of(error), *rolled_back),
            RunError::Interrupted { rolled_back, cancelled, .. } => {
                (*cancelled, None, "interrupted".to_owned(), *rolled_back)
            }
            // Without the statement's number: its outcome is not to be taken for a failure.
            RunError::Unrecorded { error, .. } => (None, sqlstate_of(error), message_of(error), false),
            RunError::CommitInDoubt { recorded, .. } => (None, None, error.to_string(), *recorded == Some(false)),
            RunError::Database(_) | RunError::Refinery(_) => (None, None, error.to_string(), true),
        };
        let record = Record {
            key: step.key,
            version: &step.version,
            name: &step.name,
            kind: Kind::Failed,
            direction: step.direction,
            sha256: &step.sha256,
            raw_sha256: &step.raw_sha256,
            statement,
            ms: None,
            sqlstate: sqlstate.as_deref(),
            message: Some(&message),
            sql: None,
        };
        // The run has failed already and says so; that this row could not be written too changes nothing for the
        // user, and the journal has the event.
        if let Err(error) = self.session.batch(&record.insert(&self.author)).await {
            tracing::debug!(%error, "the failure could not be recorded in dbctl.event");
        }
        (self.sink)(Event::MigrationFailed {
            version: step.version.clone(),
            name: step.name.clone(),
            direction: step.direction,
            statement,
            sqlstate,
            message,
            rolled_back,
        });
    }
}

/// Which of refinery's own checks are on.
#[derive(Debug, Clone, Copy)]
pub struct Checks {
    /// Refuse where an applied migration's text differs.
    pub divergent: bool,
    /// Refuse where an applied migration's file is missing.
    pub missing: bool,
}

fn sqlstate_of(error: &Error) -> Option<String> {
    match error {
        Error::Server(error) => Some(error.sqlstate.clone()),
        _ => None,
    }
}

/// What the server says, without the SQLSTATE that is kept beside it.
fn message_of(error: &Error) -> String {
    match error {
        Error::Server(error) => error.message.clone(),
        error => error.to_string(),
    }
}

/// Our own error lies at the bottom of refinery's.
fn unwrap_refinery(error: &refinery::Error) -> RunError {
    let message = error.to_string();
    let mut current = Some(error as &(dyn std::error::Error + 'static));
    while let Some(layer) = current {
        if let Some(Shared(shared)) = layer.downcast_ref::<Shared>() {
            let taken = shared.lock().ok().and_then(|mut guard| guard.take());
            return taken.unwrap_or(RunError::Refinery(message));
        }
        current = layer.source();
    }
    RunError::Refinery(message)
}

/// Carries a [`RunError`] through refinery, which hands errors out by reference only.
#[derive(Debug)]
pub struct Shared(std::sync::Mutex<Option<RunError>>);

impl std::fmt::Display for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the migration failed")
    }
}

impl std::error::Error for Shared {}

impl From<RunError> for Shared {
    fn from(error: RunError) -> Self {
        Self(std::sync::Mutex::new(Some(error)))
    }
}

impl AsyncTransaction for Engine<'_> {
    type Error = Shared;

    fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> impl Future<Output = Result<usize, Shared>> + Send + 'a {
        let queries: Vec<&str> = queries.collect();
        async move {
            if !self.asserted {
                self.asserted = true;
                if !self.initialised {
                    let bootstrap = include_str!("../../sql/ledger/bootstrap.sql");
                    let sql = format!("begin; {bootstrap}; {}; commit", queries.concat().trim_end_matches(';'));
                    self.session.batch(&sql).await.map_err(RunError::from)?;
                }
                return Ok(0);
            }
            let [_, history] = queries.as_slice() else {
                return Err(RunError::Refinery("an unknown call".to_owned()).into());
            };
            let Some(step) = self.queue.pop_front() else {
                return Err(RunError::Refinery("a migration that was not planned".to_owned()).into());
            };
            self.run_step(&step, history).await?;
            Ok(1)
        }
    }
}

impl AsyncQuery<Vec<Migration>> for Engine<'_> {
    async fn query(&mut self, query: &str) -> Result<Vec<Migration>, Shared> {
        let rows = self.session.rows(query).await.map_err(RunError::from)?;
        let migration = |row: &SimpleQueryRow| {
            let text = |at: usize| row.get(at).unwrap_or_default();
            // A row that was edited by hand must not stop a run: refinery compares version, name, checksum.
            Migration::applied(
                text(0).parse().unwrap_or_default(),
                text(1).to_owned(),
                time::OffsetDateTime::UNIX_EPOCH,
                text(3).parse().unwrap_or_default(),
            )
        };
        Ok(rows.iter().map(migration).collect())
    }
}

impl AsyncMigrate for Engine<'_> {}
