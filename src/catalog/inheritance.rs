//! What tables inherit from, and what they are partitions of.

use serde::{Deserialize, Serialize};

use super::{Catalog, Column, Constraint, ConstraintType, Id, Kind, Object};

/// That a table inherits from another or is a partition of it: <https://www.postgresql.org/docs/18/catalog-pg-inherits.html>.
///
/// An object of its own, since tables, their columns and their indexes are there before they are attached and stay when
/// they are detached. Its part is the parent's name as SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Inheritance {
    /// The schema and name of the parent.
    pub parent: (String, String),
    /// Its place among the parents, from 1.
    pub position: u32,
    /// `FOR VALUES …` or `DEFAULT` of a partition.
    #[serde(default)]
    pub bound: Option<String>,
}

impl Inheritance {
    /// The parent.
    pub fn parent_id(&self) -> Id {
        Id::new(Kind::Table, &self.parent.0, &self.parent.1)
    }
}

impl Catalog {
    /// What a table inherits from, in order.
    pub fn parents<'a>(&'a self, of: &'a Id) -> Vec<(&'a Id, &'a Inheritance)> {
        let inheritance = |(id, entry): (&'a Id, &'a super::Entry)| match &entry.object {
            Object::Inheritance(it) => Some((id, it)),
            _ => None,
        };
        let mut parents: Vec<_> = self.parts(of, Kind::Inheritance).filter_map(inheritance).collect();
        parents.sort_by_key(|(_, it)| it.position);
        parents
    }

    /// All that inherits from anything.
    pub fn inheritances(&self) -> impl Iterator<Item = (&Id, &Inheritance)> {
        self.entries
            .range(Id::new(Kind::Inheritance, "", "")..)
            .take_while(|(id, _)| id.kind == Kind::Inheritance)
            .filter_map(|(id, entry)| match &entry.object {
                Object::Inheritance(it) => Some((id, it)),
                _ => None,
            })
    }

    /// What inherits from a table directly.
    pub fn children<'a>(&'a self, of: &'a Id) -> impl Iterator<Item = (&'a Id, &'a Inheritance)> {
        self.inheritances().filter(move |(_, it)| it.parent.0 == of.schema && it.parent.1 == of.name)
    }

    /// A table, and all that it inherits from, directly or not.
    pub fn above(&self, table: &Id) -> Vec<Id> {
        let mut above = vec![table.clone()];
        let mut at = 0;
        while let Some(next) = above.get(at) {
            above.extend(self.parents(next).into_iter().map(|(_, it)| it.parent_id()).collect::<Vec<_>>());
            at += 1;
        }
        above
    }

    /// Whether a table is a partition.
    pub fn is_partition(&self, of: &Id) -> bool {
        self.parents(of).iter().any(|(_, it)| it.bound.is_some())
    }

    /// Whether a table has partitions, or may have some.
    pub fn is_partitioned(&self, of: &Id) -> bool {
        let id = of.beside(Kind::Table, "");
        matches!(self.get(&id).map(|it| &it.object), Some(Object::Table(table)) if table.partition_key.is_some())
    }

    /// A column.
    pub fn column(&self, of: &Id, name: &str) -> Option<&Column> {
        match &self.get(&of.beside(Kind::Column, name))?.object {
            Object::Column(column) => Some(column),
            _ => None,
        }
    }

    /// A constraint.
    pub fn constraint(&self, of: &Id, name: &str) -> Option<&Constraint> {
        match &self.get(&of.beside(Kind::Constraint, name))?.object {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        }
    }

    /// Whether a table has a check of a parent's that was added to both at once, and never validated. What is made as a
    /// child, or attached, when the parent has the check already, fits it and knows that.
    pub fn hands_down_late(&self, above: &Id, child: &Id) -> bool {
        let is_pending = |it: &&Constraint| it.what == ConstraintType::Check && !it.validated;
        above.kind == Kind::Constraint
            && self.constraint(above, &above.part).as_ref().is_some_and(is_pending)
            && self.constraint(child, &above.part).as_ref().filter(|it| !it.local).is_some_and(is_pending)
    }

    /// The columns of tables above that a column comes from: what is done to them is done to it.
    pub fn ancestors(&self, column: &Id) -> Vec<Id> {
        let mut found: Vec<Id> = Vec::new();
        let mut at = column.clone();
        let mut next = 0;
        loop {
            for (_, it) in self.parents(&at) {
                let above = it.parent_id().beside(Kind::Column, &column.part);
                if self.entries.contains_key(&above) && !found.contains(&above) {
                    found.push(above);
                }
            }
            let Some(above) = found.get(next) else { return found };
            at = above.clone();
            next += 1;
        }
    }

    /// What `pg_depend` says of children and parents holds for their being attached, and not for the tables.
    pub(super) fn settle_inheritance(&mut self) {
        let lone: Vec<Id> = self.inheritances().map(|(id, _)| id.clone()).collect();
        for id in lone {
            let tables = [Kind::Table, Kind::ForeignTable].map(|kind| id.beside(kind, ""));
            let Some(child) = tables.into_iter().find(|id| self.entries.contains_key(id)) else {
                self.entries.remove(&id);
                continue;
            };
            let Some(Object::Inheritance(it)) = self.get(&id).map(|entry| &entry.object) else { continue };
            let (parent, is_partition) = (it.parent_id(), it.bound.is_some());
            if is_partition && let Some(needs) = self.needs.get_mut(&child) {
                needs.remove(&parent);
            }
            self.needs.entry(id).or_default().extend([child, parent]);
        }
    }
}
