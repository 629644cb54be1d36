//! Following a database's schema through what is run on it: only what has changed is read again.
//!
//! What a transaction has changed is known from the server's counters and locks ([`Touched`]); which objects that are is
//! found by the transactions that have written the rows of the system catalogs; and with each object that is called
//! otherwise, what is written in terms of it is read again.

mod find;
mod items;
mod specs;
mod touched;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::{try_join, try_join3};
use tokio_postgres::Row;

use super::catalog::{BEGIN, Queries, dependency, rows};
use super::{Error, Session};
use crate::catalog::{Catalog, Id, Item, Key, Kind, Scope, Store};
pub use crate::catalog::{Moment, Pair};
use find::{Found, Known, ROLES};
use items::{ALL_NEEDS, ALL_VALUES, Wanted, of_raw};
use specs::SPECS;
pub use touched::{Counters, Touched, TouchedTable};

/// The queries here are about a few objects each, whose numbers come later: their plans are made once, and for that.
const FEW: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; \
    set enable_mergejoin = off";
/// All objects are read in another way than a few.
const MANY: &str = "set local enable_seqscan = on; set local enable_hashjoin = on; set local enable_mergejoin = on";
/// How names and values are written in a session of its own.
const WORDS: &str = "set search_path = ''; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; \
    set extra_float_digits = 3; set quote_all_identifiers = off; set jit = off; \
    set max_parallel_workers_per_gather = 0";
/// What an open transaction must not notice goes with the savepoint.
const SAVEPOINT: &str = "savepoint dbctl_peek; set local session authorization default; set local role none";
const BACK: &str = "rollback to savepoint dbctl_peek; release savepoint dbctl_peek";
/// The oldest transaction that may not have ended yet.
const BASE: &str =
    "select mod(pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text::numeric, 4294967296)::text";
/// A prepared query is not there: what runs in the session may have taken it away.
const NOT_PREPARED: &str = "26000";

/// A database's schema, followed from one state to the next.
pub struct Watch {
    session: Option<Session>,
    is_set: bool,
    queries: Queries,
    names: HashMap<u32, String>,
    store: Store,
    roles: BTreeMap<u32, String>,
    has_labels: bool,
    base: String,
    highest: u32,
    /// Sets for a transaction what a session of its own has.
    local: String,
}

/// All that there is.
struct Whole {
    items: BTreeMap<Key, Item>,
    unknown: BTreeSet<String>,
    roles: BTreeMap<u32, String>,
}

/// What has changed, read.
enum Read {
    Nothing,
    Some { items: BTreeMap<Key, Option<Item>>, unknown: Option<BTreeSet<String>> },
    All(Whole),
}

impl Watch {
    /// Begins with what is there. The session is one of its own: it sees what is committed.
    pub async fn begin(session: Session, scope: Scope) -> Result<Self, Error> {
        session.batch(&format!("{WORDS}; {FEW}")).await?;
        let queries = Queries::of(&session).await?;
        let base = base(&session).await?;
        session.batch(&format!("{BEGIN}; {MANY}")).await?;
        let whole = whole(&session, &queries).await;
        session.batch("rollback").await?;
        let whole = whole?;
        let has_labels = whole.items.values().any(|item| !item.labels.is_empty());
        let store = Store::new(scope, queries.raw(), whole.items, whole.unknown);
        let names = queries.classes.iter().map(|(name, oid)| (*oid, name.clone())).collect();
        let mut watch = Self {
            session: Some(session),
            is_set: true,
            queries,
            names,
            store,
            roles: whole.roles,
            has_labels,
            base,
            highest: 0,
            local: local(),
        };
        watch.highest = watch.store.keys().map(|key| key.1).max().unwrap_or_default();
        Ok(watch)
    }

    /// The state that was looked at last.
    pub fn now(&self) -> Moment {
        self.store.now()
    }

    /// Closes the session: nobody may be connected to a database that is copied. What was read stays.
    pub fn pause(&mut self) {
        self.session = None;
    }

    /// Goes on with another session.
    pub fn resume(&mut self, session: Session) {
        self.session = Some(session);
        self.is_set = false;
    }

    /// Reads what has changed since the last look. Without `touched` anything may have; with it, it is all that was done
    /// since then.
    ///
    /// The moment is the last one where nothing differs.
    pub async fn look(&mut self, touched: Option<&Touched>) -> Result<Moment, Error> {
        let Some(session) = self.session.take() else { return Ok(self.now()) };
        let looked = self.look_with(&session, touched).await;
        self.session = Some(session);
        looked
    }

