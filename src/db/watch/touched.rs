//! What statements have done in a transaction, as the server counts it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use tokio_postgres::types::Type;

use super::super::{Error, Session};
use crate::catalog::Key;

/// The rows that the transaction has changed so far, by table: of the system catalogs whose numbers are `$1`, and of the
/// tables that it holds locks on; and the relations and other objects that it holds locks on, with whether each is a sequence
/// that it has written. What is counted of a table on
/// which the transaction holds no lock is an earlier one's.
///
/// <https://www.postgresql.org/docs/18/monitoring-stats.html>
const CHANGED: &str = "with locks as materialized (
      select distinct case l.locktype when 'relation' then 1259 else l.classid end as class,
        case l.locktype when 'relation' then l.relation else l.objid end as oid, l.mode
      from pg_catalog.pg_locks l
      where l.pid = pg_catalog.pg_backend_pid()
        and (l.locktype = 'object' or l.locktype = 'relation' and l.mode <> 'AccessShareLock')
    ),
    counted as (
      select c.oid, c.namespace, c.name,
        pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) as inserted,
        pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) as updated,
        pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as deleted
      from (
        select k.oid, 0::oid as namespace, null as name from pg_catalog.unnest($1) as k (oid)
        union all
        select k.oid, c.relnamespace, c.relname::text from (select distinct k.class, k.oid from locks k) as k cross join lateral (
          select c.relnamespace, c.relname from pg_catalog.pg_class c
          where c.oid = k.oid and c.oid >= 16384 and c.relkind = 'r' offset 0
        ) as c where k.class = 1259
      ) as c
      offset 0
    )
    select c.oid, (select n.nspname::text from pg_catalog.pg_namespace n where n.oid = c.namespace), c.name,
      c.inserted, c.updated, c.deleted, 0::oid, true, null
    from counted c
    where c.inserted + c.updated + c.deleted > 0
    union all
    select k.oid, null, null, 0, 0, 0, k.class,
      k.class = 1259 and k.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock')
        and exists (select from pg_catalog.pg_class c where c.oid = k.oid and c.relkind = 'S'),
      k.mode
    from locks k where k.oid >= 16384
    union all
    select 0::oid, null, null, 0, 0, 0, 0::oid, pg_catalog.current_setting('track_counts')::bool, null";

/// The number of `pg_class`, which it has on every server.
const PG_CLASS: u32 = 1259;

/// The system catalogs.
const CATALOGS: &str = "select c.oid, c.relname::text from pg_catalog.pg_class c \
    where c.oid < 16384 and c.relkind = 'r' and c.relnamespace = 'pg_catalog'::regnamespace";

/// Lets the server hand over what it has counted as soon as the transaction has ended, so that the next one's counters begin
/// at nothing. Before 15 it does so twice a second.
const BEGIN: &str = "begin; select pg_catalog.pg_stat_force_next_flush()";

/// What the session's earlier transactions have left in the counters.
const LEFT: &str = "select * from (select c.oid, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) as inserted, \
    pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) as updated, \
    pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as deleted \
    from pg_catalog.pg_class c where c.relkind = 'r' offset 0) as it \
    where inserted + updated + deleted > 0";

/// The server's counters, as a session sees its own.
#[derive(Debug)]
pub struct Counters {
    names: HashMap<u32, String>,
    oids: Vec<u32>,
    has_hand_over: bool,
    /// What the session's earlier transactions have done that was not handed over when the present one began.
    before: Mutex<Touched>,
}

impl Counters {
    /// Asks which system catalogs there are; they are the same in all databases of a server.
    pub async fn of(session: &Session) -> Result<Self, Error> {
        let rows = session.query(CATALOGS, &[]).await?;
        let names: HashMap<u32, String> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let has_hand_over = "select from pg_catalog.pg_proc where proname = 'pg_stat_force_next_flush'";
        let has_hand_over = !session.query(has_hand_over, &[]).await?.is_empty();
        let oids = names.keys().copied().collect();
        Ok(Self { names, oids, has_hand_over, before: Mutex::default() })
    }

