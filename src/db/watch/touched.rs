//! What statements have done in a transaction, as the server counts it.

use super::super::{Error, Session};

/// The rows that the transaction has changed so far. The counters of a session are handed over between transactions, not
/// always at once: the next transaction's begin at nothing, because the reading asks for that.
///
/// <https://www.postgresql.org/docs/18/monitoring-stats.html>
const CHANGED: &str = "select c.oid, n.nspname::text, c.relname::text, c.relkind in ('r', 'p') and c.oid >= 16384, \
    pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) as inserted, \
    pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) as updated, \
    pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as deleted \
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
    where c.relkind in ('r', 'm') \
      and (c.oid < 16384 or c.oid in (select l.relation from pg_catalog.pg_locks l \
        where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation')) \
      and pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) \
        + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) \
        + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0";

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
}

impl Touched {
    /// Asks the session whose transaction is open.
    pub async fn read(session: &Session) -> Result<Self, Error> {
        let mut touched = Self::default();
        for row in session.query(CHANGED, &[]).await? {
            let table = TouchedTable {
                oid: row.get(0),
                schema: row.get(1),
                name: row.get(2),
                inserted: row.get(4),
                updated: row.get(5),
                deleted: row.get(6),
            };
            if row.get(3) { touched.tables.push(table) } else { touched.catalogs.push(table) }
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
}
