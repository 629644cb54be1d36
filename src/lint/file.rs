//! A migration as lint sees it: its text, its statements, its way back, and what its name says.

use std::sync::OnceLock;

use super::ask::ledger::Ledger;
use super::event::{Event, flatten};
use super::schema::FileId;
use crate::sql::parse::{SyntaxError, parse, parse_statements};
use crate::sql::{FileTransaction, Mode, analyse, split_all};
use crate::text::{Source, Span};

/// What lint is given of a migration.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its path relative to the project, with `/`.
    pub path: String,
    /// Its text.
    pub text: std::sync::Arc<str>,
    /// Its version as in the file name; `None` for a file that is no migration.
    pub version: Option<String>,
    /// Its name without version.
    pub name: String,
    /// Its down migration: path and text.
    pub down: Option<(String, std::sync::Arc<str>)>,
    /// Whether the layout it is in has down migrations at all.
    pub has_downs: bool,
    /// Whether its file or its settings ask for no transaction.
    pub no_transaction: bool,
    /// Whether its findings are wanted.
    pub selected: bool,
}

/// The way back.
#[derive(Debug, Clone)]
pub struct DownFile {
    /// Its text, named by its path.
    pub source: Source,
    /// Its statements.
    pub events: Vec<Event>,
    /// What does not parse.
    pub errors: Vec<SyntaxError>,
}

/// A migration, parsed.
#[derive(Debug, Clone)]
pub struct LintFile {
    /// Its number in the chain.
    pub id: FileId,
    /// Its text, named by its path.
    pub source: Source,
    /// Its version as in the file name; `None` for a file that is no migration.
    pub version: Option<String>,
    /// Its name without version.
    pub name: String,
    /// Whether its findings are wanted.
    pub selected: bool,
    /// Whether the layout it is in has down migrations at all.
    pub has_downs: bool,
    /// Whether its file or its settings ask for no transaction (`-- dbctl: no-transaction`).
    pub no_transaction: bool,
    /// How it runs: in one transaction or statement by statement.
    pub transaction: FileTransaction,
    /// The spans of its top-level statements.
    pub statements: Vec<Span>,
    /// All its statements in the order they run; those in routines follow the statement that defines them.
    pub events: Vec<Event>,
    /// What does not parse.
    pub errors: Vec<SyntaxError>,
    /// The way back.
    pub down: Option<DownFile>,
    /// What its statements make and take away, by name; made when it is asked for.
    ledger: OnceLock<Ledger>,
}

impl LintFile {
    /// Parses a migration.
    pub fn new(id: FileId, input: Input) -> Self {
        let (statements, broken) = split_all(&input.text);
        let transaction = if broken.is_empty() {
            analyse(&input.text, &statements)
        } else {
            FileTransaction { mode: Mode::Transaction, wrapper: None }
        };
        let script = parse_statements(&input.text, &statements, broken);
        let down = input.down.map(|(path, text)| {
            let script = parse(&text);
            DownFile { source: Source::new(path, text), events: flatten(script.statements), errors: script.errors }
        });
        Self {
            id,
            source: Source::new(input.path, input.text),
            version: input.version,
            name: input.name,
            selected: input.selected,
            has_downs: input.has_downs,
            no_transaction: input.no_transaction,
            transaction,
            statements: script.statements.iter().map(|stmt| stmt.span).collect(),
            events: flatten(script.statements),
            errors: script.errors,
            down,
            ledger: OnceLock::new(),
        }
    }

    /// What its statements make and take away, by name.
    pub fn ledger(&self) -> &Ledger {
        self.ledger.get_or_init(|| Ledger::new(&self.events, self.text()))
    }

    /// Its way back as a file of its own, with a number of its own.
    pub(super) fn way_back(&self, id: FileId) -> Option<Self> {
        let down = self.down.as_ref()?;
        Some(Self {
            id,
            source: down.source.clone(),
            version: None,
            name: String::new(),
            selected: false,
            has_downs: false,
            no_transaction: true,
            transaction: self.transaction.clone(),
            statements: Vec::new(),
            events: down.events.clone(),
            errors: down.errors.clone(),
            down: None,
            ledger: OnceLock::new(),
        })
    }

    /// Whether parsing this migration again would give the same.
    pub(super) fn is_parsed_of(&self, input: &Input) -> bool {
        let down = self.down.as_ref().map(|down| (down.source.name(), down.source.text()));
        self.text() == &*input.text && down == input.down.as_ref().map(|(path, text)| (path.as_str(), &**text))
    }

    /// Whether the migration means the same to the state: its texts, and how it runs.
    pub(super) fn is_same(&self, input: &Input) -> bool {
        self.is_parsed_of(input) && self.version == input.version && self.no_transaction == input.no_transaction
    }

    /// The same texts at another place in the chain, or wanted where they were not.
    pub(super) fn taken_over(self, id: FileId, input: Input) -> Self {
        let Input { version, name, selected, has_downs, no_transaction, .. } = input;
        Self { id, version, name, selected, has_downs, no_transaction, ..self }
    }

    /// The path, relative to the project.
    pub fn path(&self) -> &str {
        self.source.name()
    }

    /// The file's name without folders.
    pub fn file_name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// Whether all its statements run in one transaction, by the runner's hand or by one `begin` and `commit` around all.
    pub fn is_atomic(&self) -> bool {
        !self.no_transaction && self.transaction.mode == Mode::Transaction
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Config, lint, lint_again, parse_all, parse_changed};

    fn input(path: &str, text: &str) -> Input {
        Input {
            path: path.to_owned(),
            text: text.into(),
            version: None,
            name: String::new(),
            down: None,
            has_downs: false,
            no_transaction: false,
            selected: true,
        }
    }

    #[test]
    fn what_is_taken_over_is_what_parsing_gives() {
        let before = vec![input("a.sql", "create table a ();"), input("b.sql", "drop table a;")];
        let mut moved = input("b.sql", "drop table a;");
        moved.no_transaction = true;
        let after = vec![input("0.sql", "create table z ();"), input("a.sql", "create table a (b int);"), moved];
        let (again, _) = parse_changed(after.clone(), parse_all(before));
        let fresh = parse_all(after);
        assert_eq!(format!("{again:?}"), format!("{fresh:?}"));
        let findings = |files| format!("{:?}", lint(files, &Config::default()).findings);
        assert_eq!(findings(&again), findings(&fresh));
    }

    #[test]
    fn what_is_kept_of_the_files_before_changes_nothing() {
        let config = Config::default();
        let input = |path: &str, text: &str, selected| Input { selected, ..input(path, text) };
        let chain = |first: &str, last: &str| {
            let a = input("a.sql", first, false);
            vec![a, input("b.sql", "alter table a add column c int;", false), input("c.sql", last, true)]
        };
        let (mut files, mut kept) = (Vec::new(), None);
        for (first, last) in [
            ("create table a ();", "drop table a;"),
            ("create table a ();", "create index on a (c);"),
            ("create table a (c int);", "create index on a (c);"),
            ("create table a ();", "alter table a drop column d;"),
        ] {
            let unchanged;
            (files, unchanged) = parse_changed(chain(first, last), files);
            let again = lint_again(&files, &config, unchanged, &mut kept).findings;
            let fresh = lint(&parse_all(chain(first, last)), &config).findings;
            assert!(!fresh.is_empty());
            assert_eq!(format!("{again:?}"), format!("{fresh:?}"));
        }
    }
}
