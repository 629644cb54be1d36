//! What PostgreSQL says when a statement fails, as data: the fields, the condition's name, and what to write instead.

use std::fmt;

mod condition;
mod remedy;

pub use condition::condition_name;
pub use remedy::remedy;

/// An error that a PostgreSQL server reported.
///
/// The fields are those of its `ErrorResponse`:
/// <https://www.postgresql.org/docs/current/protocol-error-fields.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerError {
    /// The five characters that name the condition, such as `23502`.
    pub sqlstate: String,
    /// `ERROR`, `FATAL` or `PANIC`, never translated.
    pub severity: String,
    /// The primary message, in the server's `lc_messages`.
    pub message: String,
    /// More about the problem.
    pub detail: Option<String>,
    /// The server's own suggestion.
    pub hint: Option<String>,
    /// Where in which text.
    pub position: Option<ErrorPosition>,
    /// The call stack: functions and inner statements, innermost first.
    pub where_: Option<String>,
    /// The schema of the object concerned.
    pub schema: Option<String>,
    /// The table concerned.
    pub table: Option<String>,
    /// The column concerned.
    pub column: Option<String>,
    /// The data type concerned.
    pub datatype: Option<String>,
    /// The constraint (or unique index) concerned.
    pub constraint: Option<String>,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sqlstate)?;
        if let Some(name) = condition_name(&self.sqlstate) {
            write!(f, " {name}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Where an error lies; positions count characters, not bytes, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorPosition {
    /// In the statement that was sent.
    Original(u32),
    /// In a statement that the server made itself, as a function's body does.
    Internal {
        /// The character in `query`.
        position: u32,
        /// The inner statement's text.
        query: String,
    },
}
