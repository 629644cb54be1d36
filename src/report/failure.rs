//! What a failed command says to scripts, `dbctl/error/v1`: the same as people read on stderr.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Level};

/// The whole answer of a command that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// Always `dbctl/error/v1`.
    pub format: &'static str,
    /// The exit code.
    pub exit: u8,
    /// What went wrong, in order.
    pub errors: Vec<Said>,
}

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// The stable code, such as `apply/statement-failed`.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// The sentence.
    pub title: String,
    /// Where.
    pub places: Vec<Place>,
    /// What is true now.
    pub notes: Vec<String>,
    /// What mends it.
    pub helps: Vec<String>,
    /// What lies beneath.
    pub causes: Vec<String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is said there.
    pub text: String,
}

impl Failed {
    /// The answer of a failure.
    #[must_use]
    pub fn new(exit: u8, diagnostics: &[Diagnostic]) -> Self {
        Self { format: "dbctl/error/v1", exit, errors: diagnostics.iter().map(Said::from).collect() }
    }
}

impl From<&Diagnostic> for Said {
    fn from(diagnostic: &Diagnostic) -> Self {
        let places = diagnostic.labels.iter().map(|label| {
            let position = label.source.position(label.span.start);
            Place {
                path: label.source.name().to_owned(),
                line: position.line,
                column: position.column,
                text: label.text.clone(),
            }
        });
        Self {
            code: diagnostic.code,
            level: match diagnostic.level {
                Level::Note => "note",
                Level::Warning => "warning",
                Level::Error => "error",
            },
            title: diagnostic.title.clone(),
            places: places.collect(),
            notes: diagnostic.notes.clone(),
            helps: diagnostic.helps.clone(),
            causes: diagnostic.causes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    #[test]
    fn says_to_scripts_what_people_read() {
        let source = Source::new("a.sql", "select 1;\nselect x;");
        let diagnostic = Diagnostic::error("apply/statement-failed", "it failed")
            .at(&source, Span::new(17, 18), "no x")
            .note("rolled back")
            .help("mend it");
        let json = serde_json::to_string(&Failed::new(6, &[diagnostic])).unwrap();
        assert_eq!(
            json,
            "{\"format\":\"dbctl/error/v1\",\"exit\":6,\"errors\":[{\"code\":\"apply/statement-failed\",\"level\":\
             \"error\",\"title\":\"it failed\",\"places\":[{\"path\":\"a.sql\",\"line\":2,\"column\":8,\"text\":\"no x\"}],\
             \"notes\":[\"rolled back\"],\"helps\":[\"mend it\"],\"causes\":[]}]}"
        );
    }
}
