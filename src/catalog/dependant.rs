//! What is left out and depends on what is not: nobody changes it, and it may be in the way.

use serde::{Deserialize, Serialize};

use super::{Catalog, Id, Kind, Object, Statistics};

/// An object that is left out, and depends on one that is not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dependant {
    /// What is not left out.
    pub on: Id,
    /// What is.
    pub id: Id,
    /// Whether it goes with it, without a word; else it does not let it go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_with: bool,
}

/// The relation that an object belongs to although its name does not say so.
pub(super) fn relation(id: &Id, object: &Object) -> Option<Id> {
    match object {
        Object::Index(index) => Some(Id::new(Kind::Table, &id.schema, &index.table)),
        Object::Sequence(sequence) => {
            sequence.owned_by.as_ref().map(|(schema, table, _)| Id::new(Kind::Table, schema, table))
        }
        // Those of another schema are whoever's that schema is.
        Object::Statistics(Statistics { table: (schema, table), .. }) if *schema == id.schema => {
            Some(Id::new(Kind::Table, schema, table))
        }
        _ => None,
    }
}

impl Catalog {
    /// Leaves out more of what is there.
    pub fn leave_out(&mut self, is_inside: impl Fn(&Id) -> bool) {
        let is_wanted =
            |id: &Id, object: &Object| is_inside(id) && relation(id, object).is_none_or(|it| is_inside(&it));
        let gone = self.entries.iter().filter(|(id, entry)| !is_wanted(id, &entry.object)).map(|(id, _)| id.clone());
        let gone: Vec<Id> = gone.collect();
        for id in &gone {
            let goes_with = matches!(id.kind, Kind::Index | Kind::Sequence | Kind::Statistics) || self.is_partition(id);
            let needed = self.needs.get(id).into_iter().flatten();
            let dependants = needed.map(|on| Dependant { on: on.clone(), id: id.clone(), goes_with });
            self.dependants.extend(dependants);
        }
        for id in gone {
            self.entries.remove(&id);
            self.outside.insert(id);
        }
        let Self { entries, dependants, .. } = self;
        dependants.retain(|it| entries.contains_key(&it.on));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::{Acl, Entry, Index, Table, View};

    #[test]
    fn what_is_left_out_later_is_known_as_what_depends_on_the_rest() {
        let table = Id::new(Kind::Table, "app", "t");
        let (index, view) = (Id::new(Kind::Index, "app", "i"), Id::new(Kind::View, "rep", "v"));
        let entry = |object| {
            let (owner, grantees, labels) = (String::new(), Vec::new(), BTreeMap::new());
            Entry { object, owner, acl: Acl::new(), grantees, comment: None, labels }
        };
        let objects = [
            (table.clone(), Object::Table(Table::default())),
            (index.clone(), Object::Index(Index { table: "t".to_owned(), ..Index::default() })),
            (view.clone(), Object::View(View::default())),
        ];
        let whole = Catalog {
            entries: objects.map(|(id, object)| (id, entry(object))).into(),
            needs: [index.clone(), view.clone()].map(|id| (id, [table.clone()].into())).into(),
            ..Catalog::default()
        };
        let mut without_schema = whole.clone();
        without_schema.leave_out(|id| id.schema == "app");
        let dependants = [Dependant { on: table.clone(), id: view, goes_with: false }];
        assert_eq!((without_schema.entries.len(), without_schema.dependants), (2, dependants.into()));
        // An index is left out with its table.
        let mut without_table = whole;
        without_table.leave_out(|id| id.name != "t");
        assert!(!without_table.entries.contains_key(&index) && without_table.outside.contains(&table));
    }
}
