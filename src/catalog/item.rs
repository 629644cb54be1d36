//! All that was read of one object, and what of it others are written in terms of.

use std::collections::HashSet;

use super::{Dependency, Kind, Object, RawObject};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, Id, Table};

    fn table(columns: &[&str]) -> Item {
        let id = Id::new(Kind::Table, "app", "orders");
        let row = |part_number, id, object| RawObject {
            class: 1259,
            oid: 20_000,
            part_number,
            id,
            owner: None,
            acl: None,
            object,
        };
        let column = |(column, number): (&&str, i32)| {
            let object = Column { data_type: "text".to_owned(), ..Column::default() };
            row(number, id.beside(Kind::Column, *column), Object::Column(object))
        };
        let rows = std::iter::once(row(0, id.clone(), Object::Table(Table::default())));
        Item { rows: rows.chain(columns.iter().zip(1..).map(column)).collect(), ..Item::default() }
    }

    #[test]
    fn what_is_written_in_terms_of_a_table_depends_on_names_and_types_only() {
        let before = table(&["id", "note"]);
        let mut secured = before.clone();
        if let Object::Table(table) = &mut secured.rows[0].object {
            table.row_security = true;
        }
        assert_eq!(before.differing(&secured), (HashSet::new(), false));
        assert_eq!(before.differing(&table(&["id", "remark"])), ([2].into(), false));
        assert_eq!(before.differing(&table(&["id", "note", "more"])), (HashSet::new(), true));
        assert_eq!(before.differing(&Item::default()).0, [0, 1, 2].into());
    }
}
