//! What an index is, comparable with others: its elements as written, with operator classes and order.

use super::tables::event_at;
use crate::lint::ChainCx;
use crate::lint::schema::{Index, IndexKey, Table};
use crate::sql::ast::{IndexElement, StmtKind};
use crate::text::Span;

/// An index as far as it says which searches it serves.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    /// The index.
    pub(super) index: &'a Index,
    /// Its elements, each in one spelling: `org_id`, `lower(email)`, `name text_pattern_ops`, `paid_at desc`.
    pub(super) elements: Vec<String>,
    /// `where`, in one spelling.
    filter: Option<String>,
    /// The statement that made it, where it is one by itself: with its semicolon.
    pub(super) statement: Option<Span>,
}

impl Shape<'_> {
    /// Whether both look at the same rows in the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.index.method == other.index.method && self.filter == other.filter
    }

    /// Whether nothing but speed depends on it.
    pub(super) fn is_plain(&self) -> bool {
        !self.index.unique && self.index.constraint.is_none()
    }
}

/// The indexes of a table in the order they were made.
pub(super) fn shapes<'a>(cx: &ChainCx<'a>, table: &'a Table) -> Vec<Shape<'a>> {
    if table.indexes.len() < 2 {
        return Vec::new();
    }
    let mut shapes: Vec<Shape<'a>> = cx.schema.indexes_of(&table.name).filter_map(|index| shape(cx, index)).collect();
    shapes.sort_by_key(|shape| (shape.index.created.file, shape.index.created.span.start));
    shapes
}

fn shape<'a>(cx: &ChainCx<'a>, index: &'a Index) -> Option<Shape<'a>> {
    let file = index.created.file.and_then(|file| cx.files.get(file));
    let event = file.and_then(|file| {
        event_at(file, index.created.span, |event| matches!(event.stmt.kind, StmtKind::CreateIndex(_)))
    });
    let (Some(file), Some(event)) = (file, event) else {
        // One of a constraint, or copied from another table: plain columns say all of it.
        let names = index.keys.iter().map(|key| match key {
            IndexKey::Column(name) => Some(name.clone()),
            IndexKey::Expr(_) => None,
        });
        let elements = names.collect::<Option<Vec<_>>>()?;
        return index.filter.is_none().then_some(Shape { index, elements, filter: None, statement: None });
    };
    let StmtKind::CreateIndex(create) = &event.stmt.kind else { return None };
    let text = file.text();
    // The state follows renamed columns; what changes the order is only in the statement.
    let elements = create.elements.iter().zip(&index.keys).map(|(it, key)| element(it, key, text)).collect();
    let filter = create.filter.as_ref().map(|filter| one_spelling(filter.span.of(text)));
    let end = event.stmt.span.end;
    let alone = event.origin == crate::lint::Origin::Top && text.get(end..).is_some_and(|rest| rest.starts_with(';'));
    let statement = alone.then(|| Span::new(event.stmt.span.start, end + 1));
    Some(Shape { index, elements, filter, statement })
}

/// An element in one spelling: a column by its name, an expression by its text, with what changes its order.
fn element(element: &IndexElement, key: &IndexKey, text: &str) -> String {
    let mut said = match key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expr(_) => format!("({})", one_spelling(element.expr.span.of(text))),
    };
    for name in element.collation.iter().chain(&element.opclass) {
        said.push(' ');
        said.push_str(name.object());
    }
    if element.descending {
        said.push_str(" desc");
    }
    if element.nulls_first != element.descending {
        said.push_str(" nulls");
    }
    said
}

/// One space for any white space, lower case outside quotes.
fn one_spelling(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.contains(['\'', '"']) { joined } else { joined.to_ascii_lowercase() }
}
