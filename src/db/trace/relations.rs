//! The relations of a shadow database as a trial knows them: names, storage, locks and scans before and after each statement.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::super::{Error, Session};
use crate::report::PlanLock;
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
}

/// What a statement did to relations.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) locks: Vec<PlanLock>,
    pub(super) held: BTreeMap<String, LockMode>,
    pub(super) rewrites: Vec<String>,
    pub(super) rebuilds: Vec<String>,
    pub(super) scans: Vec<String>,
    pub(super) invalid: Vec<String>,
    /// Tables that are gone, and the indexes that went with tables.
    pub(super) gone: BTreeSet<u32>,
}

/// All relations, as far as they are known.
pub(super) struct Relations {
    all: HashMap<u32, Relation>,
    /// The strongest lock of this transaction on each.
    held: HashMap<u32, LockMode>,
    /// How often each had been scanned when it was last looked at.
    scans: HashMap<u32, i64>,
    /// The indexes that are known to be invalid.
    invalid: HashSet<u32>,
    /// Those of this migration, which the next one finds there.
    new: Vec<u32>,
    counts_at_once: bool,
}

impl Relations {
    /// Reads all. `counts_at_once` says whether the server counts a scan in one place as soon as it is over.
    pub(super) async fn read(session: &Session, counts_at_once: bool) -> Result<Self, Error> {
        let (held, invalid) = (HashMap::new(), HashSet::new());
        let mut relations =
            Self { all: HashMap::new(), held, scans: HashMap::new(), invalid, new: Vec::new(), counts_at_once };
        relations.take_up(session).await?;
        Ok(relations)
    }

    /// Reads all again, because something ran that nobody looked at.
    pub(super) async fn take_up(&mut self, session: &Session) -> Result<(), Error> {
        let sql = include_str!("../../../sql/trace/relations.sql");
        for row in session.query(sql, &[(&self.counts_at_once, Type::BOOL)]).await? {
            let (oid, name, kind, storage) = (row.get("oid"), row.get("name"), kind(&row), row.get("storage"));
            let (indexed, root) = (row.get("indexed"), row.get("root"));
            self.all.insert(oid, Relation { name, kind, storage, indexed, root, is_new: false });
            self.scans.insert(oid, row.get("scans"));
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
        let held: HashMap<u32, LockMode> = rows.iter().filter_map(|row| Some((row.oid, row.mode?))).collect();
        let mut locks: BTreeMap<String, LockMode> = BTreeMap::new();
        for (&oid, &mode) in &taken {
            let Some(relation) = self.all.get(&oid).filter(|it| !it.is_new && mode >= LockMode::ShareUpdateExclusive)
            else {
                continue;
            };
            // An index or a partition is said only where its table does not say it already.
            let above = if relation.is_index() { relation.indexed } else { relation.root };
            let root = self.all.get(&above).map_or(0, |it| it.root);
            let covers = |above: u32| {
                above != 0
                    && (held.get(&above).is_some_and(|it| *it >= mode)
                        || self.all.get(&above).is_some_and(|it| it.is_new))
            };
            if !covers(above) && !covers(root) {
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
        let is_locked: HashSet<u32> = held.keys().copied().collect();
        for row in &rows {
            self.changed(row, &is_locked, &mut found);
        }
        for names in [&mut found.rewrites, &mut found.rebuilds, &mut found.scans, &mut found.invalid] {
            names.sort();
            names.dedup();
        }
        self.held = held;
        self.settle(rows, &mut found);
        found
    }

    /// The locks that are new or stronger than before.
    fn taken(&self, rows: &[Seen]) -> HashMap<u32, LockMode> {
        let is_news = |oid: u32, mode: LockMode| self.held.get(&oid).is_none_or(|before| *before < mode);
        rows.iter().filter_map(|row| Some((row.oid, row.mode?))).filter(|(oid, mode)| is_news(*oid, *mode)).collect()
    }

    fn changed(&self, row: &Seen, is_locked: &HashSet<u32>, found: &mut Found) {
        if !row.is_valid && !self.invalid.contains(&row.oid) {
            found.invalid.extend(row.relation.iter().map(|it| it.name.clone()));
        }
        let Some(before) = self.all.get(&row.oid).filter(|it| !it.is_new) else { return };
        // What happens to the partitions of a table that is touched is said of the table.
        let root = self.all.get(&before.root).filter(|_| is_locked.contains(&before.root));
        let name = root.map_or(&before.name, |root| &root.name);
        let is_moved = row.relation.as_ref().is_some_and(|now| now.storage != before.storage && before.storage != 0);
        if is_moved && before.is_table() {
            found.rewrites.push(name.clone());
        }
        if is_moved && before.is_index() {
            found.rebuilds.push(before.name.clone());
        }
        if before.is_table() && row.scans > self.scans.get(&row.oid).copied().unwrap_or_default() {
            found.scans.push(name.clone());
        }
    }

    /// Takes over how things are now.
    fn settle(&mut self, rows: Vec<Seen>, found: &mut Found) {
        for row in rows {
            self.scans.insert(row.oid, row.scans);
            if !row.is_valid {
                self.invalid.insert(row.oid);
            }
            match row.relation {
                Some(mut now) => {
                    let before = self.all.get(&row.oid);
                    now.is_new = before.is_none_or(|it| it.is_new);
                    if before.is_none() {
                        self.new.push(row.oid);
                    }
                    self.all.insert(row.oid, now);
                }
                None => {
                    if self.all.get(&row.oid).is_some() {
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
            is_new: true,
        }),
        is_valid: row.get("is_valid"),
        scans: row.get("scans"),
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
