//! Statements tried on a shadow database, with what each did: locks, rewrites, scans, invalid indexes, objects.
//!
//! Everything is read in the session that runs the statement, before its transaction ends. What cannot run inside a
//! transaction is watched from a second session, which makes it wait for as long as it takes to look.

mod changes;
mod outside;
mod relations;

use std::collections::BTreeMap;
use std::time::Instant;

use self::changes::Changes;
pub(super) use self::relations::mode_of;
use self::relations::{Found, Relations};
use super::{Error, Session};
use crate::plan::step::Step;
use crate::report::{PlanChange, PlanFate, PlanTrace, TransactionMode};
use crate::risk::LockMode;
use crate::sql::{Statement, TxControl};

/// What a statement did.
#[derive(Debug, Default)]
pub struct Tried {
    /// Its number in the file.
    pub number: usize,
    /// What is to be said of it.
    pub trace: PlanTrace,
    /// The strongest locks on tables that are held after it, also those that earlier statements took.
    pub held: BTreeMap<String, LockMode>,
    /// How it failed, where it did; nothing was tried after it.
    pub error: Option<Error>,
}

/// A session on a shadow database that tries migrations one after the other.
pub struct Tracer {
    session: Session,
    /// The process of the session on its server.
    process: i32,
    relations: Relations,
    changes: Changes,
}

impl Tracer {
    /// Takes over a session on a shadow database, and lets the database tell what changes.
    pub async fn begin(session: Session) -> Result<Self, Error> {
        let changes = Changes::listen(&session).await?;
        let rows = session.query("select pg_backend_pid(), current_setting('server_version_num')::int4", &[]).await?;
        let (process, version) = rows.first().map_or((0, 0), |row| (row.get(0), row.get::<_, i32>(1)));
        // Older servers count scans in a process of its own, which has its time.
        let relations = Relations::read(&session, version >= 150_000).await?;
        Ok(Self { session, process, relations, changes })
    }

    /// Runs a migration as `migrate` does, and tells what each statement did.
    pub async fn step(&mut self, step: &Step) -> Result<Vec<Tried>, Error> {
        self.relations.begin_migration();
        let mut tried = Vec::new();
        match step.transaction {
            TransactionMode::Single => self.in_a_transaction(step, &mut tried).await?,
            TransactionMode::None | TransactionMode::SelfManaged => self.by_itself(step, &mut tried).await?,
        }
        let reset = self.session.reset();
        if tried.last().is_none_or(|last| last.error.is_none()) {
            self.session.batch(&reset).await?;
        }
        Ok(tried)
    }

    async fn in_a_transaction(&mut self, step: &Step, tried: &mut Vec<Tried>) -> Result<(), Error> {
        self.begin_transaction().await?;
        for statement in &step.statements {
            let one = self.inside(step, statement).await?;
            let has_failed = one.error.is_some();
            tried.push(one);
            if has_failed {
                return Ok(());
            }
        }
        // What waits for the end of its transaction fails then: a constraint that is deferred.
        if let Err(error) = self.commit().await? {
            match tried.last_mut() {
                Some(last) => last.error = Some(error),
                None => return Err(error),
            }
        }
        Ok(())
    }

    async fn by_itself(&mut self, step: &Step, tried: &mut Vec<Tried>) -> Result<(), Error> {
        let mut in_block = false;
        for statement in &step.statements {
            let control = statement.transaction_control();
            let one = if statement.number < step.resume_at {
                // An earlier run did it on the target: here it makes the state that the others begin with.
                let error = self.send(step, statement).await?.err();
                if error.is_none() {
                    self.relations.take_up(&self.session).await?;
                    continue;
                }
                Tried { number: statement.number, error, ..Tried::default() }
            } else if in_block && control.is_none() {
                self.inside(step, statement).await?
            } else if control.is_some() || ["LOCK TABLE", "DECLARE CURSOR"].contains(&&*statement.kind) {
                self.relations.forget_locks();
                self.plainly(step, statement).await?
            } else if statement.needs_no_transaction().is_some() {
                self.outside(step, statement).await?
            } else {
                self.wrapped(step, statement).await?
            };
            match control {
                Some(TxControl::Begin { .. }) => in_block = true,
                Some(TxControl::Commit { .. } | TxControl::Rollback) => in_block = false,
                Some(TxControl::Savepoint | TxControl::Prepared) | None => {}
            }
            let has_failed = one.error.is_some();
            tried.push(one);
            if has_failed {
                break;
            }
        }
        Ok(())
    }

    /// Runs a statement in the transaction that is open, and looks at what it did there.
    async fn inside(&mut self, step: &Step, statement: &Statement) -> Result<Tried, Error> {
        let begun = Instant::now();
        let sent = self.send(step, statement).await?;
        let ms = milliseconds(begun);
        let mut one = Tried { number: statement.number, ..Tried::default() };
        one.trace.ms = ms;
        if let Err(error) = sent {
            one.error = Some(error);
        } else {
            let rows = self.relations.held(&self.session, &[]).await?;
            let found = self.relations.compare(rows);
            self.tell(statement, found, &mut one);
        }
        Ok(one)
    }

