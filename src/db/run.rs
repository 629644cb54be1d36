//! Runs one step: in its own transaction, or statement by statement outside one.

use std::time::{Duration, Instant};

use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::types::Type;

use super::engine::{Engine, RunError};
use super::{Error, Session, ledger, lock};
use crate::plan::record::{Kind, Record};
use crate::plan::step::{Resumed, Step};
use crate::report::{Direction, Event, TransactionMode};
use crate::sql::{self, Statement, TxControl};

/// How long dbctl waits for the end of a lost session before it says that a commit is in doubt.
const IN_DOUBT_WAIT: Duration = Duration::from_secs(15);

pub(super) struct StepRunner<'e, 'a, 's> {
    engine: &'e mut Engine<'a>,
    step: &'s Step,
    begun: Instant,
    /// How many signals had come when the step began.
    signals: u32,
    /// The number of the last statement that is done and recorded, outside a transaction.
    recorded: usize,
}

impl<'e, 'a, 's> StepRunner<'e, 'a, 's> {
    pub(super) fn new(engine: &'e mut Engine<'a>, step: &'s Step, begun: Instant) -> Self {
        let signals = *engine.interrupt.borrow();
        Self { engine, step, begun, signals, recorded: step.resume_at.saturating_sub(1) }
    }

    pub(super) async fn run(&mut self, history: &str) -> Result<(), RunError> {
        if self.signals > 0 {
            return Err(self.interrupted(true, None, Vec::new()));
        }
        match self.step.transaction {
            TransactionMode::Single => self.in_a_transaction(history).await,
            TransactionMode::None | TransactionMode::SelfManaged => self.outside_a_transaction(history).await,
        }
    }

    async fn in_a_transaction(&mut self, history: &str) -> Result<(), RunError> {
        let settings = self.settings("set local");
        self.engine.session.batch(&format!("begin; {settings}")).await?;
        for statement in &self.step.statements {
            if let Err(error) = self.statement(statement).await {
                return Err(self.statement_failed(statement, error, true).await);
            }
            if self.signals_came() {
                self.roll_back().await;
                return Err(self.interrupted(true, None, Vec::new()));
            }
        }
        self.commit("", history).await
    }

    async fn outside_a_transaction(&mut self, history: &str) -> Result<(), RunError> {
        let settings = self.settings("set");
        self.engine.session.batch(&settings).await?;
        for statement in self.step.settings_to_restore() {
            if let Err(error) = self.engine.session.batch(self.step.text(statement)).await {
                return Err(self.statement_failed(statement, error, false).await);
            }
        }
        // A file that manages its own transactions has a part done only when that part is committed.
        let mut in_block = false;
        for statement in &self.step.statements {
            if statement.number < self.step.resume_at {
                continue;
            }
            if !in_block {
                if statement.number == self.step.resume_at && self.is_there(statement).await? {
                    self.record(statement, Kind::StatementFinished).await?;
                    self.recorded = statement.number;
                    continue;
                }
                self.record(statement, Kind::StatementStarted).await?;
            }
            if let Err(error) = self.statement(statement).await {
                return Err(self.statement_failed(statement, error, false).await);
            }
            match statement.transaction_control() {
                Some(TxControl::Begin { .. }) => in_block = true,
                Some(TxControl::Commit { .. } | TxControl::Rollback) => in_block = false,
                Some(TxControl::Savepoint | TxControl::Prepared) | None => {}
            }
            if !in_block {
                self.record(statement, Kind::StatementFinished).await?;
                self.recorded = statement.number;
                if self.signals_came() {
                    self.roll_back().await;
                    return Err(self.interrupted(false, None, Vec::new()));
                }
            }
        }
        self.commit("begin read write; ", history).await
    }

    /// Writes the history row and the event, and commits, in one round trip; the role and settings that the file
    /// may have set are taken back first, because they could keep dbctl's rows from being written.
    async fn commit(&mut self, begin: &str, history: &str) -> Result<(), RunError> {
        let ms = self.begun.elapsed().as_secs_f64() * 1e3;
        let event = finished(self.step, ms).insert(&self.engine.author);
        let reset = self.engine.session.reset();
        let sql = format!("{begin}{reset}; {history}; {event}; commit");
        match self.engine.session.batch(&sql).await {
            Ok(()) => {
                self.notices();
                Ok(())
            }
            // A server that ends the session may have committed before: one that waits for a standby has.
            Err(error) if error.connection_is_lost() => Err(RunError::CommitInDoubt {
                version: self.step.version.clone(),
                recorded: self.recorded_after_all().await,
            }),
            Err(error) => {
                self.roll_back().await;
                let rolled_back = self.step.transaction == TransactionMode::Single;
                Err(RunError::Commit { version: self.step.version.clone(), error: Box::new(error), rolled_back })
            }
        }
    }

    /// Whether the first statement of a run that goes on is done already.
    async fn is_there(&mut self, statement: &Statement) -> Result<bool, RunError> {
        self.index_is_there(statement).await.map_err(|error| RunError::Unrecorded {
            version: self.step.version.clone(),
            number: statement.number,
            error: Box::new(error),
            took_effect: false,
            done: self.recorded,
        })
    }

