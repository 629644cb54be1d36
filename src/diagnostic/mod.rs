//! What dbctl has to say about a text or a state: a title, the places, what is true now and what mends it.
//!
//! A diagnostic is data: no colours and no layout, which are the terminal's.

use crate::text::{Source, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Note,
    /// Goes on, but should be looked at.
    Warning,
    /// Nothing more is done.
    Error,
}

/// A place in a source, with what is to be said there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The text it stands in.
    pub source: Source,
    /// Where.
    pub span: Span,
    /// What is said at the carets; may be empty.
    pub text: String,
    /// Whether this is the place itself or one that explains it.
    pub primary: bool,
}

/// One thing to say, whole: what, where, why, what the state is now, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code such as `apply/statement-failed`.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// A phrase in lower case without a full stop; objects stand in backticks.
    pub title: String,
    /// The places, the most important first.
    pub labels: Vec<Label>,
    /// What is true now and other facts, shown as `note`.
    pub notes: Vec<String>,
    /// Commands or edits that mend it, shown as `help`.
    pub helps: Vec<String>,
    /// What lies beneath, outermost first, shown as `caused by`.
    pub causes: Vec<String>,
}

impl Diagnostic {
    /// An error with a title; the rest is added by the builder methods.
    pub fn error(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Level::Error, code, title)
    }

    /// A warning with a title.
    pub fn warning(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Level::Warning, code, title)
    }

    /// A note with a title.
    pub fn note_only(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Level::Note, code, title)
    }

    fn new(level: Level, code: &'static str, title: impl Into<String>) -> Self {
        Self {
            code,
            level,
            title: title.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            causes: Vec::new(),
        }
    }

    /// Adds the place itself.
    #[must_use]
    pub fn at(mut self, source: &Source, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { source: source.clone(), span, text: text.into(), primary: true });
        self
    }

    /// Adds a place that explains.
    #[must_use]
    pub fn see(mut self, source: &Source, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { source: source.clone(), span, text: text.into(), primary: false });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a remedy: imperative, a runnable command where there is one.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    /// Adds what lies beneath.
    #[must_use]
    pub fn caused_by(mut self, text: impl Into<String>) -> Self {
        self.causes.push(text.into());
        self
    }
}
