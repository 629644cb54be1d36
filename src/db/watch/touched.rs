//! What statements have done in a transaction, as the server counts it.

use std::collections::BTreeSet;

use super::super::{Error, Session};
use crate::catalog::Key;

/// The rows that the transaction has changed so far, by table, and the relations and other objects that it holds locks on.
/// What is counted of a table on which the transaction holds no lock is an earlier one's.
///
/// <https://www.postgresql.org/docs/18/monitoring-stats.html>
const CHANGED: &str = "with locks as materialized (
      select case l.locktype when 'relation' then 1259 else l.classid end as class,
        case l.locktype when 'relation' then l.relation else l.objid end as oid,
        l.locktype = 'object' or l.mode <> 'AccessShareLock' as is_strong
      from pg_catalog.pg_locks l
      where l.pid = pg_catalog.pg_backend_pid() and l.locktype in ('relation', 'object')
    ),
    counted as (
      select c.oid, c.relnamespace, c.relname::text as name,
        pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) as inserted,
        pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) as updated,
        pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as deleted
      from pg_catalog.pg_class c
      where c.relkind = 'r'
        and (c.oid < 16384 or c.oid in (select k.oid from locks k where k.class = 1259 and k.is_strong))
      offset 0
    )
    select c.oid, n.nspname::text, c.name, c.inserted, c.updated, c.deleted, 0::oid, \
      pg_catalog.current_setting('track_counts')::bool
    from counted c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.inserted + c.updated + c.deleted > 0
    union all
    select distinct k.oid, null, null, 0, 0, 0, k.class, true from locks k where k.is_strong and k.oid >= 16384";

/// Lets the server hand over what it has counted as soon as the transaction has ended, so that the next one's counters begin
/// at nothing. Before 15 it does so twice a second.
const HAND_OVER: &str = "do $hand_over$ begin perform pg_catalog.pg_stat_force_next_flush(); \
    exception when undefined_function then null; end $hand_over$";

/// A table in which rows were changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TouchedTable {
    /// Its number.
    pub oid: u32,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// How many rows were put in.
    pub inserted: i64,
    /// How many rows were changed.
    pub updated: i64,
    /// How many rows were taken out.
    pub deleted: i64,
}

/// What statements did in a transaction so far, asked in the session that runs them before it commits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    catalogs: Vec<TouchedTable>,
    tables: Vec<TouchedTable>,
    locked: BTreeSet<Key>,
    is_blind: bool,
}

impl Touched {
    /// What begins each transaction of a session that is asked later: the server may count what the session's last
    /// transactions did too, unless this was run in them, or after them.
    pub const HAND_OVER: &str = HAND_OVER;

    /// Asks the session whose transaction is open.
    ///
    /// The server counts what was rolled back to a savepoint too: what is counted too much costs time, and hides nothing.
    pub async fn read(session: &Session) -> Result<Self, Error> {
        let mut touched = Self::default();
        for row in session.ask(CHANGED, &[]).await? {
            let oid = row.get(0);
            let Some(name) = row.get::<_, Option<String>>(2) else {
                touched.locked.insert((row.get(6), oid));
                continue;
            };
            touched.is_blind |= !row.get::<_, bool>(7);
            let (inserted, updated, deleted) = (row.get(3), row.get(4), row.get(5));
            let table = TouchedTable { oid, schema: row.get(1), name, inserted, updated, deleted };
            if oid < 16384 { touched.catalogs.push(table) } else { touched.tables.push(table) }
        }
        Ok(touched)
    }

    /// The users' tables in which rows were changed.
    pub fn tables(&self) -> &[TouchedTable] {
        &self.tables
    }

    /// The system catalogs in which rows were changed.
    pub fn catalogs(&self) -> &[TouchedTable] {
        &self.catalogs
    }

    /// The objects that are locked more than for reading, those that are gone too.
    pub(super) fn locked(&self) -> impl Iterator<Item = Key> {
        self.locked.iter().copied()
    }

    /// Whether the server did not count.
    pub(super) fn is_blind(&self) -> bool {
        self.is_blind
    }

    /// What was done to a system catalog.
    pub(super) fn catalog(&self, name: &str) -> Option<&TouchedTable> {
        self.catalogs.iter().find(|it| it.name == name)
    }
}
