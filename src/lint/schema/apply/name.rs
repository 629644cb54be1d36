//! Names: cut as PostgreSQL cuts them, and made up as it makes them up.

use super::Cx;
use super::constraint::{New, What, keys, mentioned};
use super::index::key_names;
use crate::lint::schema::{QName, Schema};
use crate::sql::ast::{AlterTable, CreateIndex, Ident, Name, TableActionKind};
use crate::text::Span;

/// The bytes that a name may have.
const LIMIT: usize = 63;

/// A name cut to what the catalogs hold.
pub(in crate::lint::schema) fn cut(name: &str) -> &str {
    clipped(name, LIMIT)
}

/// A part of a name as the catalogs hold it.
pub(super) fn value(ident: &Ident) -> String {
    cut(&ident.value).to_owned()
}

/// Names as the catalogs hold them.
pub(super) fn values(idents: &[Ident]) -> Vec<String> {
    idents.iter().map(value).collect()
}

/// The last part of a name as the catalogs hold it.
pub(super) fn object(name: &Name) -> String {
    cut(name.object()).to_owned()
}

/// At most so many bytes of a text, whole characters only.
fn clipped(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// `first_second_label`: the longer of the first two gives way until all fit.
fn made_up(first: &str, second: Option<&str>, label: &str) -> String {
    let room = LIMIT - label.len() - 1 - usize::from(second.is_some());
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > room {
        if one > two {
            one -= 1;
        } else {
            two -= 1;
        }
    }
    match second {
        Some(second) => format!("{}_{}_{label}", clipped(first, one), clipped(second, two)),
        None => format!("{}_{label}", clipped(first, one)),
    }
}

/// The columns of an index or a foreign key as part of a name.
pub(super) fn joined(columns: &[String]) -> String {
    let mut text = String::new();
    for column in columns {
        if !text.is_empty() {
            text.push('_');
        }
        text.push_str(column);
        if text.len() > LIMIT {
            break;
        }
    }
    text
}

/// The columns of an index with those that appear again numbered.
pub(super) fn distinct(columns: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let mut name = column.clone();
        let mut number = 1_usize;
        while found.contains(&name) {
            let digits = number.to_string();
            name = format!("{}{digits}", clipped(&column, LIMIT - digits.len()));
            number += 1;
        }
        found.push(name);
    }
    found
}

impl Schema {
    /// A free name for an index or a sequence of a table; those of constraints must be free among constraints too.
    pub(super) fn free_relation(&self, table: &QName, second: Option<&str>, label: &str, constraint: bool) -> String {
        numbered(&table.name, second, label, |name| {
            self.has_relation(&QName::new(table.schema.as_str(), name))
                || (constraint && self.has_constraint(&table.schema, name))
        })
    }

    /// A free name for a constraint of a table.
    pub(super) fn free_constraint(&self, table: &QName, second: Option<&str>, label: &str) -> String {
        numbered(&table.name, second, label, |name| self.has_constraint(&table.schema, name))
    }

    /// The names that PostgreSQL makes up for constraints that an `alter table` adds without one, by where they are written;
    /// none where the table is not known. Spans point into `text`.
    pub fn made_up_constraints(&self, alter: &AlterTable, text: &str) -> Vec<(Span, String)> {
        let table = self.resolve(&alter.name);
        let Some(known) = self.tables.get(&table) else { return Vec::new() };
        let added = alter.actions.iter().filter_map(|action| match &action.kind {
            TableActionKind::AddConstraint(added) => New::of_table(added),
            _ => None,
        });
        let mut news: Vec<New> = added.collect();
        news.sort_by_key(|new| (new.phase(), new.span.start));
        let mut taken: Vec<String> = news.iter().filter_map(|new| new.name.clone()).collect();
        let mut found = Vec::new();
        for new in news.iter().filter(|new| new.name.is_none()) {
            let (columns, label) = match &new.what {
                What::Check(expr, _) => (Some(mentioned(expr, known)).filter(|it| it.len() == 1), "check"),
                What::PrimaryKey(_) => (None, "pkey"),
                What::Unique(columns) => (Some(columns.clone()), "key"),
                What::Exclude(elements) => (Some(key_names(&Cx::nowhere(text), &keys(elements), &[])), "excl"),
                What::ForeignKey(columns, _) => (Some(columns.clone()), "fkey"),
                What::Index(..) => continue,
            };
            let is_relation = !matches!(new.what, What::Check(..) | What::ForeignKey(..));
            let name = numbered(&table.name, columns.map(|it| joined(&it)).as_deref(), label, |name| {
                taken.iter().any(|it| it == name)
                    || self.has_constraint(&table.schema, name)
                    || is_relation && self.has_relation(&QName::new(table.schema.as_str(), name))
            });
            taken.push(name.clone());
            found.push((new.span, name));
        }
        found
    }

    /// The name that PostgreSQL makes up for an index without one. Spans point into `text`.
    pub fn made_up_index(&self, create: &CreateIndex, text: &str) -> String {
        let elements: Vec<_> = create.elements.iter().map(|element| element.expr.clone()).collect();
        let table = self.resolve(&create.table);
        self.free_index(&Cx::nowhere(text), &table, &keys(&elements), &values(&create.include)).name
    }

    fn has_constraint(&self, schema: &str, name: &str) -> bool {
        let tables = self.play.constraint_names.get(&QName::new(schema, name));
        tables.into_iter().flatten().any(|table| self.tables.get(table).is_some_and(|it| it.constraint(name).is_some()))
    }
}

fn numbered(first: &str, second: Option<&str>, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = made_up(first, second, label);
    let mut number = 1_usize;
    while taken(&name) {
        name = made_up(first, second, &format!("{label}{number}"));
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{distinct, joined, made_up};

    #[test]
    fn made_up_names_fit_as_postgresql_makes_them_fit() {
        let long = "a".repeat(50);
        assert_eq!(made_up("orders", Some("user_id"), "fkey"), "orders_user_id_fkey");
        assert_eq!(made_up("orders", None, "pkey"), "orders_pkey");
        assert_eq!(made_up(&long, Some(&"b".repeat(30)), "key"), format!("{}_{}_key", "a".repeat(29), "b".repeat(29)));
        assert_eq!(made_up(&long, Some("b"), "fkey").len(), 50 + 1 + 1 + 5);
    }

    #[test]
    fn columns_of_an_index_are_numbered_when_they_repeat() {
        let columns = |list: &[&str]| list.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        assert_eq!(joined(&distinct(columns(&["expr", "a", "expr"]))), "expr_a_expr1");
    }
}
