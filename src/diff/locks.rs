//! The locks that statements take on relations that were there before: what the emitters say of the object's own relation,
//! and here the rest, which only the whole plan knows: children, the other side of a foreign key, what is there already.
//!
//! <https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES>

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Fate, Fates};
use super::step::{Step, Verb};
use crate::catalog::{Catalog, Constraint, ConstraintType, Id, Inheritance, Kind, Object};
use crate::risk::{Hazard, LockMode};
use crate::text::bare_ident;

/// A lock on a relation, by its name as SQL has it.
type Lock = (LockMode, String);

/// Says of each statement what it locks. What is made by the plan itself nobody waits for.
pub fn complete(steps: &mut [Step], (from, to): (&Catalog, &Catalog), fates: &Fates) {
    let mut state = State::new(from, to, fates);
    for step in steps {
        let mut all: BTreeMap<String, LockMode> = BTreeMap::new();
        let said = step.hazards.iter().filter_map(|hazard| Some((hazard.lock?, hazard.locked.clone()?)));
        for (mode, name) in said.chain(state.of(step)).filter(|(_, name)| state.there.contains(name)) {
            let strongest = all.entry(name).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
        step.hazards.retain(|hazard| hazard.lock.is_none());
        let locks: Vec<Hazard> = all.iter().map(|(name, mode)| Hazard::lock(*mode, name)).collect();
        step.hazards.splice(0..0, locks);
        state.follow(step);
    }
}

/// What is there while the plan runs.
struct State<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    /// The relations that were there before and still are.
    there: BTreeSet<String>,
    /// The children of each table, and whether one is the default partition.
    children: BTreeMap<String, BTreeMap<String, bool>>,
    /// The constraints that are gone by now.
    gone: BTreeSet<Id>,
}

impl<'a> State<'a> {
    fn new(from: &'a Catalog, to: &'a Catalog, fates: &Fates) -> Self {
        let name = |id: &Id| match id.kind {
            Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Index => {
                Some(id.qualified())
            }
            // The index of a key has its name.
            Kind::Constraint => Some(Id::new(Kind::Index, &id.schema, &id.part).qualified()),
            _ => None,
        };
        // An index that goes is locked with its table; another of its name is new.
        let stays =
            |id: &&Id| !matches!(id.kind, Kind::Index | Kind::Constraint) || !fates.get(*id).is_some_and(Fate::goes);
        let there = from.entries.keys().chain(&from.outside).filter(stays).filter_map(name).collect();
        let mut state = Self { from, to, there, children: BTreeMap::new(), gone: BTreeSet::new() };
        for (id, it) in from.inheritances() {
            state.attach(id, it);
        }
        state
    }

    fn attach(&mut self, id: &Id, it: &Inheritance) {
        let is_default = it.bound.as_deref() == Some("DEFAULT");
        self.children.entry(it.parent_id().qualified()).or_default().insert(id.qualified(), is_default);
    }

    /// What is otherwise after a statement.
    fn follow(&mut self, step: &Step) {
        let id = &step.id;
        match id.kind {
            Kind::Inheritance => {
                let is_away = [" detach partition ", " no inherit "].iter().any(|word| step.sql.contains(word));
                let state = if is_away { self.from } else { self.to };
                let Some(Object::Inheritance(it)) = state.get(id).map(|entry| &entry.object) else { return };
                if !is_away {
                    self.attach(id, it);
                } else if let Some(children) = self.children.get_mut(&it.parent_id().qualified()) {
                    children.remove(&id.qualified());
                }
            }
            Kind::Constraint if step.verb == Verb::Drop => {
                self.gone.insert(id.clone());
            }
            Kind::Constraint => {
                self.gone.remove(id);
            }
            // What is made has nothing in common with what had its name.
            Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Index
                if step.verb != Verb::Alter =>
            {
                self.there.remove(&id.qualified());
                self.children.values_mut().for_each(|children| {
                    children.remove(&id.qualified());
                });
            }
            _ => {}
        }
    }

    /// A table and all below it.
    fn tree(&self, table: &str) -> Vec<String> {
        let mut all = vec![table.to_owned()];
        let mut next = 0;
        while let Some(children) = all.get(next).map(|table| self.children.get(table)) {
            all.extend(children.into_iter().flatten().map(|(child, _)| child.clone()));
            next += 1;
        }
        all
    }

    fn is_partitioned(&self, id: &Id) -> bool {
        self.from.is_partitioned(id)
    }

    fn with_tree(&self, mode: LockMode, table: &str) -> Vec<Lock> {
        self.tree(table).into_iter().map(|name| (mode, name)).collect()
    }