    /// What is run after transactions that were not begun so, before one of which is asked.
    pub fn after(&self) -> &'static str {
        if self.has_hand_over { "select pg_catalog.pg_stat_force_next_flush()" } else { "" }
    }

    /// What begins a transaction of which is asked later; none where [`begin`](Self::begin) has to begin it.
    pub fn beginning(&self) -> Option<&'static str> {
        self.has_hand_over.then_some(BEGIN)
    }

    /// Begins a transaction of which is asked later.
    pub async fn begin(&self, session: &Session) -> Result<(), Error> {
        if self.has_hand_over {
            return session.batch(BEGIN).await;
        }
        session.batch("begin").await?;
        let mut before = Touched::default();
        for row in session.query(LEFT, &[]).await? {
            let (oid, inserted, updated, deleted) = (row.get(0), row.get(1), row.get(2), row.get(3));
            let (schema, name) = (String::new(), String::new());
            let table = TouchedTable { oid, schema, name, inserted, updated, deleted };
            if oid < 16384 { before.catalogs.push(table) } else { before.tables.push(table) }
        }
        self.set_before(before);
        Ok(())
    }

    fn set_before(&self, touched: Touched) {
        if let Ok(mut before) = self.before.lock() {
            *before = touched;
        }
    }
}

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
    locked: BTreeSet<(Key, String)>,
    sequences: Vec<u32>,
    is_blind: bool,
}

impl Touched {
    /// Asks the session whose transaction is open.
    ///
    /// The server counts what was rolled back to a savepoint too. What is counted too much costs time, and hides nothing.
    pub async fn read(session: &Session, counters: &Counters) -> Result<Self, Error> {
        let mut touched = Self::default();
        for row in session.ask(CHANGED, &[(&counters.oids, Type::OID_ARRAY)]).await? {
            let (oid, class): (u32, u32) = (row.get(0), row.get(6));
            if class != 0 {
                touched.locked.insert(((class, oid), row.get(8)));
                touched.sequences.extend(row.get::<_, bool>(7).then_some(oid));
                continue;
            }
            touched.is_blind |= !row.get::<_, bool>(7);
            let (inserted, updated, deleted) = (row.get(3), row.get(4), row.get(5));
            let table = |schema: &str, name: &str| {
                let (schema, name) = (schema.to_owned(), name.to_owned());
                TouchedTable { oid, schema, name, inserted, updated, deleted }
            };
            match (counters.names.get(&oid), row.get(1), row.get(2)) {
                (Some(name), ..) => touched.catalogs.push(table("pg_catalog", name)),
                (None, Some(schema), Some(name)) => touched.tables.push(table(schema, name)),
                _ => {}
            }
        }
        if let Ok(before) = counters.before.lock() {
            touched.take_off(&before);
        }
        Ok(touched)
    }

    /// Takes off what was counted before.
    fn take_off(&mut self, before: &Self) {
        for (now, before) in [(&mut self.catalogs, &before.catalogs), (&mut self.tables, &before.tables)] {
            for was in before {
                for table in now.iter_mut().filter(|it| it.oid == was.oid) {
                    table.inserted -= was.inserted;
                    table.updated -= was.updated;
                    table.deleted -= was.deleted;
                }
            }
            now.retain(|it| it.inserted > 0 || it.updated > 0 || it.deleted > 0);
        }
    }

    /// The users' tables in which rows were changed.
    pub fn tables(&self) -> &[TouchedTable] {
        &self.tables
    }

    /// The relations that may have been written anew: the server does not count that.
    pub fn exclusive(&self) -> Vec<u32> {
        let is_it = |((class, _), mode): &&(Key, String)| *class == PG_CLASS && mode == "AccessExclusiveLock";
        self.locked.iter().filter(is_it).map(|((_, oid), _)| *oid).collect()
    }

    /// The sequences that have counted, or were set.
    pub fn sequences(&self) -> &[u32] {
        &self.sequences
    }

    /// The system catalogs in which rows were changed.
    pub fn catalogs(&self) -> &[TouchedTable] {
        &self.catalogs
    }

    /// The objects that are locked more than for reading, those that are gone too.
    pub(super) fn locked(&self) -> impl Iterator<Item = Key> {
        let keys: BTreeSet<Key> = self.locked.iter().map(|(key, _)| *key).collect();
        keys.into_iter()
    }

    /// The same with the modes, as `pg_locks` has them.
    pub(super) fn modes(&self) -> impl Iterator<Item = (Key, &str)> {
        self.locked.iter().map(|(key, mode)| (*key, mode.as_str()))
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
