//! What a child table gets, changes and loses with its parents: no statement of its own does that.

use super::Cx;
use super::table::has_same_key;
use crate::catalog::{Column, Constraint, ConstraintType, Id, Inheritance, Kind, Object, Table};

impl Cx<'_> {
    /// Whether an object is made in this plan, for the first time or again. Nothing is known of that while states are
    /// compared.
    pub fn comes(&self, id: &Id) -> bool {
        self.fates.get(id).is_some_and(crate::diff::Fate::comes)
    }

    /// Whether an object is taken away in this plan, for good or for a while.
    pub fn goes(&self, id: &Id) -> bool {
        self.fates.get(id).is_some_and(crate::diff::Fate::goes)
    }

    /// The parents that the table has before and after, and all the while.
    pub fn lasting_parents(&self) -> Vec<Id> {
        self.lasting(self.id)
    }

    fn lasting(&self, of: &Id) -> Vec<Id> {
        let parents = self.to.parents(of).into_iter();
        parents.filter(|(id, it)| self.lasts(id, it)).map(|(_, it)| it.parent_id()).collect()
    }

    fn lasts(&self, id: &Id, it: &Inheritance) -> bool {
        let Some(Object::Inheritance(old)) = self.from.get(id).map(|entry| &entry.object) else { return false };
        let parent = it.parent_id();
        let table = |state: &'_ crate::catalog::Catalog| match state.get(&parent).map(|entry| &entry.object) {
            Some(Object::Table(table)) => table.clone(),
            _ => Table::default(),
        };
        old.bound == it.bound
            && has_same_key(&table(self.from), &table(self.to))
            && !self.comes(id)
            && !self.goes(&parent)
    }

    /// The parents that give the table what they have at the time when its parts are made: those that last, and, where
    /// the table itself is made as their child, those too.
    fn giving_parents(&self) -> Vec<Id> {
        let tables = [Kind::Table, Kind::ForeignTable].map(|kind| self.id.beside(kind, ""));
        let is_new = tables.iter().any(|id| self.comes(id));
        let parents = self.to.parents(self.id).into_iter();
        parents
            .filter(|(id, it)| if is_new { it.bound.is_none() } else { self.lasts(id, it) })
            .map(|(_, it)| it.parent_id())
            .collect()
    }

    /// The column of a parent that a new column comes with.
    pub fn given_column(&self, it: &Column) -> Option<(Id, &Column)> {
        let parents = self.giving_parents();
        let column =
            |parent: &Id| Some((parent.beside(Kind::Column, &self.id.part), self.to.column(parent, &self.id.part)?));
        parents.iter().filter(|_| it.inherited).find_map(column)
    }

    /// The columns of the parents that a new column is merged with, whether it is the table's own as well or not.
    pub fn merged_columns(&self) -> impl Iterator<Item = &Column> {
        self.giving_parents().into_iter().filter_map(|parent| self.to.column(&parent, &self.id.part))
    }

    /// Whether a new constraint comes with a parent's.
    pub fn is_constraint_given(&self) -> bool {
        self.giving_parents().iter().any(|parent| self.to.constraint(parent, &self.id.part).is_some())
    }

    /// Whether a new constraint comes with a parent's that is made once the table is its child.
    pub fn is_constraint_late(&self) -> bool {
        let parents = self.to.parents(self.id).into_iter().map(|(_, it)| it.parent_id());
        let mut above = parents.map(|parent| parent.beside(Kind::Constraint, &self.id.part));
        above.any(|above| self.to.hands_down_late(&above, self.id) && self.comes(&above))
    }

    /// Whether a constraint has to be there, and be valid, so that the table can be attached as a partition.
    pub fn is_attached_with(&self, it: &Constraint) -> bool {
        it.what == ConstraintType::Check && !it.validated && !it.local && self.to.is_partition(self.id)
    }

    /// Whether a part goes because a parent's goes, which is not kept for another child's sake.
    pub fn goes_with_parent(&self) -> bool {
        self.lasting_parents().iter().any(|parent| {
            let above = parent.beside(self.id.kind, &self.id.part);
            self.from.entries.contains_key(&above)
                && (!self.to.entries.contains_key(&above) || self.goes(&above))
                && !Cx { id: &above, ..*self }.is_dropped_alone()
        })
    }

    /// Whether a column or a constraint goes, while a child keeps its own that came from here. That is impossible for
    /// partitions.
    pub fn is_dropped_alone(&self) -> bool {
        let keeps = |(id, _): (&Id, &Inheritance)| {
            let below = id.beside(self.id.kind, &self.id.part);
            self.to.entries.contains_key(&below)
                && !self.goes(&below)
                && self
                    .lasting(&below)
                    .iter()
                    .any(|parent| (&parent.schema, &parent.name) == (&self.id.schema, &self.id.name))
                && match self.from.get(&below).map(|entry| &entry.object) {
                    Some(Object::Column(column)) => column.inherited,
                    Some(Object::Constraint(constraint)) => !constraint.local,
                    _ => false,
                }
        };
        !self.from.is_partitioned(self.id) && self.from.children(self.id).any(keeps)
    }

    /// The column of a lasting parent, which hands on what changes.
    pub fn parent_column(&self) -> Option<(Id, &Column)> {
        let parents = self.lasting_parents();
        parents.iter().find_map(|parent| {
            self.from.column(parent, &self.id.part)?;
            Some((parent.beside(Kind::Column, &self.id.part), self.to.column(parent, &self.id.part)?))
        })
    }

    /// `only `, but for partitioned tables, whose partitions must follow.
    pub fn only(&self) -> &'static str {
        if self.from.is_partitioned(self.id) || self.to.is_partitioned(self.id) { "" } else { "only " }
    }
}
