//! The relations of a shadow database as a trial knows them: names, storage, locks and scans before and after each statement.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::super::{Error, Session};
use crate::report::{PlanLock, PlanWrites};
use crate::risk::LockMode;

/// A relation.
#[derive(Debug, Clone)]
struct Relation {
    name: String,
    /// `pg_class.relkind`.
    kind: char,
    /// Where its rows are: 0 where it has none.
    storage: u32,
    /// The table of an index, or 0.
    indexed: u32,
    /// The table at the top of its partitions, or 0.
    root: u32,
    /// The highest number of a column.
    columns: i16,
    /// The same before this migration: what it adds itself has higher numbers.
    old_columns: i16,
    /// Whether this migration made it.
    is_new: bool,
}

impl Relation {
    /// Whether it holds rows, or its partitions do.
    fn is_table(&self) -> bool {
        matches!(self.kind, 'r' | 'p' | 'm' | 'f')
    }

    fn is_index(&self) -> bool {
        matches!(self.kind, 'i' | 'I')
    }
}

/// A relation as it is after a statement.
pub(super) struct Seen {
    oid: u32,
    mode: Option<LockMode>,
    /// None where it is gone.
    relation: Option<Relation>,
    is_valid: bool,
    scans: i64,
    rows: Rows,
}

/// How many rows of a table were inserted, updated and deleted since it is counted.
#[derive(Debug, Clone, Copy, Default)]
struct Rows([i64; 3]);

impl Rows {
    fn read(row: &Row) -> Self {
        Self(["inserted", "updated", "deleted"].map(|column| row.get(column)))
    }

    /// How many came since then; a server that began to count anew has fewer.
    fn since(self, before: Self) -> Self {
        let mut since = self;
        for (now, before) in since.0.iter_mut().zip(before.0) {
            *now = if *now < before { *now } else { *now - before };
        }
        since
    }
}

/// What a statement did to relations.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) locks: Vec<PlanLock>,
    pub(super) held: BTreeMap<String, LockMode>,
    /// The tables that have other storage, by oid.
    pub(super) moved: BTreeMap<u32, String>,
    pub(super) rebuilds: Vec<String>,
    /// The tables that were read whole, by oid.
    pub(super) scans: BTreeMap<u32, String>,
    pub(super) writes: Vec<PlanWrites>,
    /// The tables with rows of their own that were there before and are gone.
    pub(super) lost: Vec<String>,
    /// The partitions among these relations, each with the table at the top.
    pub(super) partitions: BTreeMap<String, String>,
    pub(super) invalid: Vec<String>,
    /// Tables that are gone, and the indexes that went with tables.
    pub(super) gone: BTreeSet<u32>,
}

/// All relations, as far as they are known.
pub(super) struct Relations {
    all: BTreeMap<u32, Relation>,
    /// The strongest lock of this transaction on each.
    held: BTreeMap<u32, LockMode>,
    /// How often each had been scanned when it was last looked at.
    scans: HashMap<u32, i64>,
    /// How many rows of each had been changed then.
    rows: HashMap<u32, Rows>,
    /// The indexes that are known to be invalid.
    invalid: HashSet<u32>,
    /// Those of this migration, which the next one finds there.
    new: Vec<u32>,
    counts_at_once: bool,
}

impl Relations {
    /// Reads all. `counts_at_once` says whether the server counts a scan in one place as soon as it is over.
    pub(super) async fn read(session: &Session, counts_at_once: bool) -> Result<Self, Error> {
        let mut relations = Self {
            all: BTreeMap::new(),
            held: BTreeMap::new(),
            scans: HashMap::new(),
            rows: HashMap::new(),
            invalid: HashSet::new(),
            new: Vec::new(),
            counts_at_once,
        };
        relations.take_up(session).await?;
        Ok(relations)
    }

    /// Reads all again, because something ran that nobody looked at.
    pub(super) async fn take_up(&mut self, session: &Session) -> Result<(), Error> {
        let sql = include_str!("../../../sql/trace/relations.sql");
        for row in session.query(sql, &[(&self.counts_at_once, Type::BOOL)]).await? {
            let (oid, name, kind, storage) = (row.get("oid"), row.get("name"), kind(&row), row.get("storage"));
            let (indexed, root) = (row.get("indexed"), row.get("root"));
            let columns: i16 = row.get("columns");
            let is_new = false;
            self.all
                .insert(oid, Relation { name, kind, storage, indexed, root, columns, old_columns: columns, is_new });
            self.scans.insert(oid, row.get("scans"));
            self.rows.insert(oid, Rows::read(&row));
        }
        Ok(())
    }