    /// Looks after an index that an earlier run began to build concurrently: whether it is there and valid. What is
    /// left of a build that failed is dropped, because the name is taken and the index of no use:
    /// <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>.
    async fn index_is_there(&mut self, statement: &Statement) -> Result<bool, Error> {
        let Some(resumed) = self.step.resumed else { return Ok(false) };
        let object = statement.object.as_ref().filter(|object| object.kind == "index" && !object.name.is_empty());
        let Some(object) = object.filter(|_| statement.needs_no_transaction().is_some()) else { return Ok(false) };
        let Some(table) = &object.on else { return Ok(false) };
        // An index lives in the schema of its table, whatever the search path says.
        let sql = include_str!("../../sql/index/valid.sql");
        let session: &Session = self.engine.session;
        let rows = session.query(sql, &[(table, Type::TEXT), (&object.name, Type::TEXT)]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        let (name, valid): (String, bool) = (row.get(0), row.get(1));
        if valid && resumed == Resumed::Undone {
            return Ok(false);
        }
        let message = if valid {
            format!("index `{name}` is there and valid: the statement that builds it is done")
        } else {
            self.engine.session.batch(&format!("drop index concurrently if exists {name}")).await?;
            format!("dropped `{name}`, which the failed build of an earlier run left invalid")
        };
        (self.engine.sink)(Event::Remark { version: self.step.version.clone(), message });
        Ok(valid)
    }

    /// Sends one statement and waits for its end, or for a second signal, which cancels it.
    async fn statement(&mut self, statement: &Statement) -> Result<(), Error> {
        let text = self.step.text(statement);
        (self.engine.sink)(Event::StatementStarted {
            version: self.step.version.clone(),
            number: statement.number,
            line: self.step.line(statement),
            summary: Step::summary(statement),
        });
        if let Some(replacement) = self.step.replaced.get(&statement.number) {
            (self.engine.sink)(Event::Remark {
                version: self.step.version.clone(),
                message: replacement.remark.clone(),
            });
        }
        let begun = Instant::now();
        let data = statement.copy_data.map(|span| span.of(self.step.source.text()));
        let canceller = self.engine.session.canceller();
        let mut interrupt = self.engine.interrupt.clone();
        // In a transaction nothing is lost by cancelling at once; outside one the first signal lets the statement
        // come to its end, because half an index is worse than a whole one.
        let cancel_at = self.signals + if self.step.transaction == TransactionMode::Single { 1 } else { 2 };
        let rows = {
            let session: &Session = self.engine.session;
            let work = async {
                match data {
                    Some(data) => session.copy_in(text, data).await.map(Some),
                    None => session.simple(text).await.map(|messages| affected(&messages)),
                }
            };
            let mut work = std::pin::pin!(work);
            loop {
                tokio::select! {
                    result = &mut work => break result,
                    Ok(()) = interrupt.changed() => {
                        if *interrupt.borrow() >= cancel_at && let Err(error) = canceller.cancel().await {
                            tracing::debug!(%error, "the statement could not be cancelled");
                        }
                    }
                }
            }
        };
        self.notices();
        let rows = rows?;
        (self.engine.sink)(Event::StatementFinished {
            version: self.step.version.clone(),
            number: statement.number,
            ms: begun.elapsed().as_secs_f64() * 1e3,
            rows,
        });
        Ok(())
    }

    /// What is true after a statement has failed.
    async fn statement_failed(&mut self, statement: &Statement, error: Error, in_transaction: bool) -> RunError {
        let version = self.step.version.clone();
        if error.connection_is_lost() {
            let error = Box::new(error);
            return RunError::Lost { version, number: statement.number, rolled_back: in_transaction, error };
        }
        self.roll_back().await;
        let sqlstate = error.server().map_or("", |server| server.sqlstate.as_str());
        let invalid = if in_transaction { Vec::new() } else { self.invalid_indexes(statement).await };
        // 57014 query_canceled after a signal: it was us.
        if sqlstate == "57014" && self.signals_came() {
            return self.interrupted(in_transaction, Some(statement.number), invalid);
        }
        let blockers = if sqlstate == "55P03" { self.blockers(statement).await } else { Vec::new() };
        RunError::Statement {
            version,
            number: statement.number,
            error: Box::new(error),
            blockers,
            rolled_back: in_transaction,
            done: self.recorded,
            invalid,
        }
    }

    async fn roll_back(&mut self) {
        let sql = format!("rollback; {}", self.engine.session.reset());
        if let Err(error) = self.engine.session.batch(&sql).await {
            tracing::debug!(%error, "rolling back failed; the server does it when the connection ends");
        }
    }

    /// Asks on a second connection whether a commit whose answer was lost has happened.
    ///
    /// The advisory lock tells when the lost session has ended: until then its commit may still be on its way.
    async fn recorded_after_all(&mut self) -> Option<bool> {
        let session = self.engine.session.reopen().await.ok()?;
        lock::acquire(&session, IN_DOUBT_WAIT, &mut |_| ()).await.ok()?;
        let found = ledger::read(&session).await.ok()?;
        let row = found.row(self.step.key).filter(|row| row.run == self.engine.author.run);
        Some(match self.step.direction {
            Direction::Up => row.is_some(),
            Direction::Down => found.row(self.step.key).is_none(),
        })
    }

    async fn record(&mut self, statement: &Statement, kind: Kind) -> Result<(), RunError> {
        // What is done may not be changed any more when the rest of the file is mended.
        let sql = (kind == Kind::StatementFinished).then(|| {
            let since = self.recorded + 1..=statement.number;
            let statements = self.step.statements.iter().filter(|one| since.contains(&one.number));
            sql::written(self.step.source.text(), statements)
        });
        let record = Record {
            key: self.step.key,
            version: &self.step.version,
            name: &self.step.name,
            kind,
            direction: self.step.direction,
            sha256: &self.step.sha256,
            raw_sha256: &self.step.raw_sha256,
            statement: Some(statement.number),
            ms: None,
            sqlstate: None,
            message: None,
            sql: sql.as_deref(),
        };
        // The file may have taken on a role that may not write here, or made the session read-only.
        let insert = format!(
            "begin read write; set local session_authorization to default; set local role to default; {}; commit",
            record.insert(&self.engine.author)
        );
        match self.engine.session.batch(&insert).await {
            Ok(()) => Ok(()),
            Err(error) if error.connection_is_lost() => Err(RunError::Lost {
                version: self.step.version.clone(),
                number: statement.number,
                rolled_back: false,
                error: Box::new(error),
            }),
            Err(error) => Err(RunError::Unrecorded {
                version: self.step.version.clone(),
                number: statement.number,
                error: Box::new(error),
                took_effect: kind == Kind::StatementFinished,
                done: self.recorded,
            }),
        }
    }

    /// What a failed `CREATE INDEX CONCURRENTLY` or `REINDEX CONCURRENTLY` leaves behind:
    /// <https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>.
    async fn invalid_indexes(&mut self, statement: &Statement) -> Vec<String> {
        if statement.needs_no_transaction().is_none() || !["CREATE INDEX", "REINDEX"].contains(&&*statement.kind) {
            return Vec::new();
        }
        let name = statement.object.as_ref().map_or("", |object| object.name.as_str());
        let sql = include_str!("../../sql/lock/invalid_indexes.sql");
        let session: &Session = self.engine.session;
        let Ok(rows) = session.query(sql, &[(&name, Type::TEXT)]).await else { return Vec::new() };
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn blockers(&mut self, statement: &Statement) -> Vec<String> {
        let Some(object) = &statement.object else { return Vec::new() };
        let names: Vec<&str> = [Some(object.name.as_str()), object.on.as_deref()].into_iter().flatten().collect();
        let sql = include_str!("../../sql/lock/blockers.sql");
        let session: &Session = self.engine.session;
        let Ok(rows) = session.query(sql, &[(&names, Type::TEXT_ARRAY)]).await else { return Vec::new() };
        rows.iter().map(|row| row.get(0)).collect()
    }

    fn settings(&self, verb: &str) -> String {
        let timeouts = &self.engine.timeouts;
        let mut sql = format!("{verb} lock_timeout = {}", crate::text::quote_literal(&timeouts.lock));
        if let Some(statement) = &timeouts.statement {
            sql.push_str("; ");
            sql.push_str(verb);
            sql.push_str(" statement_timeout = ");
            sql.push_str(&crate::text::quote_literal(statement));
        }
        sql
    }

    fn signals_came(&self) -> bool {
        *self.engine.interrupt.borrow() > self.signals
    }

    fn interrupted(&self, rolled_back: bool, cancelled: Option<usize>, invalid: Vec<String>) -> RunError {
        RunError::Interrupted {
            version: self.step.version.clone(),
            rolled_back,
            done: self.recorded,
            cancelled,
            invalid,
        }
    }

    fn notices(&mut self) {
        for notice in self.engine.session.notices() {
            (self.engine.sink)(Event::Notice {
                version: self.step.version.clone(),
                severity: notice.severity,
                message: notice.message,
            });
        }
    }
}

/// Rows that a statement touched, as its command tag says.
fn affected(messages: &[SimpleQueryMessage]) -> Option<u64> {
    messages.iter().rev().find_map(|message| match message {
        SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
        _ => None,
    })
}

/// The record of a step that has come to its end.
fn finished(step: &Step, ms: f64) -> Record<'_> {
    Record {
        key: step.key,
        version: &step.version,
        name: &step.name,
        kind: if step.direction == Direction::Up { Kind::Applied } else { Kind::Reverted },
        direction: step.direction,
        sha256: &step.sha256,
        raw_sha256: &step.raw_sha256,
        statement: None,
        ms: Some(ms),
        sqlstate: None,
        message: None,
        sql: Some(&step.normalised),
    }
}
