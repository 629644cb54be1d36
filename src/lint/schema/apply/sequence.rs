//! Sequences.

use super::Cx;
use super::name::cut;
use crate::lint::schema::{QName, Schema};
use crate::sql::ast::{CreateSequence, Ident, Name};
use crate::text::Span;

impl Schema {
    /// `create sequence`.
    pub(super) fn create_sequence(&mut self, cx: &Cx<'_>, create: &CreateSequence) {
        let name = self.new_relation(&create.name, create.temporary);
        if self.is_kept(cx, self.has_relation(&name), create.if_not_exists) {
            return;
        }
        let owner = create.owned_by.as_ref().and_then(|column| self.owner(column));
        self.set_owner(&name, owner.as_ref());
        self.sequences.insert(name, (cx.place(create.name.span), owner));
    }

    /// `alter sequence … owned by`, of which the text is at hand.
    pub(super) fn own_sequence_by(&mut self, sequence: &QName, written: &str) {
        if !self.sequences.contains_key(sequence) {
            return;
        }
        let column = written.split_whitespace().skip(2).collect::<String>();
        let owner = column_name(&column).and_then(|column| self.owner(&column));
        self.set_owner(sequence, owner.as_ref());
        if let Some((_, own)) = self.sequences.get_mut(sequence) {
            *own = owner;
        }
    }

    fn set_owner(&mut self, sequence: &QName, owner: Option<&(QName, String)>) {
        if let Some((table, _)) = owner {
            self.depend(table, sequence);
        }
    }

    /// The table and the column that `owned by` names.
    fn owner(&self, column: &Name) -> Option<(QName, String)> {
        let (last, table) = column.parts.split_last()?;
        if table.is_empty() {
            return None;
        }
        let table = Name { parts: table.to_vec(), span: column.span };
        Some((self.resolve(&table), cut(&last.value).to_owned()))
    }
}

/// `s.t.c`, quoted or not, as a name.
fn column_name(written: &str) -> Option<Name> {
    let span = Span { start: 0, end: 0 };
    let mut parts = Vec::new();
    let mut rest = written;
    loop {
        let (part, behind, quoted) = if let Some(quoted) = rest.strip_prefix('"') {
            let end = quoted.find('"')?;
            (quoted[..end].to_owned(), &quoted[end + 1..], true)
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            (rest[..end].to_ascii_lowercase(), &rest[end..], false)
        };
        parts.push(Ident { value: part, quoted, span });
        match behind.strip_prefix('.') {
            Some(more) => rest = more,
            None => return Some(Name { parts, span }),
        }
    }
}