    /// What the statement's form locks.
    fn of(&self, step: &Step) -> Vec<Lock> {
        let (id, sql) = (&step.id, step.sql.as_str());
        let name = id.qualified();
        let first = |words: &[&str]| words.iter().any(|word| sql.starts_with(word));
        if first(&["comment on ", "security label "]) {
            return match id.kind {
                Kind::Table
                | Kind::ForeignTable
                | Kind::View
                | Kind::MaterializedView
                | Kind::Sequence
                | Kind::Index
                | Kind::Column => vec![(LockMode::ShareUpdateExclusive, name)],
                _ => Vec::new(),
            };
        }
        if first(&["grant ", "revoke ", "select ", "do "]) || step.outside_transaction {
            return Vec::new();
        }
        let exclusive = |name: String| vec![(LockMode::AccessExclusive, name)];
        match id.kind {
            Kind::Table | Kind::MaterializedView => self.of_table(step, &name),
            Kind::ForeignTable if step.verb == Verb::Drop => self.of_table(step, &name),
            Kind::View | Kind::ForeignTable if !sql.starts_with("create view ") => exclusive(name),
            Kind::Policy | Kind::Rule | Kind::Default => exclusive(name),
            Kind::Sequence if step.verb == Verb::Drop => exclusive(name),
            Kind::Sequence
                if [" owner to ", " rename to ", " set logged", " set unlogged"].iter().any(|it| sql.contains(it)) =>
            {
                exclusive(name)
            }
            Kind::Sequence if step.verb == Verb::Create => Vec::new(),
            Kind::Sequence => vec![(LockMode::ShareRowExclusive, name)],
            _ if sql.starts_with("alter type ") && sql.ends_with(" cascade") => self.of_typed(&name),
            Kind::Column => self.of_column(id, sql, &name),
            Kind::Index => self.of_index(step),
            Kind::Constraint if sql.starts_with("alter index ") => self.of_index(step),
            Kind::Constraint => self.of_constraint(step, &name),
            Kind::Inheritance => self.of_inheritance(id, sql, &name),
            Kind::Trigger => {
                let mode =
                    if step.verb == Verb::Drop { LockMode::AccessExclusive } else { LockMode::ShareRowExclusive };
                let state = if step.verb == Verb::Drop { self.from } else { self.to };
                let is_handed_on =
                    matches!(state.get(id).map(|it| &it.object), Some(Object::Trigger(it)) if it.for_each_row);
                if is_handed_on && self.is_partitioned(id) { self.with_tree(mode, &name) } else { vec![(mode, name)] }
            }
            Kind::Statistics => self.of_statistics(step),
            Kind::Domain if sql.contains(" set not null") => self.of_domain(id),
            Kind::PublicationTable => vec![(LockMode::ShareUpdateExclusive, name)],
            Kind::Publication if step.verb == Verb::Create => {
                let tables = self.to.entries.keys();
                let tables = tables.filter(|it| it.kind == Kind::PublicationTable && it.part == id.name);
                tables.map(|it| (LockMode::ShareUpdateExclusive, it.qualified())).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of_table(&self, step: &Step, name: &str) -> Vec<Lock> {
        let (id, sql) = (&step.id, step.sql.as_str());
        let exclusive = |name: String| (LockMode::AccessExclusive, name);
        if step.verb == Verb::Create {
            let parents = self.to.parents(id).into_iter().filter(|(_, it)| it.bound.is_none());
            return parents.map(|(_, it)| (LockMode::ShareUpdateExclusive, it.parent_id().qualified())).collect();
        }
        let mut locks = vec![exclusive(name.to_owned())];
        if step.verb == Verb::Drop {
            // A partition's share of a foreign key has nothing of its own on the other side.
            for (_, entry) in self.from.parts(id, Kind::Constraint).filter(|(key, _)| !self.gone.contains(*key)) {
                if let Object::Constraint(Constraint { references: Some((schema, table)), of_parent: None, .. }) =
                    &entry.object
                {
                    locks.extend(self.with_tree(LockMode::AccessExclusive, &qualified(schema, table)));
                }
            }
            for (parent, children) in self.children.iter().filter(|(_, children)| children.contains_key(name)) {
                if self.from.parents(id).iter().any(|(_, it)| it.bound.is_some()) {
                    locks.push(exclusive(parent.clone()));
                    locks.extend(
                        children.iter().filter(|(_, is_default)| **is_default).map(|(it, _)| exclusive(it.clone())),
                    );
                }
            }
        } else if sql.contains(" owner to ") {
            let owned = self.from.entries.iter().filter(|(_, entry)| match &entry.object {
                Object::Sequence(it) => {
                    it.owned_by.as_ref().is_some_and(|(schema, table, _)| (schema, table) == (&id.schema, &id.name))
                }
                _ => false,
            });
            locks.extend(owned.map(|(id, _)| exclusive(id.qualified())));
        } else if [" set (", " reset (", " cluster on ", " set without cluster"].iter().any(|it| sql.contains(it)) {
            locks = vec![(LockMode::ShareUpdateExclusive, name.to_owned())];
        }
        locks
    }

    fn of_column(&self, id: &Id, sql: &str, name: &str) -> Vec<Lock> {
        if ["alter type ", "alter sequence ", "alter index "].iter().any(|it| sql.starts_with(it)) {
            let renamed = sql.strip_prefix("alter sequence ").and_then(|rest| rest.split_once(" rename to "));
            return renamed.map(|(name, _)| (LockMode::AccessExclusive, name.to_owned())).into_iter().collect();
        }
        let is_light = [" set statistics ", " validate constraint "].iter().any(|it| sql.contains(it))
            || sql.contains(&format!(" alter column {} set (", bare_ident(&id.part)))
            || sql.contains(&format!(" alter column {} reset (", bare_ident(&id.part)));
        let mode = if is_light { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
        // `only` or not, the columns below are told that they are their own from now on.
        let is_alone = sql.contains(" only ") && !sql.contains(" drop column ");
        let mut locks = if is_alone { vec![(mode, name.to_owned())] } else { self.with_tree(mode, name) };
        let Some(column) = self.from.column(id, &id.part) else { return locks };
        if let Some(identity) = &column.identity {
            let sequence = qualified(&identity.sequence.0, &identity.sequence.1);
            if sql.contains(" drop identity") || sql.contains(" drop column ") {
                locks.push((LockMode::AccessExclusive, sequence));
            } else if sql.contains(" set generated ") || sql.contains(" set increment ") || sql.contains(" type ") {
                locks.push((LockMode::ShareRowExclusive, sequence));
            }
        }
        // The foreign keys of the column are made again.
        if sql.contains(" type ") || sql.contains(" drop column ") {
            for (key, _) in
                self.from.needs.iter().filter(|(key, needs)| key.kind == Kind::Constraint && needs.contains(id))
            {
                // The partitions' shares of a key follow it.
                if let Some(Object::Constraint(Constraint {
                    references: Some((schema, table)), of_parent: None, ..
                })) = self.from.get(key).map(|entry| &entry.object)
                    && !self.gone.contains(key)
                    && (key.qualified() == name || self.tree(&qualified(schema, table)).iter().any(|it| it == name))
                {
                    locks.extend(self.with_tree(LockMode::AccessExclusive, &qualified(schema, table)));
                    locks.push((LockMode::AccessExclusive, key.qualified()));
                }
            }
        }
        locks
    }

    fn of_index(&self, step: &Step) -> Vec<Lock> {
        let (id, sql) = (&step.id, step.sql.as_str());
        if step.id.kind == Kind::Index && matches!(step.verb, Verb::Create | Verb::Drop) {
            let state = if step.verb == Verb::Drop { self.from } else { self.to };
            let Some(Object::Index(index)) = state.get(id).map(|entry| &entry.object) else { return Vec::new() };
            let table = qualified(&id.schema, &index.table);
            return match step.verb {
                Verb::Drop if index.partitioned => self.with_tree(LockMode::AccessExclusive, &table),
                Verb::Drop => vec![(LockMode::AccessExclusive, table)],
                _ => vec![(LockMode::Share, table)],
            };
        }
        let name = if id.kind == Kind::Constraint { qualified(&id.schema, &id.part) } else { id.qualified() };
        if sql.contains(" attach partition ") || sql.contains(" set tablespace ") {
            return Vec::new();
        }
        vec![(LockMode::ShareUpdateExclusive, name)]
    }

    fn of_constraint(&self, step: &Step, name: &str) -> Vec<Lock> {
        let (id, sql) = (&step.id, step.sql.as_str());
        let state = if step.verb == Verb::Drop { self.from } else { self.to };
        let Some(it) = state.constraint(id, &id.part) else { return Vec::new() };
        if it.of_domain {
            let is_looked_at = sql.contains(" add ") && !sql.ends_with(" NOT VALID") || sql.contains(" validate ");
            let domain = id.beside(Kind::Domain, "");
            return if is_looked_at { self.of_domain(&domain) } else { Vec::new() };
        }
        let mode = if sql.contains(" validate constraint ") {
            LockMode::ShareUpdateExclusive
        } else if step.verb == Verb::Create && it.what == ConstraintType::Foreign {
            LockMode::ShareRowExclusive
        } else {
            LockMode::AccessExclusive
        };
        let is_handed_on = match it.what {
            ConstraintType::Check => !it.definition.contains(" NO INHERIT"),
            _ => self.is_partitioned(id),
        };
        let is_only = sql.contains(" only ") && !sql.contains(" drop constraint ");
        let is_alone = is_only || sql.contains(" rename constraint ") || !is_handed_on;
        let mut locks = if is_alone { vec![(mode, name.to_owned())] } else { self.with_tree(mode, name) };
        if let Some((schema, table)) = &it.references
            && step.verb != Verb::Alter
        {
            locks.extend(self.with_tree(mode, &qualified(schema, table)));
        }
        locks
    }

    fn of_inheritance(&self, id: &Id, sql: &str, name: &str) -> Vec<Lock> {
        let exclusive = |name: &str| (LockMode::AccessExclusive, name.to_owned());
        let mut locks = vec![exclusive(name)];
        if sql.contains(" inherit ") {
            if !sql.contains(" no inherit ") {
                locks.push((LockMode::ShareUpdateExclusive, id.part.clone()));
            }
            return locks;
        }
        let is_away = sql.contains(" detach partition ");
        let mode = if is_away { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
        locks.push((mode, id.part.clone()));
        if is_away {
            let referring = self.referring(&id.part);
            if referring.contains(&id.part) {
                locks.extend(self.with_tree(LockMode::AccessExclusive, name));
            }
            locks.extend(referring.into_iter().map(|table| (LockMode::AccessExclusive, table)));
            let own = self.keys().filter(|(from, _)| *from == id.part);
            locks.extend(own.map(|(_, to)| (LockMode::ShareRowExclusive, to)));
        } else {
            locks.extend(self.with_tree(LockMode::AccessExclusive, name));
            locks.extend(self.across(&id.part).into_iter().map(|table| (LockMode::ShareRowExclusive, table)));
        }
        let others = self.children.get(&id.part).into_iter().flatten();
        locks.extend(others.filter(|(_, is_default)| **is_default).map(|(it, _)| exclusive(it)));
        locks
    }

    /// The tables on the other side of the foreign keys from and to a table, and to those above it.
    fn across(&self, table: &str) -> Vec<String> {
        let own = self.keys().filter(|(from, _)| from == table).map(|(_, to)| to);
        own.chain(self.referring(table)).collect()
    }

    /// The tables with foreign keys to a table, or to one above it.
    fn referring(&self, table: &str) -> Vec<String> {
        let mut above = vec![table.to_owned()];
        let mut next = 0;
        while let Some(child) = above.get(next).cloned() {
            let parents = self.children.iter().filter(|(_, children)| children.contains_key(&child));
            above.extend(parents.map(|(parent, _)| parent.clone()).collect::<Vec<_>>());
            next += 1;
        }
        self.keys().filter(|(_, to)| above.contains(to)).map(|(from, _)| from).collect()
    }

    /// The foreign keys that were there before and still are: from where to where.
    fn keys(&self) -> impl Iterator<Item = (String, String)> {
        self.from.entries.iter().filter_map(|(id, entry)| match &entry.object {
            Object::Constraint(Constraint { references: Some((schema, name)), of_parent: None, .. })
                if !self.gone.contains(id) =>
            {
                Some((id.qualified(), qualified(schema, name)))
            }
            _ => None,
        })
    }

    /// The tables that are made of a composite type.
    fn of_typed(&self, of_type: &str) -> Vec<Lock> {
        let tables =
            self.from.entries.iter().filter(
                |(_, entry)| matches!(&entry.object, Object::Table(it) if it.of_type.as_deref() == Some(of_type)),
            );
        tables.map(|(id, _)| (LockMode::AccessExclusive, id.qualified())).collect()
    }

    fn of_statistics(&self, step: &Step) -> Vec<Lock> {
        if step.verb == Verb::Alter {
            return Vec::new();
        }
        let state = if step.verb == Verb::Drop { self.from } else { self.to };
        match state.get(&step.id).map(|entry| &entry.object) {
            Some(Object::Statistics(it)) => vec![(LockMode::ShareUpdateExclusive, qualified(&it.table.0, &it.table.1))],
            _ => Vec::new(),
        }
    }

    /// The tables with a column of a domain are read when it comes to hold more.
    fn of_domain(&self, domain: &Id) -> Vec<Lock> {
        let columns = self.from.needs.iter().filter(|(id, needs)| id.kind == Kind::Column && needs.contains(domain));
        columns.map(|(id, _)| (LockMode::Share, id.qualified())).collect()
    }
}

fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", bare_ident(schema), bare_ident(name))
}
