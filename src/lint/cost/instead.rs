//! The sequences of statements that lead to the same without keeping anybody waiting.

use super::Look;
use crate::lint::ask::in_use::{Altered, is_filled, is_known_not_null, numbered};
use crate::lint::rules::suggest;
use crate::lint::schema::{QName, TableKind};
use crate::risk::beside::Retype;
use crate::sql::ast::{
    AlterColumn, Column, ColumnConstraint, ColumnConstraintKind, Expr, ExprKind, Ident, TableAction, TableActionKind, TypeName,
};
use crate::sql::{Kind, Token, Tokens, significant};
use crate::text::{Span, bare_ident};

/// What one action of an `alter table` becomes: statements before, what takes its place in the `alter table`, and statements
/// behind.
#[derive(Debug, Default)]
pub(super) struct Part {
    before: Vec<String>,
    joined: Vec<String>,
    after: Vec<String>,
    retype: Option<Retype>,
    refused: Option<String>,
}

impl Look<'_, '_> {
    /// The sequence of a whole `alter table`, of what its actions have become.
    pub(super) fn sequence_of(&mut self, altered: &Altered<'_>, parts: Vec<(&TableAction, Option<Part>)>) {
        if parts.iter().all(|(_, part)| part.is_none()) {
            return;
        }
        let refused = parts.iter().find_map(|(_, part)| part.as_ref()?.refused.clone());
        let refused = refused.or_else(|| self.is_only(altered).then(|| "`only` leaves the tables below out".to_owned()));
        if let Some(why) = refused {
            self.cost.instead = vec![format!("-- no sequence that ends the same is known: {why}")];
            return;
        }
        let table = altered.name.clone();
        let adds = altered.added().next().is_some();
        let retyped: Vec<Retype> = parts.iter().filter_map(|(_, part)| part.as_ref()?.retype.clone()).collect();
        let (mut before, mut joined, mut after, mut retypes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (action, part) in parts {
            if retyped.iter().any(|retype| is_taken_over(retype, action)) {
                continue;
            }
            let Some(part) = part else {
                joined.push(self.sql(action.span));
                continue;
            };
            match part.retype {
                Some(retype) => retypes.push(retype),
                // What it is about may be added by the same statement.
                None if adds && !part.before.is_empty() => after.extend(part.alone(&table)),
                None => {
                    before.extend(part.before);
                    joined.extend(part.joined);
                    after.extend(part.after);
                }
            }
        }
        let mut sequence = before;
        if !joined.is_empty() {
            let if_exists = if altered.alter.if_exists { "if exists " } else { "" };
            let is_proved = joined.len() == 1 && joined[0].ends_with(" set not null");
            let note = if is_proved { " -- which reads no row any more" } else { "" };
            sequence.push(format!("alter table {if_exists}{table} {};{note}", joined.join(", ")));
        }
        sequence.extend(after);
        for mut retype in retypes {
            if let Some(why) = self.completed(altered, &mut retype) {
                self.cost.instead = vec![format!("-- no sequence that ends the same is known: {why}")];
                return;
            }
            retype.at = sequence.len();
            self.cost.retypes.push(retype);
        }
        self.cost.instead = sequence;
    }

    /// Whether `only` is said of a table with others below it.
    fn is_only(&self, altered: &Altered<'_>) -> bool {
        altered.alter.only
            && (altered.table.is_none()
                || !crate::lint::ask::reach::children(self.at.schema, &altered.name).is_empty()
                || altered.is_partitioned())
    }

    /// What the other actions of the statement do to a column that gets another type; or what cannot be taken over.
    fn completed(&self, altered: &Altered<'_>, retype: &mut Retype) -> Option<String> {
        for action in &altered.alter.actions {
            match &action.kind {
                TableActionKind::AlterColumn { name, change } if name.value == retype.column => match change {
                    AlterColumn::DropDefault if retype.default.is_none() => retype.default = Some(None),
                    AlterColumn::SetDefault(value) => retype.default = Some(Some(self.sql(value.span))),
                    AlterColumn::SetNotNull => retype.not_null = Some(true),
                    AlterColumn::DropNotNull => retype.not_null = Some(false),
                    AlterColumn::Type { .. } | AlterColumn::DropDefault => {}
                    _ => return Some(format!("the statement does more to `{}` than change its type", retype.column)),
                },
                TableActionKind::DropConstraint { name, .. } => retype.dropped.push(name.value.clone()),
                TableActionKind::DropColumn { .. } => {
                    return Some("the statement drops a column too, which may be in the same indexes: split it".to_owned());
                }
                TableActionKind::AddConstraint(_) if self.mentions(action.span, &retype.column) => {
                    return Some(format!("the statement adds a constraint of `{}` too: split it", retype.column));
                }
                _ => {}
            }
        }
        None
    }

    /// Whether a name is written there.
    fn mentions(&self, span: Span, name: &str) -> bool {
        let text = self.at.text(span);
        significant(text).iter().any(|token| {
            matches!(token.kind, Kind::Word | Kind::Quoted)
                && token.span.of(text).trim_matches('"').eq_ignore_ascii_case(name)
        })
    }

    /// The text of a span without its comments, on one line as far as its strings are.
    pub(super) fn sql(&self, span: Span) -> String {
        let text = self.at.text(span);
        let (mut out, mut gap) = (String::new(), None);
        for token in Tokens::new(text) {
            if token.is_trivia() {
                let is_line = token.span.of(text).contains('\n') || gap == Some('\n');
                gap = Some(if is_line { '\n' } else { ' ' });
                continue;
            }
            // A string goes on in the next line only.
            let joins = token.kind == Kind::String && out.ends_with('\'');
            match gap.take() {
                Some(gap) if !out.is_empty() => out.push(if joins { gap } else { ' ' }),
                _ => {}
            }
            out.push_str(token.span.of(text));
        }
        out
    }

    /// `set not null` by way of a check.
    pub(super) fn not_null_instead(&mut self, table: &QName, column: &str) {
        self.part = Some(self.not_null_part(table, column, None));
    }

    fn not_null_part(&self, table: &QName, column: &str, name: Option<&str>) -> Part {
        let name = name.map_or_else(|| format!("{}_{column}_not_null", table.name), str::to_owned);
        let (column, check) = (bare_ident(column), bare_ident(&name));
        if self.at.config.pg_version >= 18 {
            return Part {
                joined: vec![format!("add constraint {check} not null {column} not valid")],
                after: vec![format!("alter table {table} validate constraint {check}; -- in a later migration")],
                ..Part::default()
            };
        }
        Part {
            before: vec![
                format!("alter table {table} add constraint {check} check ({column} is not null) not valid;"),
                format!("alter table {table} validate constraint {check}; -- in a later migration"),
            ],
            // It reads no row any more.
            joined: vec![format!("alter column {column} set not null")],
            after: vec![format!("alter table {table} drop constraint {check};")],
            ..Part::default()
        }
    }

    /// A constraint that is validated later, `written` as in the statement with its name.
    pub(super) fn validated_later(&mut self, table: &QName, name: Option<&str>, written: &str) {
        self.part = Some(match name {
            Some(name) => validated(table, name, &format!("add {written}")),
            None => nameless(),
        });
    }

    /// A constraint of an index that is built while everybody works. `written` is what stands behind `unique` or
    /// `primary key`.
    pub(super) fn index_first(
        &mut self,
        altered: &Altered<'_>,
        name: Option<&str>,
        columns: &str,
        (words, written): (&str, &str),
    ) {
        let table = &altered.name;
        let Some(name) = name else {
            self.part = Some(nameless());
            return;
        };
        let Some((of_index, of_constraint)) = split_parameters(written) else {
            self.part = Some(refuse(format!("`{written}` cannot be said of an index that is there")));
            return;
        };
        let is_taken = altered.alter.actions.iter().any(|action| {
            matches!(&action.kind, TableActionKind::DropConstraint { name: dropped, .. } if dropped.value == name)
        });
        let index = if is_taken { format!("{name}_new") } else { name.to_owned() };
        let build = suggest::concurrent_unique_index(&index, table, columns, &of_index);
        let (name, index) = (bare_ident(name), bare_ident(&index));
        self.part = Some(Part {
            before: build.split(";\n").map(|sql| format!("{}; -- outside a transaction", sql.trim())).collect(),
            joined: vec![format!("add constraint {name} {words} using index {index}{of_constraint}")],
            ..Part::default()
        });
    }

    /// A key makes its columns `not null`, which is tested before.
    pub(super) fn key_first(&mut self, altered: &Altered<'_>, name: Option<&str>, columns: &[Ident], written: &str) {
        self.index_first(altered, name, &crate::lint::ask::in_use::list(columns), ("primary key", written));
        let table = altered.name.clone();
        let nullable = |column: &&Ident| altered.table.is_none_or(|it| !is_known_not_null(it, &column.value));
        let mut first = Vec::new();
        for column in columns.iter().filter(nullable) {
            first.extend(self.not_null_part(&table, &column.value, None).alone(&table));
        }
        if let Some(part) = self.part.as_mut().filter(|it| it.refused.is_none()) {
            part.before.splice(0..0, first);
        }
    }

    /// An index that is built while everybody works on.
    pub(super) fn concurrently(&mut self, name: Option<&str>, schema: &str, written: &str) {
        let mut sequence = Vec::new();
        if let Some(name) = name {
            let of = QName::new(schema, name);
            sequence.push(format!("drop index concurrently if exists {of}; -- outside a transaction"));
        }
        sequence.push(format!("{written}; -- outside a transaction"));
        self.cost.instead = sequence;
    }

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
        if is_domain || is_odd || numbered(column).is_some() || column.constraints.iter().any(|it| is_computed(&it.kind)) {
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
                format!("alter table {table} add column {new} {type_name}; -- expand: a copy, without constraints and indexes"),
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

    /// A table under another name, with a view of the old one.
    pub(super) fn view_behind(&mut self, old: &QName, new: &QName, rename: &str) {
        self.part = Some(Part {
            after: vec![
                "begin;".to_owned(),
                format!("{rename};"),
                format!("{}; -- grant on it what roles have on the table", suggest::view_instead(old, new)),
                "commit;".to_owned(),
                format!("drop view {old}; -- contract: when no running code uses {old}"),
            ],
            ..Part::default()
        });
    }

    /// A partition whose rows are tested before.
    pub(super) fn attached_later(&mut self, sequence: Vec<String>) {
        self.part = Some(Part { after: sequence, ..Part::default() });
    }

    /// What stands behind the list of columns of a constraint.
    pub(super) fn behind_columns(&self, action: &TableAction) -> String {
        let text = self.at.text(action.span);
        let end = significant(text).iter().find(|token| token.kind == Kind::Close).map_or(text.len(), |it| it.span.end);
        self.sql(Span::new(action.span.start + end, action.span.end))
    }

    /// Whether a table has its rows in partitions.
    pub(super) fn is_partitioned(&self, table: &QName) -> bool {
        self.at.schema.tables.get(table).is_some_and(|it| it.kind == TableKind::Partitioned)
    }
}

impl Part {
    /// As statements, in their order.
    fn alone(self, table: &QName) -> Vec<String> {
        let joined = self.joined.into_iter().map(|it| format!("alter table {table} {it};"));
        self.before.into_iter().chain(joined).chain(self.after).collect()
    }
}

/// Whether the sequence of a change of type does what an action says.
fn is_taken_over(retype: &Retype, action: &TableAction) -> bool {
    matches!(&action.kind, TableActionKind::AlterColumn { name, change } if name.value == retype.column
        && matches!(
            change,
            AlterColumn::DropDefault | AlterColumn::SetDefault(_) | AlterColumn::SetNotNull | AlterColumn::DropNotNull
        ))
}

fn refuse(why: String) -> Part {
    Part { refused: Some(why), ..Part::default() }
}

fn nameless() -> Part {
    refuse("the name that PostgreSQL would make up for the constraint is not known: give it one".to_owned())
}

fn validated(table: &QName, name: &str, add: &str) -> Part {
    Part {
        joined: vec![format!("{add} not valid")],
        after: vec![format!("alter table {table} validate constraint {}; -- in a later migration", bare_ident(name))],
        ..Part::default()
    }
}

/// What stands behind the columns of a unique constraint: what an index has of it, in the order that `create index` wants, and
/// what the constraint has.
fn split_parameters(written: &str) -> Option<(String, String)> {
    let tokens = significant(written);
    let words: Vec<&str> = tokens.iter().map(|token| token.span.of(written)).collect();
    let is = |at: usize, wanted: &[&str]| {
        wanted.iter().enumerate().all(|(offset, word)| words.get(at + offset).is_some_and(|it| it.eq_ignore_ascii_case(word)))
    };
    let (mut include, mut nulls, mut with, mut space) = (String::new(), String::new(), String::new(), String::new());
    let mut at = 0;
    let list = |from: usize| {
        let end = tokens[from..].iter().position(|token| token.kind == Kind::Close)? + from;
        Some((Span::new(tokens.get(from)?.span.start, tokens[end].span.end).of(written), end + 1))
    };
    while at < tokens.len() {
        if is(at, &["nulls", "not", "distinct"]) {
            " nulls not distinct".clone_into(&mut nulls);
            at += 3;
        } else if is(at, &["nulls", "distinct"]) {
            at += 2;
        } else if is(at, &["include"]) {
            let (text, next) = list(at + 1)?;
            (include, at) = (format!(" include {text}"), next);
        } else if is(at, &["with"]) {
            let (text, next) = list(at + 1)?;
            (with, at) = (format!(" with {text}"), next);
        } else if is(at, &["using", "index", "tablespace"]) {
            (space, at) = (format!(" tablespace {}", words.get(at + 3)?), at + 4);
        } else if is(at, &["deferrable"]) || is(at, &["not", "deferrable"]) || is(at, &["initially"]) {
            return Some((format!("{include}{nulls}{with}{space}"), format!(" {}", words[at..].join(" "))));
        } else {
            return None;
        }
    }
    Some((format!("{include}{nulls}{with}{space}"), String::new()))
}