    async fn look_with(&mut self, session: &Session, touched: Option<&Touched>) -> Result<Moment, Error> {
        if touched.is_some_and(|it| it.catalogs().is_empty() && !it.is_blind()) {
            return Ok(self.now());
        }
        if !self.is_set {
            session.batch(&format!("{WORDS}; {FEW}")).await?;
            self.is_set = true;
        }
        let (base, found) = try_join(base(session), self.known().find(session, touched)).await?;
        let read = self.read(session, found, touched, "begin isolation level repeatable read read only", "rollback");
        let read = read.await?;
        let seen = self.add(read);
        self.highest = self.store.keys_since(seen).map(|key| key.1).fold(self.highest, u32::max);
        self.store.go_to(seen);
        self.base = base;
        Ok(seen)
    }

    /// Reads what a transaction that is open sees, through its session, or what is there in a copy of the database where
    /// none is open. It is a branch: `now` stays what it is.
    pub async fn peek(&mut self, session: &Session, touched: Option<&Touched>) -> Result<Moment, Error> {
        if touched.is_some_and(|it| it.catalogs().is_empty() && !it.is_blind()) {
            return Ok(self.now());
        }
        let read = match self.peek_with(session, touched).await {
            Err(error) if error.server().is_some_and(|it| it.sqlstate == NOT_PREPARED) => {
                session.forget_prepared();
                self.peek_with(session, touched).await
            }
            read => read,
        }?;
        Ok(self.add(read))
    }

    async fn peek_with(&self, session: &Session, touched: Option<&Touched>) -> Result<Read, Error> {
        let (before, after) = match touched {
            Some(_) => (SAVEPOINT, BACK),
            None => ("begin isolation level repeatable read read only", "rollback"),
        };
        session.ready(&self.local).await?;
        let read = async {
            let known = self.known();
            let find = known.find(session, touched);
            let settings = session.ask(&self.local, &[]);
            let ((), _, found) = try_join3(session.batch(before), settings, find).await?;
            self.read(session, found, touched, "", "").await
        };
        let read = read.await;
        let back = session.batch(after).await;
        let read = read?;
        back?;
        Ok(read)
    }

    /// The schemas at two moments, with what may differ.
    pub fn pair(&self, from: Moment, to: Moment) -> Pair {
        self.store.pair(from, to)
    }

