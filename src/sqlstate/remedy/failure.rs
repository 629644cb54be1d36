//! An error together with its statement, and the names that can be read from the two.

use super::super::{ErrorPosition, ServerError};
use super::words::{Word, words};
use crate::text::quote_ident;

/// What a remedy looks at.
pub(super) struct Failure<'a> {
    pub(super) error: &'a ServerError,
    statement: &'a str,
    words: Vec<Word>,
}

impl<'a> Failure<'a> {
    pub(super) fn new(error: &'a ServerError, statement: &'a str) -> Self {
        Self { error, statement, words: words(statement) }
    }

    pub(super) fn sqlstate(&self) -> &str {
        &self.error.sqlstate
    }

    /// Whether the message holds a text, whatever its case.
    pub(super) fn says(&self, text: &str) -> bool {
        self.error.message.to_lowercase().contains(text)
    }

    /// The quoted parts of the message: names, mostly.
    pub(super) fn named(&self, index: usize) -> Option<&'a str> {
        self.error.message.split('"').skip(1).step_by(2).nth(index)
    }

    /// The name that the message says is missing: quoted, or before the parentheses of a function.
    pub(super) fn missing(&self) -> String {
        match self.error.message.strip_prefix("function ").and_then(|behind| behind.split_once('(')) {
            Some((name, _)) => name.to_owned(),
            None => self.named(0).unwrap_or_default().to_owned(),
        }
    }

    /// Whether the statement starts with these keywords; `create or replace x` counts as `create x`.
    pub(super) fn is(&self, keywords: &str) -> bool {
        let skipped = |word: &&Word| !matches!(word, Word::Plain(w) if matches!(w.as_str(), "or" | "replace"));
        let mut words = self.words.iter().filter(skipped);
        keywords.split(' ').all(|keyword| words.next() == Some(&Word::Plain(keyword.to_owned())))
    }

    /// Whether these keywords follow each other anywhere in the statement.
    pub(super) fn has(&self, keywords: &str) -> bool {
        self.find(keywords).is_some()
    }

    /// Whether these keywords stand right before the place of the error; not where the place is not known.
    pub(super) fn stopped_after(&self, keywords: &str) -> bool {
        let Some(ErrorPosition::Original(position)) = self.error.position else { return false };
        let before: String = self.statement.chars().take((position as usize).saturating_sub(1)).collect();
        let wanted: Vec<Word> = keywords.split(' ').map(|keyword| Word::Plain(keyword.to_owned())).collect();
        words(&before).ends_with(&wanted)
    }

    fn find(&self, keywords: &str) -> Option<usize> {
        let wanted: Vec<Word> = keywords.split(' ').map(|keyword| Word::Plain(keyword.to_owned())).collect();
        self.words.windows(wanted.len()).position(|window| window == wanted).map(|at| at + wanted.len())
    }

    /// The name, quoted part by part, that follows these keywords, past `if [not] exists`, `only` and `concurrently`.
    pub(super) fn name_after(&self, keywords: &str) -> Option<String> {
        let mut at = self.find(keywords)?;
        while matches!(self.words.get(at), Some(Word::Plain(word))
            if matches!(word.as_str(), "if" | "not" | "exists" | "only" | "concurrently"))
        {
            at += 1;
        }
        let mut parts = Vec::new();
        while let Some(Word::Plain(part) | Word::Quoted(part)) = self.words.get(at) {
            parts.push(quote_ident(part));
            if self.words.get(at + 1) != Some(&Word::Sign('.')) {
                break;
            }
            at += 2;
        }
        (!parts.is_empty()).then(|| parts.join("."))
    }

    /// The table concerned: by the error's fields, else by the statement.
    pub(super) fn table(&self) -> Option<String> {
        match (&self.error.schema, &self.error.table) {
            (Some(schema), Some(table)) => Some(format!("{}.{}", quote_ident(schema), quote_ident(table))),
            (None, Some(table)) => Some(quote_ident(table)),
            (_, None) => ["alter table", "create table", "insert into", "update", "delete from", "on"]
                .iter()
                .find_map(|keywords| self.name_after(keywords)),
        }
    }

    /// The table, or a word in capitals that stands for it.
    pub(super) fn table_or_word(&self) -> String {
        self.table().unwrap_or_else(|| "TABLE".to_owned())
    }

    /// The column concerned.
    pub(super) fn column(&self) -> Option<String> {
        self.error.column.as_deref().or_else(|| self.named(0)).map(quote_ident)
    }

    /// The columns of a detail such as `Key (a, b)=(1, 2) already exists.`, as the server quotes them.
    pub(super) fn key(&self) -> Option<&'a str> {
        let detail = self.error.detail.as_deref()?;
        let (_, behind) = detail.split_once('(')?;
        behind.split_once(")=(").map(|(columns, _)| columns)
    }

    /// The constraint concerned.
    pub(super) fn constraint(&self) -> Option<String> {
        self.error.constraint.as_deref().map(quote_ident)
    }

    /// The statement inside a block that lets one condition pass; a long one as `…`.
    pub(super) fn guarded(&self, condition: &str) -> String {
        const LONGEST: usize = 160;
        let one_line = self.statement.split_whitespace().collect::<Vec<_>>().join(" ");
        let statement = one_line.trim_end_matches(';');
        let shown = if statement.is_empty() || statement.len() > LONGEST || statement.contains("--") {
            "…"
        } else {
            statement
        };
        let tag = if shown.contains("$$") { "$guard$" } else { "$$" };
        format!("do {tag} begin {shown}; exception when {condition} then null; end {tag};")
    }
}

/// A name as the server writes it in a message, `app.users` or `users`, quoted part by part.
pub(super) fn requote(name: &str) -> String {
    if name.contains('"') {
        return name.to_owned();
    }
    name.split('.').map(quote_ident).collect::<Vec<_>>().join(".")
}
