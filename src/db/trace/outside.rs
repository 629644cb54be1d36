//! Statements that run in no transaction: what they lock is seen from a second session while they run.
//!
//! The second session holds a lock that they have to wait for, so that there is time to look however small the table is.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio_postgres::types::{ToSql, Type};

use super::super::{Error, Session};
use super::relations::mode_of;
use super::{Tracer, Tried, judged, milliseconds};
use crate::plan::step::Step;
use crate::risk::LockMode;
use crate::sql::Statement;

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(1);
/// How long a statement is given to come to the lock that it has to wait for.
const PATIENCE: Duration = Duration::from_secs(2);

impl Tracer {
    /// Runs a statement outside a transaction while another session looks on.
    pub(super) async fn outside(&mut self, step: &Step, statement: &Statement) -> Result<Tried, Error> {
        self.relations.forget_locks();
        let table = self.table(statement).await?;
        let looker = self.session.reopen().await?;
        if let Some((oid, name)) = &table {
            tracing::debug!(oid, "looking on at what happens to `{name}`");
            // CREATE INDEX CONCURRENTLY and its kin wait for those who may be writing; VACUUM for those of its kind.
            let mode = if statement.kind == "VACUUM" { "share update exclusive" } else { "row exclusive" };
            let held = looker.batch(&format!("begin; lock table only {name} in {mode} mode")).await;
            if held.is_err() {
                looker.batch("rollback").await?;
            }
        }
        let begun = Instant::now();
        let (sent, watched) = {
            let run = async { judged(self.session.batch(step.text(statement)).await) };
            watch(run, &looker, self.process).await?
        };
        // What it still holds would keep the next statement waiting.
        looker.batch("rollback").await?;
        let mut one = Tried { number: statement.number, ..Tried::default() };
        one.trace.ms = (milliseconds(begun) - watched.kept_ms).max(0.0);
        let mut oids: Vec<u32> = watched.modes.keys().copied().collect();
        oids.extend(table.iter().map(|(oid, _)| *oid));
        let rows = self.relations.held(&self.session, &oids).await?;
        let rows = rows.into_iter().map(|row| row.with_mode(&watched.modes)).collect();
        let found = self.relations.compare(rows);
        self.relations.forget_locks();
        self.tell(statement, found, &mut one);
        let tables: Vec<u32> = oids.iter().map(|oid| self.relations.table_of(*oid)).collect();
        one.trace.invalid_indexes = self.relations.newly_invalid(&self.session, &tables).await?;
        if let Err(error) = sent {
            one.error = Some(error);
        }
        let why = match (&table, watched.modes.is_empty()) {
            (_, true) => Some("it runs outside a transaction and was over before they could be seen"),
            (None, false) => Some("it runs outside a transaction on more than one table"),
            (Some(_), false) => None,
        };
        one.trace.unseen = why.map(str::to_owned);
        Ok(one)
    }

    /// The table that a statement works on, by oid and name, as its own session finds it.
    async fn table(&self, statement: &Statement) -> Result<Option<(u32, String)>, Error> {
        let Some(object) = &statement.object else { return Ok(None) };
        let name = object.on.as_ref().unwrap_or(&object.name);
        let sql = "select c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c \
             join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
             where c.relkind in ('r', 'p', 'm') and c.oid = coalesce( \
             (select indrelid from pg_catalog.pg_index where indexrelid = pg_catalog.to_regclass($1)), \
             pg_catalog.to_regclass($1))";
        // A name that is no name of one relation, such as that of a schema, is nothing to hold on to.
        let rows = match self.session.query(sql, &[(name, Type::TEXT)]).await {
            Ok(rows) => rows,
            Err(error) if error.connection_is_lost() => return Err(error),
            Err(_) => return Ok(None),
        };
        Ok(rows.first().map(|row| (row.get(0), row.get(1))))
    }
}

/// What was seen of a statement while it ran.
struct Watched {
    modes: HashMap<u32, LockMode>,
    /// For how long the statement was kept waiting only to be looked at.
    kept_ms: f64,
}

/// Runs a statement and reads its locks until it is done; what holds it is let go once it waits.
async fn watch(
    run: impl Future<Output = Result<Result<(), Error>, Error>>,
    looker: &Session,
    process: i32,
) -> Result<(Result<(), Error>, Watched), Error> {
    let sql = include_str!("../../../sql/trace/watch.sql");
    let begun = Instant::now();
    let mut watched = Watched { modes: HashMap::new(), kept_ms: 0.0 };
    let mut since = None;
    let mut is_held = true;
    let mut run = std::pin::pin!(run);
    loop {
        tokio::select! {
            biased;
            sent = &mut run => return Ok((sent?, watched)),
            () = tokio::time::sleep(PAUSE) => {}
        }
        // The look must not keep the run from going on.
        let of_process = [(&process as &(dyn ToSql + Sync), Type::INT4)];
        let rows = tokio::select! {
            biased;
            rows = looker.query(sql, &of_process) => rows?,
            sent = &mut run => return Ok((sent?, watched)),
        };
        let mut waits = false;
        for row in &rows {
            waits |= row.get::<_, bool>("waits");
            let (oid, mode): (u32, &str) = (row.get("relation"), row.get("mode"));
            if let Some(mode) = mode_of(mode).filter(|_| oid != 0) {
                let strongest = watched.modes.entry(oid).or_insert(mode);
                *strongest = mode.max(*strongest);
            }
        }
        if is_held && waits {
            since = since.or(Some(Instant::now()));
        }
        if is_held && (waits || begun.elapsed() > PATIENCE) {
            looker.batch("commit").await?;
            is_held = false;
            watched.kept_ms = since.map_or(0.0, milliseconds);
        }
    }
}