    /// The strongest lock that a transaction holds on each relation that was there at the last look, SHARE and stronger: name,
    /// mode as `pg_locks` has it.
    pub fn locks(&self, touched: &Touched) -> Vec<(String, String)> {
        const MODES: [&str; 4] = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];
        const RELATIONS: [Kind; 3] = [Kind::Table, Kind::MaterializedView, Kind::ForeignTable];
        let mut strongest: BTreeMap<String, usize> = BTreeMap::new();
        for (key, mode) in touched.modes() {
            let rows = self.store.get(key).into_iter().flat_map(|item| &item.rows);
            let relation = rows.map(|row| &row.id).find(|id| RELATIONS.contains(&id.kind));
            if let (Some(relation), Some(mode)) = (relation, MODES.iter().position(|it| *it == mode)) {
                let strongest = strongest.entry(relation.qualified()).or_default();
                *strongest = mode.max(*strongest);
            }
        }
        let lock = |(name, mode): (String, usize)| Some((name, (*MODES.get(mode)?).to_owned()));
        strongest.into_iter().filter_map(lock).collect()
    }

    /// The tables, and the columns of others, that are called the same at two moments and are not the same.
    pub fn made_anew(&self, from: Moment, to: Moment) -> Vec<Id> {
        self.store.made_anew(from, to)
    }

    /// The tables that are there at the one moment and by no name at the other, and the columns of those that are.
    pub fn gone(&self, from: Moment, to: Moment) -> Vec<Id> {
        self.store.gone(from, to)
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
        let Some(session) = self.session.take() else { return Ok(true) };
        let whole = self.recheck_with(&session).await;
        self.session = Some(session);
        let (base, whole) = whole?;
        let before = self.now();
        let seen = self.add(Read::All(whole));
        self.store.go_to(seen);
        self.highest = self.store.keys().map(|key| key.1).fold(self.highest, u32::max);
        self.base = base;
        Ok(before == seen || self.store.is_same(before, seen))
    }

    async fn recheck_with(&self, session: &Session) -> Result<(String, Whole), Error> {
        let base = base(session).await?;
        session.batch(&format!("{BEGIN}; {MANY}")).await?;
        let whole = whole(session, &self.queries).await;
        session.batch("rollback").await?;
        Ok((base, whole?))
    }

    fn known(&self) -> Known<'_> {
        Known { store: &self.store, base: &self.base, highest: self.highest, roles: &self.roles }
    }

    /// Adds a moment.
    fn add(&mut self, read: Read) -> Moment {
        match read {
            Read::Nothing => self.now(),
            Read::Some { items, unknown } => {
                let unknown = unknown.unwrap_or_else(|| self.store.unknown());
                self.store.add(items, unknown)
            }
            Read::All(whole) => {
                self.has_labels = whole.items.values().any(|item| !item.labels.is_empty());
                self.roles = whole.roles;
                self.store.add_all(whole.items, whole.unknown)
            }
        }
    }

    /// Reads what was found, and as long as an object turns out to be called otherwise, what is written in terms of it.
    async fn read(
        &self,
        session: &Session,
        found: Found,
        touched: Option<&Touched>,
        before: &str,
        after: &str,
    ) -> Result<Read, Error> {
        if found.is_anew {
            session.batch(&format!("{before}; {MANY}")).await?;
            let whole = whole(session, &self.queries).await;
            session.batch(after).await?;
            return Ok(Read::All(whole?));
        }
        if found.changed.is_empty() && found.gone.is_empty() && !found.is_unknown && !found.is_any_gone {
            return Ok(Read::Nothing);
        }
        let mut items: BTreeMap<Key, Option<Item>> = found.gone.iter().map(|key| (*key, None)).collect();
        let mut wanted = Wanted::default();
        let none = BTreeSet::new();
        for (key, letters) in &found.changed {
            wanted.add(&self.store, &self.names, *key, letters);
        }
        for key in self.owners(found.changed.keys().chain(&found.gone)) {
            if !found.gone.contains(&key) && !found.changed.contains_key(&key) {
                wanted.add(&self.store, &self.names, key, &none);
            }
        }
        let (mut is_checked, mut is_unknown) = (false, found.is_unknown);
        loop {
            while !wanted.is_empty() {
                let read = wanted.read(session, &self.queries, self.has_labels).await?;
                wanted = Wanted::default();
                let mut next: BTreeSet<Key> = BTreeSet::new();
                for (key, item) in &read {
                    let Some(before) = self.store.get(*key) else {
                        is_unknown |= is_nowhere(item, self.names.get(&key.0), found.changed.get(key));
                        continue;
                    };
                    let users: Vec<Key> = affected(&self.store, &self.names, *key, before, item);
                    next.extend(self.owners(users.iter()));
                    next.extend(users);
                }
                items.extend(read.into_iter().map(|(key, item)| (key, Some(item))));
                for key in next {
                    if !items.contains_key(&key) && self.store.get(key).is_some() {
                        wanted.add(&self.store, &self.names, key, &none);
                    }
                }
            }
            if is_checked || !(found.is_any_gone || self.has_lost(touched, &items)) {
                break;
            }
            is_checked = true;
            for key in self.lost(session, &items).await? {
                wanted.add(&self.store, &self.names, key, &none);
            }
        }
        let unknown = if is_unknown {
            let read = session.query(&self.queries.unknown, &[]).await?;
            Some(read.iter().map(|row| row.get(0)).collect())
        } else {
            None
        };
        Ok(Read::Some { items, unknown })
    }

    /// What some objects are parts of.
    fn owners<'a>(&self, of: impl Iterator<Item = &'a Key>) -> BTreeSet<Key> {
        let mut owners = BTreeSet::new();
        let mut next: Vec<Key> = of.copied().collect();
        while let Some(key) = next.pop() {
            for owner in self.store.get(key).into_iter().flat_map(Item::owners) {
                if self.store.get(owner).is_some() && owners.insert(owner) {
                    next.push(owner);
                }
            }
        }
        owners
    }

    /// Whether more of `pg_depend` has gone than what the objects that were read have lost.
    fn has_lost(&self, touched: Option<&Touched>, items: &BTreeMap<Key, Option<Item>>) -> bool {
        let Some(counts) = touched.and_then(|it| it.catalog("pg_depend")) else { return touched.is_none() };
        let count = |item: Option<&Item>| item.map_or(0, |it| i64::try_from(it.needs.len()).unwrap_or_default());
        let mut lost = 0;
        for (key, item) in items {
            lost += count(self.store.get(*key)) - count(item.as_ref());
        }
        counts.deleted - counts.inserted != lost
    }

    /// The objects that have lost comments or needs.
    async fn lost(&self, session: &Session, items: &BTreeMap<Key, Option<Item>>) -> Result<Vec<Key>, Error> {
        const NEEDS: &str =
            "select classid, objid, count(*) from pg_catalog.pg_depend where objid >= 16384 group by 1, 2";
        const COMMENTS: &str = "select classoid, objoid, count(*) from pg_catalog.pg_description \
            where objoid >= 16384 or classoid = 2615 group by 1, 2";
        let (needs, comments) = try_join(session.ask(NEEDS, &[]), session.ask(COMMENTS, &[])).await?;
        let counts = |read: &[Row]| -> HashMap<Key, i64> {
            read.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect()
        };
        let (needs, comments) = (counts(&needs), counts(&comments));
        let is_other = |count: usize, counts: &HashMap<Key, i64>, key: &Key| {
            i64::try_from(count).ok() != Some(counts.get(key).copied().unwrap_or_default())
        };
        let keys = self.store.keys().filter(|key| !items.contains_key(key));
        let is_lost = |key: &Key| {
            self.store.get(*key).is_some_and(|item| {
                is_other(item.needs.len(), &needs, key) || is_other(item.comments.len(), &comments, key)
            })
        };
        Ok(keys.filter(is_lost).collect())
    }
}

