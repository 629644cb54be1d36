//! A database's catalog at each moment that was looked at: what each has that the one before it had not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::{Catalog, Dependency, Id, Kind, Object, Raw, RawObject, Scope, assemble};

/// The catalog and the number of an object.
pub type Key = (u32, u32);

/// All that was read of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What the queries gave: a table with its columns, or nothing for what stands inside another object.
    pub rows: Vec<RawObject>,
    /// What it needs.
    pub needs: Vec<Dependency>,
    /// Comments by column.
    pub comments: Vec<(i32, String)>,
    /// Security labels by column and provider.
    pub labels: Vec<(i32, String, String)>,
    /// The numbers and names of an enum's values.
    pub values: Vec<(u32, String)>,
}

impl Item {
    /// Puts everything in an order of its own.
    pub fn settle(&mut self) {
        self.rows.sort_by_key(|row| (row.id.kind, row.part_number));
        self.needs.sort_unstable();
        self.comments.sort_unstable();
        self.labels.sort_unstable();
        self.values.sort_unstable();
    }

    /// The parts of the object (zero for itself) that are otherwise afterwards, as far as others are written in terms of
    /// them; and whether it has got more columns.
    pub fn differing(&self, after: &Self) -> (HashSet<i32>, bool) {
        let key = |row: &RawObject| (row.id.kind, row.part_number);
        let mut parts = HashSet::new();
        for row in &self.rows {
            let now = after.rows.iter().find(|it| key(it) == key(row));
            let is_same = now.is_some_and(|now| now.id == row.id && says_the_same(&row.object, &now.object));
            if !is_same && row.id.kind != Kind::Inheritance {
                parts.insert(row.part_number);
            }
        }
        let is_new = |row: &RawObject| !self.rows.iter().any(|it| key(it) == key(row));
        let is_wider = after.rows.iter().any(|row| row.id.kind == Kind::Column && is_new(row));
        if self.values != after.values {
            parts.insert(0);
        }
        (parts, is_wider)
    }

    /// What it belongs to: the table of an index, the constraint of that, the column of a sequence.
    pub fn owners(&self) -> impl Iterator<Item = Key> {
        self.needs.iter().filter(|it| belongs(it.how)).map(|it| (it.needs_class, it.needs_oid))
    }
}

/// Whether nothing is otherwise that is written down where the object is used.
fn says_the_same(before: &Object, after: &Object) -> bool {
    match (before, after) {
        (Object::Column(before), Object::Column(after)) => {
            (&before.data_type, &before.collation) == (&after.data_type, &after.collation)
        }
        (
            Object::Function(_)
            | Object::Procedure(_)
            | Object::Aggregate(_)
            | Object::Enum(_)
            | Object::Composite(_)
            | Object::Domain(_)
            | Object::Range(_)
            | Object::BaseType(_)
            | Object::Collation(_)
            | Object::Operator(_)
            | Object::OperatorClass(_)
            | Object::OperatorFamily(_),
            _,
        ) => before == after,
        _ => true,
    }
}

/// Whether an object that needs another in this way is a part of it.
pub(super) fn belongs(how: char) -> bool {
    matches!(how, 'i' | 'a' | 'P' | 'S')
}

/// A state of a database's schema that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(usize);

/// The schemas at two moments: the objects that may differ, with all that comparing them and planning needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    /// What was there.
    pub from: Catalog,
    /// What is there.
    pub to: Catalog,
    /// Whether everything is in them.
    pub is_whole: bool,
    /// What is the same object and is called otherwise: by its number, not by what it looks like. A value of an enum
    /// stands as the enum with the value's name as part.
    pub renamed: Vec<(Id, Id)>,
}

/// An object before and after.
#[derive(Debug, Clone)]
struct Change {
    key: Key,
    before: Option<Arc<Item>>,
    after: Option<Arc<Item>>,
}

/// A moment: what was changed since the one before it.
#[derive(Debug, Clone)]
struct Node {
    before: usize,
    changes: Vec<Change>,
    unknown: Arc<BTreeSet<String>>,
}

/// What two moments do not share, by object: at the one, at the other.
pub(super) type Difference = BTreeMap<Key, (Option<Arc<Item>>, Option<Arc<Item>>)>;

/// All moments.
#[derive(Debug, Default)]
pub struct Store {
    scope: Scope,
    /// The server's version, who asks, and the numbers of the system catalogs.
    server: Raw,
    nodes: Vec<Node>,
    now: usize,
    /// What there is now, and by what it is needed.
    current: HashMap<Key, Arc<Item>>,
    users: HashMap<Key, HashSet<Key>>,
}

impl Store {
    /// Begins with what is there; `server` has its version, who asks, and the numbers of its catalogs.
    pub fn new(scope: Scope, server: Raw, items: BTreeMap<Key, Item>, unknown: BTreeSet<String>) -> Self {
        let mut store = Self { scope, server, ..Self::default() };
        store.nodes.push(Node { before: 0, changes: Vec::new(), unknown: Arc::new(unknown) });
        for (key, item) in items {
            store.put(key, Some(Arc::new(item)));
        }
        store
    }

