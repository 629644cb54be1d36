//! A step: one migration as it will be run, up or down.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::report::{Direction, TransactionMode};
use crate::sql::Statement;
use crate::text::Source;

/// One migration, ready to run.
#[derive(Debug, Clone)]
pub struct Step {
    /// refinery's version.
    pub key: i64,
    /// The version as in the file name.
    pub version: String,
    /// The name as in the file name.
    pub name: String,
    /// The file that is run, relative to the project.
    pub path: String,
    /// Up or down.
    pub direction: Direction,
    /// The text as it stands in the file: what is sent, and what error positions refer to.
    pub source: Source,
    /// The text that checksums and the history stand for.
    pub normalised: String,
    /// SHA-256 of the normalised text.
    pub sha256: String,
    /// SHA-256 of the bytes.
    pub raw_sha256: String,
    /// The statements in order, those that dbctl leaves out taken away.
    pub statements: Vec<Statement>,
    /// Whether nothing of the file is left out.
    pub is_whole: bool,
    /// How they are grouped.
    pub transaction: TransactionMode,
    /// Why they do not run in one transaction.
    pub transaction_reason: Option<String>,
    /// The number of the first statement to run; more than 1 where an earlier run did a part.
    pub resume_at: usize,
    /// What an earlier run that began it left behind.
    pub resumed: Option<Resumed>,
    /// SQL that is run in place of a statement, by its number, with the sentence that says so.
    pub replaced: BTreeMap<usize, Replacement>,
    /// What dbctl does differently from the file, to be said.
    pub remarks: Vec<String>,
}

/// How an earlier run left the first statement that is to be run now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// It was not sent, or it failed: it took no effect, but may have left an invalid index.
    Undone,
    /// It was sent, and nobody recorded how it ended.
    InDoubt,
}

/// SQL in place of a statement.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// What is run.
    pub sql: String,
    /// The sentence that says so.
    pub remark: String,
}

impl Step {
    /// The text of a statement as it is sent.
    #[must_use]
    pub fn text<'a>(&'a self, statement: &Statement) -> &'a str {
        match self.replaced.get(&statement.number) {
            Some(replacement) => &replacement.sql,
            None => statement.span.of(self.source.text()),
        }
    }

    /// What is sent, in one text: the file, or its statements where some are left out or replaced.
    #[must_use]
    pub fn sent(&self) -> Cow<'_, str> {
        let whole = self.replaced.is_empty() && self.resume_at <= 1 && self.is_whole;
        if whole {
            return Cow::Borrowed(self.source.text());
        }
        let text: Vec<String> = self
            .statements
            .iter()
            .filter(|statement| statement.number >= self.resume_at)
            .map(|statement| match statement.copy_data {
                Some(data) => format!("{};\n{}\\.\n", self.text(statement), data.of(self.source.text())),
                None => format!("{};\n", self.text(statement)),
            })
            .collect();
        Cow::Owned(text.concat())
    }

    /// The settings and roles that the statements before `resume_at` gave the session, which ended with the earlier
    /// run.
    pub fn settings_to_restore(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().take_while(|statement| statement.number < self.resume_at).filter(|statement| {
            let words = crate::sql::first_line(self.source.text(), statement.span, 40).to_ascii_lowercase();
            ["SET", "RESET"].contains(&&*statement.kind)
                || words.starts_with("select set_config(")
                || words.starts_with("select pg_catalog.set_config(")
        })
    }

    /// How its statements are grouped, in words.
    #[must_use]
    pub fn grouping(&self) -> String {
        match (self.transaction, &self.transaction_reason) {
            (TransactionMode::Single, _) => "in one transaction".to_owned(),
            (_, Some(reason)) => format!("outside a transaction: {reason}"),
            (_, None) => "outside a transaction".to_owned(),
        }
    }

    /// The line that a statement begins on, from 1.
    #[must_use]
    pub fn line(&self, statement: &Statement) -> usize {
        self.source.position(statement.span.start).line
    }

    /// `` CREATE TABLE `users` ``.
    #[must_use]
    pub fn summary(statement: &Statement) -> String {
        match &statement.object {
            Some(object) => format!("{} `{}`", statement.kind, object.name),
            None => statement.kind.clone(),
        }
    }
}