    /// Runs a statement in a transaction of its own, as the server does where there is none, so that its locks are there
    /// to be seen after it.
    async fn wrapped(&mut self, step: &Step, statement: &Statement) -> Result<Tried, Error> {
        self.begin_transaction().await?;
        let one = self.inside(step, statement).await?;
        match &one.error {
            None => Ok(match self.commit().await? {
                Ok(()) => one,
                Err(error) => Tried { error: Some(error), ..one },
            }),
            // active_sql_transaction, invalid_transaction_termination: it will not run inside one.
            Some(Error::Server(error)) if ["25001", "2D000"].contains(&error.sqlstate.as_str()) => {
                self.session.batch("rollback").await?;
                Changes::forget(&mut self.session);
                self.outside(step, statement).await
            }
            Some(_) => Ok(one),
        }
    }

    /// Runs a statement that begins or ends a transaction.
    async fn plainly(&mut self, step: &Step, statement: &Statement) -> Result<Tried, Error> {
        let begun = Instant::now();
        let error = self.send(step, statement).await?.err();
        let mut one = Tried { number: statement.number, error, ..Tried::default() };
        one.trace.ms = milliseconds(begun);
        Ok(one)
    }

    async fn begin_transaction(&mut self) -> Result<(), Error> {
        self.relations.forget_locks();
        self.session.batch("begin").await
    }

    async fn commit(&mut self) -> Result<Result<(), Error>, Error> {
        judged(self.session.batch("commit").await)
    }

    /// Sends a statement; the outer failure is of the connection.
    async fn send(&self, step: &Step, statement: &Statement) -> Result<Result<(), Error>, Error> {
        let text = step.text(statement);
        judged(match statement.copy_data.map(|span| span.of(step.source.text())) {
            Some(data) => self.session.copy_in(text, data).await.map(drop),
            None => self.session.batch(text).await,
        })
    }

    /// Puts into words what was found after a statement.
    fn tell(&mut self, statement: &Statement, mut found: Found, one: &mut Tried) {
        one.trace.locks = found.locks;
        one.held = found.held;
        let heard = self.changes.of_statement(&mut self.session, statement, &found.gone);
        // TRUNCATE gives new storage too, copies nothing into it, and builds indexes of nothing. `alter table` tells of what it
        // writes anew: what code gave new storage to without a word it has emptied.
        let is_truncate = statement.kind.starts_with("TRUNCATE");
        let is_code = OF_CODE.contains(&&*statement.kind) && heard.is_told;
        let is_emptied =
            |oid: &u32| is_truncate || is_code && !heard.rewritten.contains(oid) && self.relations.is_plain(*oid);
        let emptied: BTreeMap<u32, String> =
            found.moved.iter().filter(|(oid, _)| is_emptied(oid)).map(|(oid, name)| (*oid, name.clone())).collect();
        found.moved.retain(|oid, _| !emptied.contains_key(oid));
        found.scans.retain(|oid, _| !emptied.contains_key(oid));
        if emptied.is_empty() || !found.moved.is_empty() {
            one.trace.rebuilds = found.rebuilds;
        }
        if is_truncate {
            one.trace.rebuilds.clear();
        }
        one.trace.rewrites = names(found.moved);
        one.trace.scans = names(found.scans);
        one.trace.emptied = names(emptied);
        one.trace.writes = found.writes;
        one.trace.partitions = found.partitions;
        one.trace.invalid_indexes = found.invalid;
        let table = |name: String| PlanChange { what: PlanFate::Dropped, kind: "table".to_owned(), name };
        one.trace.lost = found.lost.into_iter().map(table).collect();
        let old = heard.columns.into_iter().filter(|(_, table, column)| self.relations.is_old(*table, *column));
        one.trace.lost.extend(old.map(|(column, _, _)| column));
        one.trace.changes = heard.changes;
    }
}

/// Statements that run code, or one that runs another.
const OF_CODE: [&str; 9] = ["DO", "SELECT", "CALL", "INSERT", "UPDATE", "DELETE", "MERGE", "EXECUTE", "EXPLAIN"];

/// The names of relations in order.
fn names(found: BTreeMap<u32, String>) -> Vec<String> {
    let mut names: Vec<String> = found.into_values().collect();
    names.sort();
    names
}

/// A statement that the server refuses is an answer; a connection that is lost is none.
fn judged(sent: Result<(), Error>) -> Result<Result<(), Error>, Error> {
    match sent {
        Err(error) if error.connection_is_lost() => Err(error),
        sent => Ok(sent),
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