    /// The number of a system catalog.
    pub fn class(&self, name: &str) -> u32 {
        self.server.classes.get(name).copied().unwrap_or_default()
    }

    /// The moment that is the present one.
    pub fn now(&self) -> Moment {
        Moment(self.now)
    }

    /// An object as it is now.
    pub fn get(&self, key: Key) -> Option<&Item> {
        self.current.get(&key).map(AsRef::as_ref)
    }

    /// The objects that need an object now.
    pub fn users(&self, key: Key) -> impl Iterator<Item = Key> {
        self.users.get(&key).into_iter().flatten().copied()
    }

    /// All that is there now.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.current.keys().copied()
    }

    /// What no object stands for now.
    pub fn unknown(&self) -> BTreeSet<String> {
        self.nodes.get(self.now).map(|node| (*node.unknown).clone()).unwrap_or_default()
    }

    /// Adds a moment in which these objects are no longer what they are now. It is the present one where none of them is
    /// otherwise.
    pub fn add(&mut self, items: impl IntoIterator<Item = (Key, Option<Item>)>, unknown: BTreeSet<String>) -> Moment {
        let mut changes = Vec::new();
        for (key, after) in items {
            let before = self.current.get(&key);
            if before.map(AsRef::as_ref) != after.as_ref() {
                changes.push(Change { key, before: before.cloned(), after: after.map(Arc::new) });
            }
        }
        let known = self.nodes.get(self.now).map(|node| node.unknown.clone()).unwrap_or_default();
        let is_known = *known == unknown;
        if changes.is_empty() && is_known {
            return self.now();
        }
        let unknown = if is_known { known } else { Arc::new(unknown) };
        self.nodes.push(Node { before: self.now, changes, unknown });
        Moment(self.nodes.len() - 1)
    }

    /// Adds a moment at which all this and nothing else is there.
    pub fn add_all(&mut self, items: BTreeMap<Key, Item>, unknown: BTreeSet<String>) -> Moment {
        let gone: Vec<Key> = self.keys().filter(|key| !items.contains_key(key)).collect();
        let items = items.into_iter().map(|(key, item)| (key, Some(item)));
        self.add(items.chain(gone.into_iter().map(|key| (key, None))), unknown)
    }

    /// The objects that changed at a moment.
    pub fn keys_since(&self, at: Moment) -> impl Iterator<Item = Key> {
        self.nodes.get(at.0).into_iter().flat_map(|node| &node.changes).map(|change| change.key)
    }

    /// Makes a moment the present one.
    pub fn go_to(&mut self, moment: Moment) {
        let difference = self.difference(self.now(), moment);
        for (key, (_, after)) in difference {
            self.put(key, after);
        }
        self.now = moment.0;
    }

    fn put(&mut self, key: Key, item: Option<Arc<Item>>) {
        if let Some(before) = self.current.remove(&key) {
            for it in &before.needs {
                if let Some(users) = self.users.get_mut(&(it.needs_class, it.needs_oid)) {
                    users.remove(&key);
                }
            }
        }
        if let Some(item) = item {
            for it in item.needs.iter().filter(|it| (it.needs_class, it.needs_oid) != key) {
                self.users.entry((it.needs_class, it.needs_oid)).or_default().insert(key);
            }
            self.current.insert(key, item);
        }
    }

    /// What two moments do not share.
    fn difference(&self, from: Moment, to: Moment) -> Difference {
        // What each side has, and what was there before both parted.
        let (mut at_from, mut at_to) = (Difference::new(), Difference::new());
        let (mut left, mut right) = (from.0, to.0);
        // A moment has a higher number than the one before it.
        while left != right {
            let (side, at) = if left > right { (&mut at_from, &mut left) } else { (&mut at_to, &mut right) };
            let Some(node) = self.nodes.get(*at) else { break };
            for Change { key, before, after } in &node.changes {
                side.entry(*key).or_insert_with(|| (after.clone(), None)).1.clone_from(before);
            }
            *at = node.before;
        }
        let mut difference = at_from;
        for (key, (after, before)) in at_to {
            difference.entry(key).or_insert((before, None)).1 = after;
        }
        difference.retain(|_, (before, after)| before != after);
        difference
    }

    pub(super) fn view(&self, at: Moment) -> View<'_> {
        let changed = self.difference(self.now(), at).into_iter().map(|(key, (_, after))| (key, after)).collect();
        let mut view = View { store: self, changed, users: HashMap::new() };
        for (key, item) in &view.changed {
            for it in item.iter().flat_map(|item| &item.needs).filter(|it| (it.needs_class, it.needs_oid) != *key) {
                view.users.entry((it.needs_class, it.needs_oid)).or_default().push(*key);
            }
        }
        view
    }

    /// The schema at a moment.
    pub fn whole(&self, at: Moment) -> Catalog {
        self.assemble(at, self.view(at).all())
    }

    fn assemble<'a>(&self, at: Moment, items: impl Iterator<Item = (Key, &'a Arc<Item>)>) -> Catalog {
        let mut raw = Raw { objects: vec![Vec::new()], ..self.server.clone() };
        for ((class, oid), item) in items {
            if let Some(objects) = raw.objects.first_mut() {
                objects.extend(item.rows.iter().cloned());
            }
            raw.dependencies.extend(item.needs.iter().filter(|it| it.oid >= USERS && it.needs_oid >= USERS));
            raw.comments.extend(item.comments.iter().map(|(part, text)| (class, oid, *part, text.clone())));
            let labels = item.labels.iter();
            raw.labels.extend(labels.map(|(part, by, text)| (class, oid, *part, by.clone(), text.clone())));
        }
        raw.unknown = self.nodes.get(at.0).map(|node| (*node.unknown).clone()).unwrap_or_default();
        assemble(raw, |id| self.scope.contains(id))
    }

    /// The schemas at two moments, with the objects that may differ.
    pub fn pair(&self, from: Moment, to: Moment) -> Pair {
        let difference = self.difference(from, to);
        let mut renamed = Vec::new();
        for (before, after) in difference.values() {
            if let (Some(before), Some(after)) = (before, after) {
                renames(before, after, &mut renamed);
            }
        }
        renamed.sort();
        let (before, after) = (self.view(from), self.view(to));
        let wanted = super::vicinity::around(&before, &after, &difference);
        if wanted.len() * 2 > self.current.len() {
            return Pair { from: self.whole(from), to: self.whole(to), is_whole: true, renamed };
        }
        let at = |moment: Moment, view: &View| {
            self.assemble(moment, wanted.iter().filter_map(|key| Some((*key, view.get(*key)?))))
        };
        Pair { from: at(from, &before), to: at(to, &after), is_whole: false, renamed }
    }

    /// Whether the schemas at two moments are the same, whatever numbers their objects have.
    pub fn is_same(&self, one: Moment, other: Moment) -> bool {
        if one == other {
            return true;
        }
        let pair = self.pair(one, other);
        pair.from == pair.to
    }
}