    /// What is there now was there before the migration.
    pub(super) fn begin_migration(&mut self) {
        self.forget_locks();
        for oid in self.new.drain(..) {
            if let Some(relation) = self.all.get_mut(&oid) {
                relation.is_new = false;
            }
        }
        for relation in self.all.values_mut() {
            relation.old_columns = relation.columns;
        }
    }

    /// Whether it is a table, whose rows are nothing that can be computed anew.
    pub(super) fn is_plain(&self, oid: u32) -> bool {
        self.all.get(&oid).is_some_and(|it| it.kind == 'r')
    }

    /// Whether a column of a table was there before the migration, by its number.
    pub(super) fn is_old(&self, table: u32, column: i32) -> bool {
        self.all.get(&table).is_none_or(|it| !it.is_new && column <= i32::from(it.old_columns))
    }

    /// A transaction has ended, and its locks with it.
    pub(super) fn forget_locks(&mut self) {
        self.held.clear();
    }

    /// The table of an index, or the table itself.
    pub(super) fn table_of(&self, oid: u32) -> u32 {
        self.all.get(&oid).filter(|it| it.is_index()).map_or(oid, |it| it.indexed)
    }

    /// Reads the relations that the open transaction has locked, and these others.
    pub(super) async fn held(&self, session: &Session, others: &[u32]) -> Result<Vec<Seen>, Error> {
        let sql = include_str!("../../../sql/trace/held.sql");
        let rows = session.query(sql, &[(&others, Type::OID_ARRAY), (&self.counts_at_once, Type::BOOL)]).await?;
        Ok(rows.iter().map(seen).collect())
    }

    /// Which of these tables have invalid indexes that had none before.
    pub(super) async fn newly_invalid(&mut self, session: &Session, tables: &[u32]) -> Result<Vec<String>, Error> {
        let sql = include_str!("../../../sql/trace/invalid.sql");
        let rows = session.query(sql, &[(&tables, Type::OID_ARRAY)]).await?;
        Ok(rows.iter().filter(|row| self.invalid.insert(row.get(0))).map(|row| row.get(1)).collect())
    }

    /// What a statement did, by how its relations are now; this is what the next statement finds.
    pub(super) fn compare(&mut self, rows: Vec<Seen>) -> Found {
        let mut found = Found::default();
        let taken = self.taken(&rows);
        let held: BTreeMap<u32, LockMode> = rows.iter().filter_map(|row| Some((row.oid, row.mode?))).collect();
        let mut locks: BTreeMap<String, LockMode> = BTreeMap::new();
        for (&oid, &mode) in &taken {
            let Some(relation) = self.all.get(&oid).filter(|it| !it.is_new && mode >= LockMode::ShareUpdateExclusive)
            else {
                continue;
            };
            // An index is said only where its table does not say it already.
            let table = self.all.get(&relation.indexed).filter(|_| relation.is_index());
            let covers = held.get(&relation.indexed).is_some_and(|it| *it >= mode);
            if table.is_none_or(|table| !table.is_new && !covers) {
                locks.insert(relation.name.clone(), mode);
            }
        }
        found.locks =
            locks.into_iter().map(|(relation, mode)| PlanLock { relation, mode, blocks: mode.waits() }).collect();
        found.locks.sort_by(|a, b| b.mode.cmp(&a.mode).then_with(|| a.relation.cmp(&b.relation)));
        for (oid, mode) in &held {
            if let Some(relation) = self.all.get(oid).filter(|it| it.is_table() && !it.is_new) {
                found.held.insert(relation.name.clone(), *mode);
            }
        }
        for row in &rows {
            self.changed(row, taken.get(&row.oid).copied(), &mut found);
        }
        found.writes.sort_by(|a, b| a.relation.cmp(&b.relation));
        for names in [&mut found.rebuilds, &mut found.lost, &mut found.invalid] {
            names.sort();
            names.dedup();
        }
        self.held = held;
        self.settle(rows, &mut found);
        found
    }

