//! The rows of a database's catalog at each moment that was looked at.

use std::collections::BTreeMap;

use super::{Catalog, Id, Kind, Raw, Scope, assemble};

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

/// What was read at a moment.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The rows.
    pub raw: Raw,
    /// The values of enums: the type's number, the value's, its name.
    pub values: Vec<(u32, u32, String)>,
}

/// The names of objects by catalog, kind, number, and number of column.
type Names<'a> = BTreeMap<(u32, Kind, u32, i32), Id>;

impl State {
    fn names(&self) -> Names<'_> {
        let objects = self.raw.objects.iter().flatten();
        let mut names: Names =
            objects.clone().map(|row| ((row.class, row.id.kind, row.oid, row.part_number), row.id.clone())).collect();
        let enums: BTreeMap<u32, &Id> =
            objects.filter(|row| row.id.kind == Kind::Enum).map(|row| (row.oid, &row.id)).collect();
        for (of, oid, label) in &self.values {
            if let Some(id) = enums.get(of) {
                names.insert((0, Kind::Enum, *oid, 0), id.beside(Kind::Enum, label));
            }
        }
        names
    }
}

/// All moments.
#[derive(Debug, Clone, Default)]
pub struct Store {
    scope: Scope,
    states: Vec<State>,
}

impl Store {
    /// Of the objects that a scope has.
    pub fn new(scope: Scope) -> Self {
        Self { scope, states: Vec::new() }
    }

    /// Adds what was read.
    pub fn add(&mut self, state: State) -> Moment {
        self.states.push(state);
        Moment(self.states.len() - 1)
    }

    /// The schema at a moment.
    pub fn whole(&self, at: Moment) -> Catalog {
        self.states
            .get(at.0)
            .map_or_else(Catalog::default, |state| assemble(state.raw.clone(), |id| self.scope.contains(id)))
    }

    /// The schemas at two moments.
    pub fn pair(&self, from: Moment, to: Moment) -> Pair {
        let names = |at: Moment| self.states.get(at.0).map(State::names).unwrap_or_default();
        let after = names(to);
        let renamed = names(from)
            .into_iter()
            .filter_map(|(key, id)| Some((id, after.get(&key)?.clone())))
            .filter(|(before, after)| before != after)
            .collect();
        Pair { from: self.whole(from), to: self.whole(to), is_whole: true, renamed }
    }

    /// Whether the schemas at two moments are the same.
    pub fn is_same(&self, one: Moment, other: Moment) -> bool {
        one == other || self.whole(one) == self.whole(other)
    }
}