/// The objects that are written in terms of one that was read again and is otherwise.
fn affected(store: &Store, names: &HashMap<u32, String>, key: Key, before: &Item, after: &Item) -> Vec<Key> {
    let (parts, is_wider) = before.differing(after);
    if parts.is_empty() && !is_wider {
        return Vec::new();
    }
    // New columns may have names that take others to tell them apart.
    let tells_apart = |user: &Key| {
        is_wider && names.get(&user.0).is_some_and(|it| matches!(it.as_str(), "pg_rewrite" | "pg_proc" | "pg_policy"))
    };
    let is_written = |user: &Key| {
        let needs = store.get(*user).into_iter().flat_map(|item| &item.needs);
        let mut needs = needs.into_iter().filter(|it| (it.needs_class, it.needs_oid) == key).map(|it| it.needs_part);
        tells_apart(user)
            || !parts.is_empty() && needs.any(|part| part == 0 || parts.contains(&0) || parts.contains(&part))
    };
    store.users(key).filter(is_written).collect()
}

/// Whether a new object is none that a query gives although its kind has one: it is not in a schema of its own.
fn is_nowhere(item: &Item, class: Option<&String>, letters: Option<&BTreeSet<String>>) -> bool {
    let is_relation =
        || letters.is_some_and(|it| ["r", "p", "v", "m", "S", "f"].iter().any(|letter| it.contains(*letter)));
    let has_query = match class.map(String::as_str) {
        Some("pg_class") => is_relation(),
        Some("pg_proc" | "pg_operator") => true,
        _ => false,
    };
    has_query && item.rows.is_empty() && !item.needs.iter().any(|it| it.how == 'i')
}

/// The settings as a query: that is quicker than as many statements.
fn local() -> String {
    let of = |setting: &str| {
        let (name, value) = setting.trim().trim_start_matches("set ").split_once(" = ")?;
        Some(format!("pg_catalog.set_config('{name}', '{}', true)", value.trim_matches('\'')))
    };
    let settings = WORDS.split(';').chain(FEW.split(';')).filter_map(of);
    format!("select {}", settings.collect::<Vec<_>>().join(", "))
}

async fn base(session: &Session) -> Result<String, Error> {
    Ok(session.ask(BASE, &[]).await?.first().map_or_else(String::new, |row| row.get(0)))
}

/// Reads everything in the transaction that is open.
async fn whole(session: &Session, queries: &Queries) -> Result<Whole, Error> {
    let live: Vec<String> = SPECS
        .iter()
        .filter(|spec| spec.has_oid)
        .filter_map(|spec| Some((queries.classes.get(spec.name)?, spec.all())))
        .map(|(class, all)| format!("select {class}::oid as class, oid from ({all}) as c"))
        .collect();
    let live = live.join(" union all ");
    let pair = |row: &Row| Ok((row.get(0), row.get(1)));
    let rest = try_join3(rows(session, ALL_NEEDS, |row| Ok(dependency(row))), rows(session, &live, pair), async {
        try_join(session.query(ALL_VALUES, &[]), session.query(ROLES, &[])).await
    });
    let (mut raw, (needs, live, (values, roles))) = try_join(queries.gather(session), rest).await?;
    raw.dependencies = needs;
    let unknown = std::mem::take(&mut raw.unknown);
    let values = values.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let roles = roles.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(Whole { items: of_raw(raw, values, &live), unknown, roles })
}
