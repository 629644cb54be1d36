//! The sequence that adds a column: first without what is computed or tested for each row.

use super::Look;
use super::instead::{Part, nameless, validated};
use crate::lint::ask::in_use::{Altered, is_filled, numbered};
use crate::sql::ast::{Column, ColumnConstraint, ColumnConstraintKind};
use crate::text::{Span, bare_ident};

impl Look<'_, '_> {
    /// A new column: first without what is computed or tested for each row.
    pub(super) fn column_first(&mut self, altered: &Altered<'_>, column: &Column, if_not_exists: bool) {
        let (table, name) = (altered.name.clone(), &column.name.value);
        let shown = bare_ident(name).into_owned();
        let is_computed = |kind: &ColumnConstraintKind| {
            matches!(kind, ColumnConstraintKind::Generated { .. } | ColumnConstraintKind::Identity(_))
        };
        let start = column.constraints.first().map_or(column.span.end, |it| it.span.start);
        let is_domain = column.type_name.as_ref().is_some_and(|it| self.is_checked_domain(it));
        let is_odd = self.mentions(Span::new(start, column.span.end), "collate");
        if is_domain
            || is_odd
            || numbered(column).is_some()
            || column.constraints.iter().any(|it| is_computed(&it.kind))
        {
            return;
        }
        let is_volatile = self.has_volatile_default(column);
        let default = column.constraints.iter().find_map(|it| match &it.kind {
            ColumnConstraintKind::Default(value) => Some(self.sql(value.span)),
            _ => None,
        });
        let is_key = |kind: &ColumnConstraintKind| matches!(kind, ColumnConstraintKind::PrimaryKey);
        let is_required = |kind: &ColumnConstraintKind| is_key(kind) || matches!(kind, ColumnConstraintKind::NotNull);
        let is_required = column.constraints.iter().any(|it| is_required(&it.kind));
        let mut first = self.sql(Span::new(column.span.start, start));
        let mut after = Vec::new();
        let wants = if default.is_some() && is_filled(column) { default.as_deref().unwrap_or("…") } else { "…" };
        match &default {
            Some(default) if is_volatile => {
                after.push(format!("alter table {table} alter column {shown} set default {default};"));
            }
            Some(default) => first = format!("{first} default {default}"),
            None => {}
        }
        let is_inline = is_filled(column) && !is_volatile;
        if is_volatile || is_required && !is_inline {
            after.push(format!(
                "update {table} set {shown} = {wants} where …; -- migrate: in batches, each its own transaction"
            ));
        }
        if is_required && is_inline {
            first.push_str(" not null");
        }
        for (at, constraint) in column.constraints.iter().enumerate() {
            let end = column.constraints.get(at + 1).map_or(column.span.end, |next| next.span.start);
            let written = self.sql(Span::new(constraint.span.start, end));
            let mut part = self.constraint_part(altered, column, constraint, &written);
            if part.refused.is_some() {
                self.part = Some(part);
                return;
            }
            if is_required && is_inline && matches!(constraint.kind, ColumnConstraintKind::NotNull) {
                continue;
            }
            if is_key(&constraint.kind) && !is_inline {
                let tested = self.not_null_part(&table, name, None);
                part.before.splice(0..0, tested.alone(&table));
            }
            after.extend(part.alone(&table));
        }
        let word = if if_not_exists { "add column if not exists" } else { "add column" };
        self.part = Some(Part { joined: vec![format!("{word} {first}")], after, ..Part::default() });
    }

    /// One constraint of a new column, as one of the table.
    fn constraint_part(
        &mut self,
        altered: &Altered<'_>,
        column: &Column,
        constraint: &ColumnConstraint,
        written: &str,
    ) -> Part {
        let (table, name) = (&altered.name, column.name.value.as_str());
        let shown = bare_ident(name);
        let own = constraint.name.as_ref().map(|it| it.value.clone());
        // Behind `constraint its_name`.
        let bare = match &constraint.name {
            Some(given) => self.sql(Span::new(given.span.end, constraint.span.start.max(given.span.end))) + written,
            None => written.to_owned(),
        };
        let behind = |words: &str| {
            let lower = bare.to_ascii_lowercase();
            lower.find(words).map_or("", |at| &bare[at + words.len()..]).to_owned()
        };
        match &constraint.kind {
            ColumnConstraintKind::Check { expr, .. } => match own.or_else(|| altered.check_name(expr)) {
                Some(own) if constraint.name.is_none() => {
                    validated(table, &own, &format!("add constraint {} {written}", bare_ident(&own)))
                }
                Some(own) => validated(table, &own, &format!("add {written}")),
                None => nameless(),
            },
            ColumnConstraintKind::References(_) => match own.or_else(|| altered.constraint_name(&[name], "fkey")) {
                Some(own) => {
                    let add = format!(
                        "add constraint {} foreign key ({shown}) references {}",
                        bare_ident(&own),
                        behind("references").trim()
                    );
                    validated(table, &own, &add)
                }
                None => nameless(),
            },
            ColumnConstraintKind::Unique => {
                let own = own.or_else(|| altered.constraint_name(&[name], "key"));
                self.index_first(altered, own.as_deref(), &shown, ("unique", &behind("unique")));
                self.part.take().unwrap_or_default()
            }
            ColumnConstraintKind::PrimaryKey => {
                let own = own.or_else(|| altered.constraint_name(&[], "pkey"));
                self.index_first(altered, own.as_deref(), &shown, ("primary key", &behind("key")));
                self.part.take().unwrap_or_default()
            }
            ColumnConstraintKind::NotNull => self.not_null_part(table, name, own.as_deref()),
            _ => Part::default(),
        }
    }
}
