//! What a rule may ask while it looks.

use std::cell::OnceCell;
use std::ops::Deref;

use super::ask::lock::Step;
use super::config::{Config, OptionValue};
use super::event::Event;
use super::file::LintFile;
use super::finding::Finding;
use super::rule::Rule;
use super::rules::Live;
use super::schema::{FileId, Place, QName, Schema, Table};
use crate::sql::ast::{Name, Stmt};
use crate::text::Span;

/// The values of the options of the rule that is looking.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    pub(super) config: &'a Config,
    pub(super) rule: &'static Rule,
    pub(super) path: &'a str,
}

impl Options<'_> {
    fn value(&self, name: &str) -> Option<OptionValue> {
        self.config.option(self.rule, name, self.path)
    }

    /// A flag; false for an option that the rule does not have.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.value(name), Some(OptionValue::Flag(true)))
    }

    /// A number; zero for an option that the rule does not have.
    pub fn number(&self, name: &str) -> i64 {
        match self.value(name) {
            Some(OptionValue::Number(value)) => value,
            _ => 0,
        }
    }

    /// A text; empty for an option that the rule does not have.
    pub fn text(&self, name: &str) -> String {
        match self.value(name) {
            Some(OptionValue::Text(value)) => value,
            _ => String::new(),
        }
    }

    /// Texts; none for an option that the rule does not have.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(OptionValue::List(values)) => values,
            _ => Vec::new(),
        }
    }
}

/// A statement in its place: what can be asked of it without a rule.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The file.
    pub file: &'a LintFile,
    /// The statement's index in the file's events.
    pub index: usize,
    /// The statement with what guards it.
    pub event: &'a Event,
    /// The state before the statement.
    pub schema: &'a Schema,
    /// The configuration.
    pub config: &'a Config,
}

/// What a rule that looks at a statement may ask.
#[derive(Debug)]
pub struct EventCx<'a> {
    /// The rule.
    pub rule: &'static Rule,
    /// The rule's options.
    pub options: Options<'a>,
    /// The statement.
    pub at: At<'a>,
}

impl<'a> Deref for EventCx<'a> {
    type Target = At<'a>;

    fn deref(&self) -> &At<'a> {
        &self.at
    }
}

impl EventCx<'_> {
    /// A finding in this file.
    pub fn finding(&self, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, Place::new(self.file.id, span), message)
    }
}

impl<'a> At<'a> {
    /// The statement.
    pub fn stmt(&self) -> &'a Stmt {
        &self.event.stmt
    }

    /// The name with its schema.
    pub fn resolve(&self, name: &Name) -> QName {
        self.schema.resolve(name)
    }

    /// The table of this name, where the chain knows it.
    pub fn table(&self, name: &Name) -> Option<&'a Table> {
        self.schema.table(name)
    }

    /// Whether others may be using the table now: it is not created in this file, not temporary, and no view.
    ///
    /// A table that the chain does not know is taken for one that exists.
    pub fn is_in_use(&self, name: &Name) -> bool {
        if name.schema() == Some("pg_temp") {
            return false;
        }
        match self.table(name) {
            Some(table) => !table.created.is_in(self.file.id) && !table.is_temporary(),
            None => !self.schema.views.contains_key(&self.resolve(name)),
        }
    }

    /// The statements of the file that run before this one, the nearest first; those inside routines are left out.
    pub fn earlier(&self) -> impl Iterator<Item = &'a Event> {
        self.file.events[..self.index].iter().rev().filter(|event| event.origin != super::Origin::Routine)
    }

    /// The statements of the file that run after this one; those inside routines are left out.
    pub fn later(&self) -> impl Iterator<Item = &'a Event> {
        self.file.events[self.index + 1..].iter().filter(|event| event.origin != super::Origin::Routine)
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &'a str {
        span.of(self.file.text())
    }

    /// Whether the statement runs inside a transaction with the others of its file: the runner's, or the file's own.
    pub fn in_transaction(&self) -> bool {
        (self.config.in_transaction || self.file.transaction.wrapper.is_some()) && self.file.is_atomic()
    }
}

/// What a rule that looks at a file may ask.
#[derive(Debug)]
pub struct FileCx<'a> {
    /// The rule.
    pub rule: &'static Rule,
    /// The file.
    pub file: &'a LintFile,
    /// All files of the chain, in order.
    pub files: &'a [LintFile],
    /// The state before the file.
    pub schema: &'a Schema,
    /// The configuration.
    pub config: &'a Config,
    /// The rule's options.
    pub options: Options<'a>,
    /// What rules ask of the file again and again.
    pub(super) steps: &'a OnceCell<Vec<Step<'a>>>,
}

impl<'a> FileCx<'a> {
    /// The statements of the file that run, with the locks they take.
    pub(super) fn steps(&self) -> &'a [Step<'a>] {
        self.steps.get_or_init(|| super::ask::lock::steps(self))
    }

    /// A finding in this file.
    pub fn finding(&self, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, Place::new(self.file.id, span), message)
    }
}

/// What a rule that looks at the end of the chain may ask.
#[derive(Debug)]
pub struct ChainCx<'a> {
    /// The rule.
    pub rule: &'static Rule,
    /// All files, in order.
    pub files: &'a [LintFile],
    /// The state at the end.
    pub schema: &'a Schema,
    /// The configuration.
    pub config: &'a Config,
    /// What rules ask of the chain again and again.
    pub(super) policies: &'a OnceCell<Vec<Live<'a>>>,
}

impl<'a> ChainCx<'a> {
    /// The policies that are left, in the order they are written.
    pub(super) fn policies(&self) -> &'a [Live<'a>] {
        self.policies.get_or_init(|| super::rules::live(self))
    }

    /// A finding at a place.
    pub fn finding(&self, place: Place, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, place, message)
    }

    /// The rule's options in a file.
    pub fn options(&self, file: FileId) -> Options<'a> {
        let path = self.files.get(file).map_or("", LintFile::path);
        Options { config: self.config, rule: self.rule, path }
    }

    /// The tables that migrations made and that stay: neither the platform's nor temporary ones.
    pub fn tables(&self) -> impl Iterator<Item = &'a Table> {
        self.schema.tables.values().filter(|table| !table.is_platform() && !table.is_temporary())
    }
}
