//! Following a database's schema through what is run on it.

mod touched;

use futures_util::future::try_join;

use super::catalog::{BEGIN, gather};
use super::{Error, Session};
use crate::catalog::{Catalog, Scope, State, Store};
pub use crate::catalog::{Moment, Pair};
pub use touched::{Touched, TouchedTable};

const VALUES: &str = "select enumtypid, oid, enumlabel::text from pg_catalog.pg_enum where enumtypid >= 16384";
/// What a transaction that is open must not notice: everything here goes with the savepoint.
const INSIDE: &str = "savepoint dbctl_peek; set local session authorization default; set local role none; \
    set local search_path = ''; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; \
    set local extra_float_digits = 3; set local quote_all_identifiers = off; set local jit = off; \
    set local max_parallel_workers_per_gather = 0";
const OUTSIDE: &str = "rollback to savepoint dbctl_peek; release savepoint dbctl_peek";

/// A database's schema, followed from one state to the next.
pub struct Watch {
    session: Option<Session>,
    store: Store,
    now: Moment,
}

impl Watch {
    /// Begins with what is there. The session is one of its own: it sees what is committed.
    pub async fn begin(session: Session, scope: Scope) -> Result<Self, Error> {
        let mut store = Store::new(scope);
        let now = store.add(read(&session, BEGIN, "rollback").await?);
        Ok(Self { session: Some(session), store, now })
    }

    /// The state that was looked at last.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Closes the session: nobody may be connected to a database that is copied. What was read stays.
    pub fn pause(&mut self) {
        self.session = None;
    }

    /// Goes on with another session.
    pub fn resume(&mut self, session: Session) {
        self.session = Some(session);
    }

    /// Reads what has changed since the last look. Without `touched` anything may have.
    ///
    /// The moment is the last one where nothing differs.
    pub async fn look(&mut self, _touched: Option<&Touched>) -> Result<Moment, Error> {
        let Some(session) = &self.session else { return Ok(self.now) };
        let seen = self.store.add(read(session, BEGIN, "rollback").await?);
        if !self.store.is_same(self.now, seen) {
            self.now = seen;
        }
        Ok(self.now)
    }

    /// Reads what a transaction that is open sees, through its session, or what is there in a copy of the database where
    /// none is open. It is a branch: `now` stays what it is.
    pub async fn peek(&mut self, session: &Session, touched: Option<&Touched>) -> Result<Moment, Error> {
        let state = match touched {
            Some(_) => read(session, INSIDE, OUTSIDE).await?,
            None => read(session, BEGIN, "rollback").await?,
        };
        Ok(self.store.add(state))
    }

    /// The schemas at two moments, with what may differ.
    pub fn pair(&self, from: Moment, to: Moment) -> Pair {
        self.store.pair(from, to)
    }

    /// Whether the schemas at two moments are the same.
    pub fn is_same(&self, one: Moment, other: Moment) -> bool {
        self.store.is_same(one, other)
    }

    /// The schema at a moment.
    pub fn whole(&self, at: Moment) -> Catalog {
        self.store.whole(at)
    }

    /// Reads everything anew, and says whether what was followed is the same; goes on with what was read.
    pub async fn recheck(&mut self) -> Result<bool, Error> {
        let Some(session) = &self.session else { return Ok(true) };
        let seen = self.store.add(read(session, BEGIN, "rollback").await?);
        let is_same = self.store.is_same(self.now, seen);
        self.now = seen;
        Ok(is_same)
    }
}

/// Reads everything between two statements.
async fn read(session: &Session, before: &str, after: &str) -> Result<State, Error> {
    session.batch(before).await?;
    let read = try_join(gather(session), session.query(VALUES, &[])).await;
    session.batch(after).await?;
    let (raw, values) = read?;
    Ok(State { raw, values: values.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect() })
}
