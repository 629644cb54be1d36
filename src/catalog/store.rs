//! A database's catalog at each moment that was looked at: what each has that the one before it had not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::item::{Item, Key};
use super::{Catalog, Id, Kind, Raw, RawObject, Scope, assemble};

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
    /// The same by kind.
    kinds: HashMap<Kind, HashSet<Key>>,
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
            if let Some(keys) = kind(&before).and_then(|kind| self.kinds.get_mut(&kind)) {
                keys.remove(&key);
            }
        }
        if let Some(item) = item {
            for it in item.needs.iter().filter(|it| (it.needs_class, it.needs_oid) != key) {
                self.users.entry((it.needs_class, it.needs_oid)).or_default().insert(key);
            }
            if let Some(kind) = kind(&item) {
                self.kinds.entry(kind).or_default().insert(key);
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
        let unknown = |at: Moment| self.nodes.get(at.0).map(|node| &node.unknown);
        if difference.is_empty() && unknown(from) == unknown(to) {
            return Pair::default();
        }
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

    /// The tables, and the columns of others, that are called the same at two moments and are not the same: by their numbers.
    pub fn made_anew(&self, from: Moment, to: Moment) -> Vec<Id> {
        let difference = self.difference(from, to);
        let (mut was, mut is) = (HashMap::new(), HashMap::new());
        for (key, (before, after)) in &difference {
            for (item, found) in [(before, &mut was), (after, &mut is)] {
                let rows = item.iter().flat_map(|item| &item.rows);
                let rows = rows.filter(|row| matches!(row.id.kind, Kind::Table | Kind::Column));
                found.extend(rows.map(|row| (&row.id, (*key, row.part_number))));
            }
        }
        let anew = was.iter().filter(|(id, was)| is.get(*id).is_some_and(|is| is != *was)).map(|(id, _)| *id);
        let anew: BTreeSet<&Id> = anew.collect();
        let is_part = |id: &&&Id| id.kind == Kind::Column && anew.contains(&id.beside(Kind::Table, ""));
        anew.iter().filter(|id| !is_part(id)).map(|id| (*id).clone()).collect()
    }

    /// The tables that are there at the one moment and by no name at the other, and the columns of those that are.
    pub fn gone(&self, from: Moment, to: Moment) -> Vec<Id> {
        let difference = self.difference(from, to);
        let mut gone = Vec::new();
        for (before, after) in difference.values() {
            let is_there = |row: &RawObject| {
                after.as_ref().is_some_and(|item| item.rows.iter().any(|it| it.part_number == row.part_number))
            };
            let rows = before.iter().flat_map(|item| &item.rows);
            let table = before.iter().flat_map(|item| &item.rows).find(|row| row.id.kind == Kind::Table);
            let Some(table) = table else { continue };
            if is_there(table) {
                let columns = rows.filter(|row| row.id.kind == Kind::Column && !is_there(row));
                gone.extend(columns.map(|row| row.id.clone()));
            } else {
                gone.push(table.id.clone());
            }
        }
        gone
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
        let rest = kinds.iter().filter_map(|kind| self.store.kinds.get(kind)).flatten().copied();
        let rest = rest.filter(|key| !self.changed.contains_key(key));
        let is_one = |item: &Arc<Item>| kind(item).is_some_and(|kind| kinds.contains(&kind));
        let changed = self.changed.iter().filter(|(_, item)| item.as_ref().is_some_and(is_one)).map(|(key, _)| *key);
        rest.chain(changed).collect()
    }
}

/// The kind of an object; a table's columns are its own.
fn kind(item: &Item) -> Option<Kind> {
    item.rows.first().map(|row| row.id.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, Dependency, Enum, Object, Schema, Table};

    const CLASS: u32 = 1259;
    const TYPE: u32 = 1247;

    fn row(class: u32, oid: u32, part_number: i32, id: Id, object: Object) -> RawObject {
        RawObject { class, oid, part_number, id, owner: Some("me".to_owned()), acl: None, object }
    }

    fn table(oid: u32, name: &str, columns: &[&str]) -> Item {
        let id = Id::new(Kind::Table, "app", name);
        let column = |(number, column): (usize, &&str)| {
            let object = Column { data_type: "text".to_owned(), ..Column::default() };
            row(
                CLASS,
                oid,
                i32::try_from(number).unwrap() + 1,
                id.beside(Kind::Column, *column),
                Object::Column(object),
            )
        };
        let columns: Vec<RawObject> = columns.iter().enumerate().map(column).collect();
        let rows = [row(CLASS, oid, 0, id.clone(), Object::Table(Table::default()))].into_iter().chain(columns);
        let mut item = Item { rows: rows.collect(), ..Item::default() };
        item.settle();
        item
    }

    fn needs(oid: u32, how: char, needs_oid: u32) -> Dependency {
        Dependency { class: CLASS, oid, part: 0, needs_class: CLASS, needs_oid, needs_part: 0, how }
    }

    fn store() -> Store {
        let classes = [("pg_class", CLASS), ("pg_type", TYPE)].map(|(name, oid)| (name.to_owned(), oid));
        let server = Raw { version: 15, classes: classes.into(), ..Raw::default() };
        let mut lines = table(20_001, "lines", &["id"]);
        lines.needs.push(needs(20_001, 'n', 20_000));
        let schema = row(2615, 2200, 0, Id::new(Kind::Schema, "", "app"), Object::Schema(Schema {}));
        let mood = row(TYPE, 20_009, 0, Id::new(Kind::Enum, "app", "mood"), Object::Enum(Enum { labels: Vec::new() }));
        let items = [
            ((2615, 2200), Item { rows: vec![schema], ..Item::default() }),
            ((CLASS, 20_000), table(20_000, "orders", &["id", "note"])),
            ((CLASS, 20_001), lines),
            ((TYPE, 20_009), Item { rows: vec![mood], values: vec![(20_010, "ok".to_owned())], ..Item::default() }),
        ];
        let many = (21_000..21_020).map(|oid| ((CLASS, oid), table(oid, &format!("t{oid}"), &["id"])));
        Store::new(Scope::default(), server, items.into_iter().chain(many).collect(), BTreeSet::new())
    }

    #[test]
    fn a_pair_has_what_differs_and_what_needs_it_and_no_more() {
        let mut store = store();
        let before = store.now();
        let renamed = store.add([((CLASS, 20_000), Some(table(20_000, "bought", &["id", "remark"])))], BTreeSet::new());
        let pair = store.pair(before, renamed);
        let names = |catalog: &Catalog| -> Vec<String> { catalog.entries.keys().map(ToString::to_string).collect() };
        let columns = ["column app.bought.id", "column app.bought.remark", "column app.lines.id"];
        let all: Vec<&str> = ["schema app", "table app.bought", "table app.lines"].into_iter().chain(columns).collect();
        assert_eq!((names(&pair.to), pair.is_whole), (all.into_iter().map(str::to_owned).collect(), false));
        let called: Vec<String> = pair.renamed.iter().map(|(old, new)| format!("{old} > {new}")).collect();
        assert!(called.contains(&"table app.orders > table app.bought".to_owned()));
        assert!(called.contains(&"column app.orders.note > column app.bought.remark".to_owned()));
        assert_eq!(store.now(), before);
    }

    #[test]
    fn moments_of_two_branches_are_compared_by_what_is_there() {
        let mut store = store();
        let start = store.now();
        let gone = store.add([((CLASS, 20_001), None)], BTreeSet::new());
        let mut again = table(30_000, "lines", &["id"]);
        again.needs.push(needs(30_000, 'n', 20_000));
        let anew = store.add([((CLASS, 20_001), None), ((CLASS, 30_000), Some(again))], BTreeSet::new());
        assert!(!store.is_same(start, gone) && !store.is_same(gone, anew) && store.is_same(start, anew));
        assert_eq!(store.made_anew(start, anew), [Id::new(Kind::Table, "app", "lines")]);
        assert_eq!(store.made_anew(start, gone), []);
        assert_eq!(store.gone(start, gone), [Id::new(Kind::Table, "app", "lines")]);
        store.go_to(gone);
        assert!(store.get((CLASS, 20_001)).is_none() && store.users((CLASS, 20_000)).next().is_none());
        let other = store.add([((CLASS, 21_000), None)], BTreeSet::new());
        let lost = store.pair(anew, other);
        let lines = Id::new(Kind::Table, "app", "lines");
        assert!(lost.from.get(&lines).is_some() && lost.to.get(&lines).is_none());
        assert_eq!(store.whole(start).entries.len(), store.whole(anew).entries.len());
        assert_eq!(store.add([((CLASS, 20_001), None)], BTreeSet::new()), gone, "nothing is otherwise");
    }

    #[test]
    fn a_value_of_an_enum_is_known_by_its_number() {
        let mut store = store();
        let before = store.now();
        let mut mood = store.get((TYPE, 20_009)).unwrap().clone();
        mood.values = vec![(20_010, "fine".to_owned())];
        let after = store.add([((TYPE, 20_009), Some(mood))], BTreeSet::new());
        let of = |label: &str| Id::part(Kind::Enum, "app", "mood", label);
        assert_eq!(store.pair(before, after).renamed, [(of("ok"), of("fine"))]);
    }
}
