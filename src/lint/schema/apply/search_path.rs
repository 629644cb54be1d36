//! The session: its search path, by `set`, `set local` and `set_config`, and its temporary relations.

use std::collections::BTreeMap;

use super::name::value;
use crate::lint::schema::{QName, Schema};
use crate::lint::{Event, LintFile, Origin};
use crate::sql::ast::{Expr, ExprKind, LiteralKind, SetVariable, StmtKind};

/// The schema that temporary relations are kept under.
pub(in crate::lint::schema) const TEMPORARY: &str = "pg_temp";

impl Schema {
    /// A session begins.
    pub(super) fn begin_session(&mut self) {
        self.play.session_path = None;
        self.play.schema_path = None;
        self.search_path = self.play.default_path.clone();
    }

    /// A session ends, and with it what is temporary.
    pub(super) fn end_session(&mut self) {
        self.begin_session();
        if std::mem::take(&mut self.play.temporary) {
            for table in in_schema(&self.tables, TEMPORARY) {
                self.remove_table(&table, true);
            }
            for view in in_schema(&self.views, TEMPORARY) {
                self.remove_view(&view, true);
            }
            for sequence in in_schema(&self.sequences, TEMPORARY) {
                self.sequences.remove(&sequence);
            }
        }
    }

    /// Within `create schema s create table t …` everything is made in `s`.
    pub(super) fn within_schema(&mut self, file: &LintFile, event: &Event) {
        let span = event.stmt.span;
        if let StmtKind::CreateSchema(create) = &event.stmt.kind {
            let inside = |other: &Event| other.stmt.span.start > span.start && other.stmt.span.end <= span.end;
            if event.origin == Origin::Top && file.events.iter().any(inside) {
                self.play.schema_path = Some((span.end, self.search_path.clone()));
                self.search_path.insert(0, value(&create.name));
            }
        } else if self.play.schema_path.as_ref().is_some_and(|(end, _)| span.end >= *end)
            && let Some((_, path)) = self.play.schema_path.take()
        {
            self.search_path = path;
        }
    }

    /// The transaction ends, and with it what `set local` said.
    pub(super) fn end_local(&mut self) {
        if let Some(path) = self.play.session_path.take() {
            self.search_path = path;
        }
    }

    /// `set`, `reset`.
    pub(super) fn set_variable(&mut self, set: &SetVariable) {
        if set.name == "search_path" {
            let path = if set.reset { self.play.default_path.clone() } else { path(&set.values) };
            self.set_path(path, set.local);
        } else if set.name == "all" && set.reset {
            self.set_path(self.play.default_path.clone(), false);
        }
    }

    /// `select set_config('search_path', '…', false)`, with which dumps begin.
    pub(super) fn set_config(&mut self, args: &[Expr]) {
        let [name, value, local] = args else { return };
        if !name.as_string().is_some_and(|name| name.eq_ignore_ascii_case("search_path")) {
            return;
        }
        if let Some(value) = value.as_string() {
            let local = matches!(local.kind, ExprKind::Literal(LiteralKind::Bool(true)));
            self.set_path(path(&split(value)), local);
        }
    }

    fn set_path(&mut self, path: Vec<String>, local: bool) {
        if local {
            self.play.session_path.get_or_insert_with(|| self.search_path.clone());
        } else {
            self.play.session_path = None;
        }
        self.search_path = path;
    }
}

/// The schemas of a path that can be told: `"$user"` depends on who runs it, and temporary ones have their own place.
fn path(values: &[String]) -> Vec<String> {
    values.iter().map(|value| unquoted(value)).filter(|it| !it.is_empty() && it != "$user" && it != TEMPORARY).collect()
}

/// A name without its quotes, or folded.
fn unquoted(written: &str) -> String {
    match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => written.to_ascii_lowercase(),
    }
}

/// The names in a setting's text.
fn split(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).collect()
}

/// The names of a map that are in a schema.
pub(super) fn in_schema<T>(map: &BTreeMap<QName, T>, schema: &str) -> Vec<QName> {
    map.range(QName::new(schema, "")..)
        .map(|(name, _)| name)
        .take_while(|name| name.schema == schema)
        .cloned()
        .collect()
}