/// The first number that is given to users' objects.
const USERS: u32 = 16384;

/// What is called otherwise although it is the same.
fn renames(before: &Item, after: &Item, renamed: &mut Vec<(Id, Id)>) {
    for row in &before.rows {
        let is_it = |it: &&RawObject| (it.id.kind, it.part_number) == (row.id.kind, row.part_number);
        if let Some(now) = after.rows.iter().find(is_it).filter(|now| now.id != row.id) {
            renamed.push((row.id.clone(), now.id.clone()));
        }
    }
    let of = |item: &Item| item.rows.iter().find(|row| row.id.kind == Kind::Enum).map(|row| row.id.clone());
    let (Some(old), Some(new)) = (of(before), of(after)) else { return };
    for (oid, label) in &before.values {
        let now = after.values.iter().find(|(it, now)| it == oid && now != label);
        renamed.extend(now.map(|(_, now)| (old.beside(Kind::Enum, label), new.beside(Kind::Enum, now))));
    }
}

/// What is there at a moment.
pub(super) struct View<'a> {
    store: &'a Store,
    changed: BTreeMap<Key, Option<Arc<Item>>>,
    users: HashMap<Key, Vec<Key>>,
}

impl View<'_> {
    /// An object.
    pub(super) fn get(&self, key: Key) -> Option<&Arc<Item>> {
        match self.changed.get(&key) {
            Some(item) => item.as_ref(),
            None => self.store.current.get(&key),
        }
    }

    /// The objects that need an object.
    pub(super) fn users(&self, key: Key) -> impl Iterator<Item = Key> {
        let rest = self.store.users(key).filter(|user| !self.changed.contains_key(user));
        rest.chain(self.users.get(&key).into_iter().flatten().copied())
    }

    /// The number of the catalog of defaults.
    pub(super) fn defaults(&self) -> u32 {
        self.store.class("pg_attrdef")
    }

    /// Whether the server gives `not null` of a column a name.
    pub(super) fn names_not_null(&self) -> bool {
        self.store.server.version >= 18
    }

    /// All that is there.
    pub(super) fn all(&self) -> impl Iterator<Item = (Key, &Arc<Item>)> {
        let rest = self.store.current.iter().filter(|(key, _)| !self.changed.contains_key(key));
        let changed = self.changed.iter().filter_map(|(key, item)| Some((key, item.as_ref()?)));
        rest.chain(changed).map(|(key, item)| (*key, item))
    }

    /// The objects of these kinds.
    pub(super) fn of_kinds(&self, kinds: &[Kind]) -> Vec<Key> {
        let is_one = |item: &Item| item.rows.first().is_some_and(|row| kinds.contains(&row.id.kind));
        self.all().filter(|(_, item)| is_one(item)).map(|(key, _)| key).collect()
    }
}
