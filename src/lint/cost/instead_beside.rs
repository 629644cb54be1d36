//! The sequences with two columns for a while: one of another type, or one of another name.

use super::Look;
use super::instead::{Part, refuse};
use crate::lint::ask::in_use::Altered;
use crate::lint::schema::QName;
use crate::risk::beside::Retype;
use crate::sql::ast::{Expr, ExprKind, Ident, TableAction, TypeName};
use crate::sql::{Token, significant};
use crate::text::{Span, bare_ident};

impl Look<'_, '_> {
    /// A column of another type beside the old one, in the phases expand, migrate and contract.
    pub(super) fn column_beside(
        &mut self,
        altered: &Altered<'_>,
        action: &TableAction,
        (column, new, using): (&Ident, &TypeName, Option<&Expr>),
    ) {
        let table = &altered.name;
        let bare = bare_ident(&column.value).into_owned();
        // A collation may stand behind the type.
        let written = self.at.text(Span::new(new.span.start, action.span.end));
        let word = using.and_then(|_| {
            let is_using = |token: &&Token| token.span.of(written).eq_ignore_ascii_case("using");
            significant(written).iter().find(is_using).map(|token| token.span.shifted(new.span.start))
        });
        let type_end = word.map_or(action.span.end, |word| word.start);
        let (value, new_value) = match (using, word) {
            (Some(using), Some(word)) => {
                let span = Span::new(word.end, action.span.end);
                (self.sql(span), self.of_new_row(altered, using, span))
            }
            _ => (bare.clone(), Some(format!("new.{bare}"))),
        };
        let Some(new_value) = new_value else {
            self.part = Some(refuse("a trigger cannot compute what `using` says".to_owned()));
            return;
        };
        let retype = Retype {
            table: table.to_string(),
            schema: table.schema.clone(),
            name: table.name.clone(),
            column: column.value.clone(),
            type_name: self.sql(Span::new(new.span.start, type_end)),
            value,
            new_value,
            ..Retype::default()
        };
        self.part = Some(Part { retype: Some(retype), ..Part::default() });
    }

    /// An expression of a row as a trigger has it: its columns are those of `new`.
    fn of_new_row(&self, altered: &Altered<'_>, value: &Expr, span: Span) -> Option<String> {
        let is_column = |parts: &[Ident]| {
            let known = altered.table.filter(|it| it.complete);
            let last = parts.last().map(|it| it.value.as_str()).unwrap_or_default();
            parts.len() > 1 || known.is_none_or(|it| it.column(last).is_some())
        };
        let mut edits: Vec<Span> = Vec::new();
        for part in value.all() {
            match &part.kind {
                ExprKind::Column(parts) if is_column(parts) => {
                    edits.push(Span::new(parts.first()?.span.start, parts.last()?.span.start));
                }
                ExprKind::Star(_) | ExprKind::Subquery(_) | ExprKind::Exists(_) => return None,
                _ => {}
            }
        }
        edits.sort_by_key(|span| span.start);
        let (mut out, mut at) = (String::new(), span.start);
        for edit in edits {
            out.push_str(&self.sql(Span::new(at, edit.start)));
            out.push_str(if out.is_empty() || out.ends_with('(') { "new." } else { " new." });
            at = edit.end;
        }
        out.push_str(&self.sql(Span::new(at, span.end)));
        Some(out)
    }

    /// Another name for a column: both are there for a while, the new one as a copy, so that all that hangs on the column stays.
    pub(super) fn renamed_column(&mut self, altered: &Altered<'_>, from: &Ident, to: &Ident) {
        let table = &altered.name;
        let known = altered.table.and_then(|it| it.column(&from.value));
        let (old, new) = (bare_ident(&from.value), bare_ident(&to.value));
        let type_name = known.filter(|it| it.identity.is_none() && it.generated.is_none());
        let Some(type_name) = type_name.and_then(|it| it.type_name.as_ref()) else {
            self.part = Some(refuse(format!("a copy of `{old}` under the name `{new}` cannot be kept by a trigger")));
            return;
        };
        let function = QName::new(table.schema.as_str(), format!("{}_{}", table.name, to.value));
        let trigger = bare_ident(&function.name);
        self.part = Some(Part {
            after: vec![
                format!(
                    "alter table {table} add column {new} {type_name}; -- expand: a copy, without constraints and indexes"
                ),
                format!(
                    "create function {function}() returns trigger language plpgsql as $$ begin \
                     if tg_op = 'INSERT' and new.{new} is null \
                     or tg_op = 'UPDATE' and new.{new}::text is not distinct from old.{new}::text \
                     then new.{new} := new.{old}; else new.{old} := new.{new}; end if; return new; end $$;"
                ),
                format!(
                    "create trigger {trigger} before insert or update on {table} for each row execute function {function}();"
                ),
                format!("update {table} set {new} = {old} where …; -- migrate: in batches, each its own transaction"),
                format!("begin; -- contract: when no running code uses {old}"),
                format!("drop trigger {trigger} on {table};"),
                format!("drop function {function}();"),
                format!("alter table {table} drop column {new}; -- the copy"),
                format!("alter table {table} rename column {old} to {new};"),
                "commit;".to_owned(),
            ],
            ..Part::default()
        });
    }
}