    /// The locks that are new or stronger than before.
    fn taken(&self, rows: &[Seen]) -> BTreeMap<u32, LockMode> {
        let is_news = |oid: u32, mode: LockMode| self.held.get(&oid).is_none_or(|before| *before < mode);
        rows.iter().filter_map(|row| Some((row.oid, row.mode?))).filter(|(oid, mode)| is_news(*oid, *mode)).collect()
    }

    fn changed(&self, row: &Seen, taken: Option<LockMode>, found: &mut Found) {
        if !row.is_valid && !self.invalid.contains(&row.oid) {
            found.invalid.extend(row.relation.iter().map(|it| it.name.clone()));
        }
        let Some(before) = self.all.get(&row.oid).filter(|it| !it.is_new) else { return };
        let is_moved = row.relation.as_ref().is_some_and(|now| now.storage != before.storage && before.storage != 0);
        if is_moved && before.is_index() {
            found.rebuilds.push(before.name.clone());
        }
        if !before.is_table() {
            return;
        }
        if let Some(root) = self.all.get(&before.root) {
            found.partitions.insert(before.name.clone(), root.name.clone());
        }
        if is_moved {
            found.moved.insert(row.oid, before.name.clone());
        }
        if row.relation.is_none() && before.kind == 'r' {
            found.lost.push(before.name.clone());
        }
        if row.scans > self.scans.get(&row.oid).copied().unwrap_or_default() {
            found.scans.insert(row.oid, before.name.clone());
        }
        let Rows([inserted, updated, deleted]) = row.rows.since(self.rows.get(&row.oid).copied().unwrap_or_default());
        let is_gone = row.relation.is_none();
        if !is_gone && (taken == Some(LockMode::RowExclusive) || inserted + updated + deleted > 0) {
            let relation = before.name.clone();
            found.writes.push(PlanWrites { relation, inserted, updated, deleted });
        }
    }

    /// Takes over how things are now.
    fn settle(&mut self, rows: Vec<Seen>, found: &mut Found) {
        for row in rows {
            self.scans.insert(row.oid, row.scans);
            self.rows.insert(row.oid, row.rows);
            if !row.is_valid {
                self.invalid.insert(row.oid);
            }
            match row.relation {
                Some(mut now) => {
                    let before = self.all.get(&row.oid);
                    now.is_new = before.is_none_or(|it| it.is_new);
                    now.old_columns = before.map_or(0, |it| it.old_columns);
                    if before.is_none() {
                        self.new.push(row.oid);
                    }
                    self.all.insert(row.oid, now);
                }
                None => {
                    if self.all.contains_key(&row.oid) {
                        found.gone.insert(row.oid);
                    }
                }
            }
        }
        // An index that went with its table is not said beside it.
        let with_table =
            |oid: &u32| self.all.get(oid).is_some_and(|it| !it.is_index() || found.gone.contains(&it.indexed));
        let gone: BTreeSet<u32> = found.gone.iter().copied().filter(with_table).collect();
        for oid in std::mem::replace(&mut found.gone, gone) {
            self.all.remove(&oid);
        }
    }
}

fn seen(row: &Row) -> Seen {
    let modes: Vec<String> = row.get("modes");
    let is_there: bool = row.get("is_there");
    Seen {
        oid: row.get("oid"),
        mode: modes.iter().filter_map(|mode| mode_of(mode)).max(),
        relation: is_there.then(|| Relation {
            name: row.get("name"),
            kind: kind(row),
            storage: row.get("storage"),
            indexed: row.get("indexed"),
            root: row.get("root"),
            columns: row.get("columns"),
            old_columns: 0,
            is_new: true,
        }),
        is_valid: row.get("is_valid"),
        scans: row.get("scans"),
        rows: Rows::read(row),
    }
}

fn kind(row: &Row) -> char {
    row.get::<_, &str>("kind").chars().next().unwrap_or(' ')
}

/// The mode that `pg_locks` names.
pub(in crate::db) fn mode_of(name: &str) -> Option<LockMode> {
    LockMode::ALL.into_iter().find(|mode| mode.pg_locks() == name)
}

impl Seen {
    /// A lock that was seen from another session, of a relation that is otherwise as it was.
    pub(super) fn with_mode(mut self, modes: &HashMap<u32, LockMode>) -> Self {
        self.mode = modes.get(&self.oid).copied().max(self.mode);
        self
    }
}
