//! A failed command: the exit code and everything there is to say about it.

mod convert;

pub use convert::bug;

use crate::diagnostic::Diagnostic;
use crate::exit::Exit;

/// Two texts whose difference explains a failure.
#[derive(Debug, Clone)]
pub struct TextDiff {
    /// What the old text is called.
    pub old_name: String,
    /// The old text.
    pub old: String,
    /// What the new text is called.
    pub new_name: String,
    /// The new text.
    pub new: String,
}

/// Why a command did not do what was asked.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What the shell is told.
    pub exit: Exit,
    /// What people are told, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// Differences shown after that.
    pub diffs: Vec<TextDiff>,
}

impl Failure {
    /// A failure with one thing to say.
    pub fn new(exit: Exit, diagnostic: Diagnostic) -> Self {
        Self { exit, diagnostics: vec![diagnostic], diffs: Vec::new() }
    }

    /// A failure that has been said already, or says nothing: stdout was closed.
    pub fn silent(exit: Exit) -> Self {
        Self { exit, diagnostics: Vec::new(), diffs: Vec::new() }
    }

    /// Adds a note to the first thing said.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.diagnostics.first_mut() {
            first.notes.push(text.into());
        }
        self
    }

    /// Adds a remedy to the first thing said.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.diagnostics.first_mut() {
            first.helps.push(text.into());
        }
        self
    }
}
