//! The sequences of statements that lead to the same without keeping anybody waiting.

use super::Look;
use crate::lint::ask::in_use::{Altered, is_known_not_null};
use crate::lint::rules::suggest;
use crate::lint::schema::{QName, TableKind};
use crate::risk::beside::Retype;
use crate::sql::ast::{AlterColumn, Ident, TableAction, TableActionKind};
use crate::sql::{Kind, Tokens, significant};
use crate::text::{Span, bare_ident};

/// What one action of an `alter table` becomes: statements before, what takes its place in the `alter table`, and statements
/// behind.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) before: Vec<String>,
    pub(super) joined: Vec<String>,
    pub(super) after: Vec<String>,
    pub(super) retype: Option<Retype>,
    pub(super) refused: Option<String>,
}

impl Look<'_, '_> {
    /// The sequence of a whole `alter table`, of what its actions have become.
    pub(super) fn sequence_of(&mut self, altered: &Altered<'_>, parts: Vec<(&TableAction, Option<Part>)>) {
        if parts.iter().all(|(_, part)| part.is_none()) {
            return;
        }
        let refused = parts.iter().find_map(|(_, part)| part.as_ref()?.refused.clone());
        let refused = refused
            .or_else(|| self.leaves_others_out(altered).then(|| "`only` leaves the tables below out".to_owned()));
        if let Some(why) = refused {
            self.cost.instead = vec![format!("-- no sequence that ends the same is known: {why}")];
            return;
        }
        let table = altered.name.clone();
        let adds = altered.added().next().is_some();
        let changed: Vec<Retype> = parts.iter().filter_map(|(_, part)| part.as_ref()?.retype.clone()).collect();
        let (mut before, mut joined, mut after, mut retypes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (action, part) in parts {
            if changed.iter().any(|retype| is_taken_over(retype, action)) {
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
    fn leaves_others_out(&self, altered: &Altered<'_>) -> bool {
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
                    return Some(
                        "the statement drops a column too, which may be in the same indexes: split it".to_owned(),
                    );
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
    pub(super) fn mentions(&self, span: Span, name: &str) -> bool {
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

    pub(super) fn not_null_part(&self, table: &QName, column: &str, name: Option<&str>) -> Part {
        let is_constraint = self.at.config.pg_version >= 18;
        // From 18 on, `set not null` gives its constraint the other name.
        let suffix = if is_constraint { "not_null" } else { "is_not_null" };
        let name = match name.filter(|_| is_constraint) {
            Some(name) => name.to_owned(),
            None => format!("{}_{column}_{suffix}", table.name),
        };
        let (column, check) = (bare_ident(column), bare_ident(&name));
        if is_constraint {
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

    /// What stands around the list of columns of a unique constraint.
    pub(super) fn around_columns(&self, action: &TableAction) -> String {
        let text = self.at.text(action.span);
        let tokens = significant(text);
        let place = |kind| tokens.iter().find(|token| token.kind == kind).map_or(text.len(), |it| it.span.end);
        let head = self.sql(Span::new(action.span.start, action.span.start + place(Kind::Open))).to_ascii_lowercase();
        let nulls = if head.contains("unique nulls not distinct") { "nulls not distinct " } else { "" };
        format!("{nulls}{}", self.sql(Span::new(action.span.start + place(Kind::Close), action.span.end)))
    }

    /// Whether a table has its rows in partitions.
    pub(super) fn is_partitioned(&self, table: &QName) -> bool {
        self.at.schema.tables.get(table).is_some_and(|it| it.kind == TableKind::Partitioned)
    }
}

impl Part {
    /// As statements, in their order.
    pub(super) fn alone(self, table: &QName) -> Vec<String> {
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

pub(super) fn refuse(why: String) -> Part {
    Part { refused: Some(why), ..Part::default() }
}

pub(super) fn nameless() -> Part {
    refuse("the name that PostgreSQL would make up for the constraint is not known: give it one".to_owned())
}

pub(super) fn validated(table: &QName, name: &str, add: &str) -> Part {
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
        wanted
            .iter()
            .enumerate()
            .all(|(offset, word)| words.get(at + offset).is_some_and(|it| it.eq_ignore_ascii_case(word)))
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
