//! Columns get another name: constraints, indexes, policies, foreign keys and views follow.

use super::name::cut;
use super::rewrite::{Rewrite, Seen, rewrite};
use crate::lint::schema::{ConstraintDef, IndexKey, Place, QName, Renamed, Schema};
use crate::sql::ast::{Ident, Name};

/// Changes a column's name in the expressions of a table.
struct Rename<'a> {
    schema: &'a Schema,
    table: &'a QName,
    from: &'a str,
    to: &'a str,
    /// Whether the expression belongs to the column's table, so that what nothing nearer has is its column.
    own: bool,
}

impl Rename<'_> {
    fn is_meant(&self, parts: &[Ident], sources: &[Vec<Seen>]) -> bool {
        let nearest = || sources.iter().rev().flatten();
        match parts {
            [_] => {
                let has = |seen: &&Seen| {
                    seen.relation.as_ref().is_some_and(|relation| {
                        relation == self.table
                            || self.schema.tables.get(relation).is_some_and(|it| it.column(self.from).is_some())
                    })
                };
                nearest().find(has).map_or(self.own, |seen| seen.relation.as_ref() == Some(self.table))
            }
            [.., qualifier, _] => {
                let alias = cut(&qualifier.value);
                match nearest().find(|seen| seen.alias == alias) {
                    Some(seen) => seen.relation.as_ref() == Some(self.table),
                    None => self.own && alias == self.table.name,
                }
            }
            [] => false,
        }
    }
}

impl Rewrite for Rename<'_> {
    fn column(&mut self, parts: &mut Vec<Ident>, sources: &[Vec<Seen>]) {
        let named = parts.last().is_some_and(|last| cut(&last.value) == self.from);
        if named
            && self.is_meant(parts, sources)
            && let Some(last) = parts.last_mut()
        {
            self.to.clone_into(&mut last.value);
        }
    }

    fn see(&self, name: &Name) -> Option<QName> {
        Some(self.schema.resolve(name))
    }
}

impl Schema {
    /// `rename column`, of a table or a view.
    pub(super) fn rename_column(&mut self, table: &QName, from: &str, to: &str) {
        for child in self.children(table) {
            self.rename_column(&child, from, to);
        }
        // Whoever plays the statement says where.
        let column = Some((from.to_owned(), to.to_owned()));
        self.renamed.push(Renamed { from: table.clone(), to: table.clone(), column, place: Place::PLATFORM });
        for user in self.users(table).iter().chain([table]) {
            if self.tables.contains_key(user) {
                let own = user == table;
                self.edit_exprs(user, &mut |schema, expr| {
                    rewrite(expr, &mut Rename { schema, table, from, to, own });
                });
            }
            self.rename_in_user(user, table, from, to);
        }
        let swap = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        if let Some(view) = self.views.get_mut(table) {
            view.columns.iter_mut().flatten().for_each(swap);
        }
        let Some(it) = self.tables.get_mut(table) else { return };
        it.columns.iter_mut().for_each(|column| swap(&mut column.name));
        it.constraints.iter_mut().flat_map(|constraint| &mut constraint.columns).for_each(swap);
        for index in &it.indexes {
            let Some(index) = self.indexes.get_mut(index) else { continue };
            index.include.iter_mut().for_each(swap);
            for key in &mut index.keys {
                if let IndexKey::Column(name) = key {
                    swap(name);
                }
            }
        }
    }

    fn rename_in_user(&mut self, user: &QName, table: &QName, from: &str, to: &str) {
        if let Some(it) = self.tables.get_mut(user) {
            for constraint in &mut it.constraints {
                if let ConstraintDef::ForeignKey(reference) = &mut constraint.def
                    && reference.table == *table
                {
                    reference.columns.iter_mut().filter(|it| *it == from).for_each(|it| to.clone_into(it));
                }
            }
        }
        if let Some(view) = self.views.get_mut(user)
            && view.uses.remove(&(table.clone(), from.to_owned()))
        {
            view.uses.insert((table.clone(), to.to_owned()));
        }
        if let Some((_, Some(owner))) = self.sequences.get_mut(user)
            && owner.0 == *table
            && owner.1 == from
        {
            to.clone_into(&mut owner.1);
        }
    }
}
