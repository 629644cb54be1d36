//! What playing a chain keeps beside the state: the session, ways back, and who may depend on whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::schema::{QName, Schema, TableKind};

/// See the module. The two maps may name more than is true: whoever asks looks at the object itself.
#[derive(Debug, Clone, Default)]
pub(in crate::lint::schema) struct Play {
    /// The search path that a session starts with.
    pub(in crate::lint::schema) default_path: Vec<String>,
    /// The session's own search path while `set local` covers it.
    pub(super) session_path: Option<Vec<String>>,
    /// Where a `create schema` with statements in it ends, and the search path behind it.
    pub(super) schema_path: Option<(usize, Vec<String>)>,
    /// Whether the file takes something back, so that states must be kept.
    pub(super) keeps: bool,
    /// States to go back to, the outermost first.
    pub(super) undo: Vec<Undo>,
    /// By relation, those that may depend on it: tables by foreign keys, policies or inheritance, views, sequences by ownership.
    pub(super) used_by: BTreeMap<QName, BTreeSet<QName>>,
    /// By a constraint's schema and name, the tables that may have it.
    pub(super) constraint_names: BTreeMap<QName, BTreeSet<QName>>,
    /// How many statements of called functions the statement at hand may still run.
    pub(super) budget: usize,
    /// Whether there are temporary relations.
    pub(in crate::lint::schema) temporary: bool,
}

/// A state to go back to.
#[derive(Debug, Clone)]
pub(super) struct Undo {
    /// The savepoint's name; `None` for the transaction.
    pub(super) savepoint: Option<String>,
    /// The state.
    pub(super) state: Box<Schema>,
}

impl Schema {
    /// Notes that a relation depends on another.
    pub(super) fn depend(&mut self, on: &QName, user: &QName) {
        if on != user {
            self.play.used_by.entry(on.clone()).or_default().insert(user.clone());
        }
    }

    /// The relations that may depend on this one.
    pub(super) fn users(&self, of: &QName) -> Vec<QName> {
        self.play.used_by.get(of).map(|users| users.iter().cloned().collect()).unwrap_or_default()
    }

    /// The partitions and the tables that inherit, one level down.
    pub(super) fn children(&self, of: &QName) -> Vec<QName> {
        let is_child = |name: &QName| {
            self.tables.get(name).is_some_and(|it| it.partition_of.as_ref() == Some(of) || it.inherits.contains(of))
        };
        self.play.used_by.get(of).into_iter().flatten().filter(|name| is_child(name)).cloned().collect()
    }

    /// The partitions, one level down.
    pub(super) fn partitions(&self, of: &QName) -> Vec<QName> {
        if self.tables.get(of).is_none_or(|it| it.kind != TableKind::Partitioned) {
            return Vec::new();
        }
        let mut children = self.children(of);
        children.retain(|name| self.tables.get(name).is_some_and(|it| it.partition_of.as_ref() == Some(of)));
        children
    }
}
