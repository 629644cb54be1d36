//! The objects around those that differ: what comparing and planning look at beside them.

use std::collections::{BTreeSet, HashSet};

use super::store::{Difference, Item, Key, View, belongs};
use super::{Kind, Object, RawObject};

/// What is looked at whatever has changed, and never much: it decides on what others get by themselves.
const ALWAYS: [Kind; 7] = [
    Kind::Schema,
    Kind::Extension,
    Kind::Language,
    Kind::AccessMethod,
    Kind::Cast,
    Kind::Publication,
    Kind::DefaultPrivileges,
];

/// The objects that differ, and those around them in both states.
pub(super) fn around(before: &View, after: &View, difference: &Difference) -> HashSet<Key> {
    let mut wanted = HashSet::new();
    for view in [before, after] {
        let mut found = Vicinity { view, relations: HashSet::new(), wanted: HashSet::new() };
        for (key, (was, is)) in difference {
            found.whole(*key);
            let is_seen = !matches!((was, is), (Some(was), Some(is)) if is_same_to_others(was, is));
            if is_seen {
                found.users(*key);
            }
        }
        found.wanted.extend(view.of_kinds(&ALWAYS));
        found.overloads();
        found.takers();
        found.needed();
        wanted.extend(found.wanted);
    }
    wanted
}

/// Whether nothing has changed but what is the object's alone: its owner, privileges, comments.
fn is_same_to_others(was: &Item, is: &Item) -> bool {
    let of = |row: &RawObject| (row.id.clone(), row.object.clone());
    was.needs == is.needs && was.rows.iter().map(of).eq(is.rows.iter().map(of))
}

struct Vicinity<'a> {
    view: &'a View<'a>,
    relations: HashSet<Key>,
    wanted: HashSet<Key>,
}

impl Vicinity<'_> {
    /// An object with all that it is a part of, and all their parts.
    fn whole(&mut self, key: Key) {
        let mut next = vec![key];
        while let Some(key) = next.pop() {
            let Some(item) = self.view.get(key) else { continue };
            if !self.relations.insert(key) {
                continue;
            }
            self.wanted.insert(key);
            next.extend(item.owners());
            // Parents, which need not be what it is a part of.
            if item.rows.iter().any(|row| row.id.kind == Kind::Inheritance) {
                next.extend(item.needs.iter().filter(|it| it.needs_class == key.0).map(|it| (key.0, it.needs_oid)));
            }
            let is_part = |user: &Key| {
                let needs = self.view.get(*user).into_iter().flat_map(|item| &item.needs);
                needs.into_iter().any(|it| (it.needs_class, it.needs_oid) == key && belongs(it.how))
            };
            next.extend(self.view.users(key).filter(is_part));
        }
    }

    /// What needs an object, what needs that, and so on, each whole.
    fn users(&mut self, key: Key) {
        let mut seen = BTreeSet::new();
        let mut next = vec![key];
        while let Some(key) = next.pop() {
            if !seen.insert(key) {
                continue;
            }
            for user in self.view.users(key) {
                next.push(user);
                let owners = self.view.get(user).into_iter().flat_map(|item| item.owners());
                // A view is what its rule needs.
                next.extend(owners.filter(|owner| self.view.get(user).is_some_and(|it| is_inside(it, *owner))));
            }
        }
        for key in seen {
            self.whole(key);
        }
    }

    /// Routines of the same names.
    fn overloads(&mut self) {
        const ROUTINES: [Kind; 3] = [Kind::Function, Kind::Procedure, Kind::Aggregate];
        let name = |key: &Key| {
            let row = self.view.get(*key)?.rows.first()?;
            ROUTINES.contains(&row.id.kind).then(|| (row.id.schema.clone(), row.id.name.clone()))
        };
        let names: HashSet<_> = self.wanted.iter().filter_map(name).collect();
        if !names.is_empty() {
            let same = self.view.of_kinds(&ROUTINES).into_iter();
            let same: Vec<Key> = same.filter(|key| name(key).is_some_and(|name| names.contains(&name))).collect();
            self.wanted.extend(same);
        }
    }

    /// What has the name that `not null` of a column would have by itself, which is then said: from 18 on it has one.
    fn takers(&mut self) {
        if !self.view.names_not_null() {
            return;
        }
        let not_null = |row: &RawObject| match &row.object {
            Object::Column(column) => column.not_null.clone(),
            _ => None,
        };
        let rows = self.wanted.iter().filter_map(|key| self.view.get(*key)).flat_map(|item| &item.rows);
        let names: HashSet<(String, String)> = rows
            .filter(|row| not_null(row).is_some_and(|it| it.name.is_none()))
            .map(|row| (row.id.schema.clone(), format!("{}_{}_not_null", row.id.name, row.id.part)))
            .collect();
        let has_one = |row: &RawObject| {
            let name = if row.id.kind == Kind::Constraint {
                Some(row.id.part.clone())
            } else {
                not_null(row).and_then(|it| it.name)
            };
            name.is_some_and(|name| names.contains(&(row.id.schema.clone(), name)))
        };
        let takers = self.view.all().filter(|(_, item)| item.rows.iter().any(has_one));
        let takers: Vec<Key> = takers.map(|(key, _)| key).collect();
        self.wanted.extend(takers);
    }

    /// What all these need, and what that needs.
    fn needed(&mut self) {
        let mut next: Vec<Key> = self.wanted.iter().copied().collect();
        while let Some(key) = next.pop() {
            // What its columns are computed from is a part of them.
            let defaults = self.view.users(key).filter(|user| user.0 == self.view.defaults());
            let needs = self.view.get(key).into_iter().flat_map(|item| &item.needs);
            for needed in needs.map(|it| (it.needs_class, it.needs_oid)).chain(defaults) {
                if self.view.get(needed).is_some() && self.wanted.insert(needed) {
                    next.push(needed);
                }
            }
        }
    }
}

/// Whether an object stands inside another.
fn is_inside(item: &Item, owner: Key) -> bool {
    item.needs.iter().any(|it| it.how == 'i' && (it.needs_class, it.needs_oid) == owner)
}
