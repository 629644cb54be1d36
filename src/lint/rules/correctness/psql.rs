//! What is meant for psql, not for the server.

use crate::sql::parse::{ErrorKind, SyntaxError};

/// Whether an error is a command of psql or one of its variables (`:name`, `:'name'`, `:"name"`).
pub(super) fn is_psql(error: &SyntaxError, text: &str) -> bool {
    error.kind == ErrorKind::Command || variable(error, text).is_some()
}

/// The variable, as written, where psql would put its value.
pub(super) fn variable<'a>(error: &SyntaxError, text: &'a str) -> Option<&'a str> {
    let rest = text.get(error.span.start..)?;
    let name = rest.strip_prefix(':')?;
    let end = match name.chars().next()? {
        quote @ ('\'' | '"') => name[1..].find(quote)? + 2,
        first if first.is_ascii_alphabetic() || first == '_' => {
            name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len())
        }
        _ => return None,
    };
    rest.get(..=end)
}
