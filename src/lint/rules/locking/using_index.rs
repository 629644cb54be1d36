//! The way to a unique constraint or primary key that does not block: build the index first, then make it the constraint's.

use super::own_file;
use crate::lint::ask::in_use::{Altered, list};
use crate::lint::rules::suggest;
use crate::lint::schema::QName;
use crate::lint::{EventCx, Fix};
use crate::sql::ast::{Ident, TableAction, TableActionKind, TableConstraint};
use crate::text::{Span, bare_ident};

/// The words at the end of a constraint that say when it is checked, with the white space before them.
fn deferral(constraint: &str) -> &str {
    let behind = constraint.rfind(')').map_or(constraint.len(), |at| at + 1);
    let text = &constraint[behind..];
    let lower = text.to_ascii_lowercase();
    let at = ["not deferrable", "deferrable", "initially"].iter().filter_map(|word| lower.find(word)).min();
    at.map_or("", |at| &text[text[..at].trim_end().len()..])
}

/// A constraint that could be made of an index.
pub(super) struct Wanted<'a> {
    /// The action that adds it.
    pub(super) action: &'a TableAction,
    /// The constraint.
    pub(super) constraint: &'a TableConstraint,
    /// Its columns.
    pub(super) columns: &'a [Ident],
    /// `primary key` or `unique`.
    pub(super) words: &'static str,
    /// How PostgreSQL ends its name: `pkey`, `key`.
    pub(super) suffix: &'static str,
    /// `nulls not distinct`.
    pub(super) nulls_not_distinct: bool,
}

impl Wanted<'_> {
    /// Its name, also the one that PostgreSQL makes up.
    fn name(&self, altered: &Altered<'_>) -> Option<String> {
        let columns: Vec<&str> =
            if self.suffix == "pkey" { Vec::new() } else { self.columns.iter().map(|it| it.value.as_str()).collect() };
        self.constraint
            .name
            .as_ref()
            .map(|name| name.value.clone())
            .or_else(|| altered.constraint_name(&columns, self.suffix))
    }

    /// Whether the file adds one of its columns: then nothing can be built before that.
    fn is_on_new_column(&self, cx: &EventCx<'_>, altered: &Altered<'_>) -> bool {
        self.columns.iter().any(|column| {
            let known = altered.table.and_then(|table| table.column(&column.value));
            altered.added().any(|(_, added)| added.name.value == column.value)
                || known.is_some_and(|known| known.created.is_in(cx.file.id))
        })
    }

    /// The two statements: the index, and the constraint that takes it over.
    fn statements(&self, cx: &EventCx<'_>, altered: &Altered<'_>, name: &str) -> (String, String) {
        let (index, table) = (index_name(cx, altered, name), &altered.name);
        let nulls = if self.nulls_not_distinct { " nulls not distinct" } else { "" };
        // `deferrable` and the like.
        let written = cx.text(Span::new(self.constraint.span.start, self.action.span.end));
        let rest = deferral(written);
        let definition = format!("{} using index {}{rest}", self.words, bare_ident(&index));
        (
            suggest::concurrent_unique_index(&index, table, &list(self.columns), nulls),
            match bare_ident(name) {
                bare if is_replaced(altered, &bare) => {
                    format!("alter table {table} drop constraint {bare}, add constraint {bare} {definition}")
                }
                _ => suggest::constraint_of_index(name, table, definition),
            },
        )
    }

    /// The recipe in words.
    pub(super) fn help(&self, cx: &EventCx<'_>, altered: &Altered<'_>) -> String {
        let name = self.name(altered).unwrap_or_else(|| format!("{}_{}", altered.name.name, self.suffix));
        let (index, constraint) = self.statements(cx, altered, &name);
        let when =
            if self.is_on_new_column(cx, altered) { "behind the one that adds the column" } else { "of its own" };
        format!(
            "build the index first, in a migration {when}, and make it the constraint's in the next:\n{index};\n{constraint};"
        )
    }

    /// The recipe as a fix, where the statement does nothing else and the constraint is a plain one.
    pub(super) fn fix(&self, cx: &EventCx<'_>, altered: &Altered<'_>) -> Option<Fix> {
        let text = cx.text(self.constraint.span).to_ascii_lowercase();
        let special = ["include", "with (", "with(", "tablespace", "overlaps"].iter().any(|word| text.contains(word));
        if altered.alter.actions.len() != 1 || altered.alter.only || altered.is_partitioned() || special {
            return None;
        }
        let name = self.name(altered)?;
        let (index, constraint) = self.statements(cx, altered, &name);
        let (build, take) = (format!("create_{name}"), format!("add_{name}"));
        own_file::replaced(cx, "build the index `concurrently` first", (&build, &index), (&take, &constraint))
    }
}

/// The name of the index: the constraint's, which PostgreSQL gives it in the end, unless another index has it until this file.
fn index_name(cx: &EventCx<'_>, altered: &Altered<'_>, name: &str) -> String {
    let own = QName::new(altered.name.schema.as_str(), name);
    let had = cx.schema.dropped_in(cx.file.id).any(|dropped| match &dropped.sub {
        Some(sub) => sub == name && dropped.name == altered.name,
        None => dropped.name == own,
    });
    if had || cx.schema.indexes.contains_key(&own) { format!("{name}_new") } else { name.to_owned() }
}

/// Whether the statement drops a constraint of this name and adds it anew.
fn is_replaced(altered: &Altered<'_>, name: &str) -> bool {
    altered.alter.actions.iter().any(|action| {
        matches!(&action.kind, TableActionKind::DropConstraint { name: dropped, .. } if bare_ident(&dropped.value) == name)
    })
}

#[cfg(test)]
mod tests {
    use super::deferral;

    #[test]
    fn when_a_constraint_is_checked_is_found_behind_its_columns() {
        assert_eq!(deferral("unique (a)\n  DEFERRABLE INITIALLY DEFERRED"), "\n  DEFERRABLE INITIALLY DEFERRED");
        assert_eq!(deferral("constraint deferrable unique (a)"), "");
        assert_eq!(deferral("unique (a) include (b) with (fillfactor = 70) not deferrable"), " not deferrable");
    }
}
