//! What is meant for psql, not for the server.

use crate::sql::parse::{ErrorKind, SyntaxError};
use crate::text::Span;

/// Whether an error is a command of psql or one of its variables (`:name`, `:'name'`, `:"name"`).
pub(super) fn is_psql(error: &SyntaxError, text: &str) -> bool {
    error.kind == ErrorKind::Command || variable(error, text).is_some()
}

/// The variable where psql would put its value.
pub(super) fn variable(error: &SyntaxError, text: &str) -> Option<Span> {
    // PostgreSQL stumbles over the colon, or over what follows it.
    let starts = [Some(error.span.start), error.span.start.checked_sub(1)];
    starts.into_iter().flatten().find_map(|at| {
        let cast = text.get(..at)?.ends_with(':');
        let rest = text.get(at..)?;
        let name = rest.strip_prefix(':').filter(|_| !cast)?;
        let end = match name.chars().next()? {
            quote @ ('\'' | '"') => name[1..].find(quote)? + 2,
            first if first.is_ascii_alphabetic() || first == '_' => {
                name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len())
            }
            _ => return None,
        };
        rest.is_char_boundary(end + 1).then(|| Span::new(at, at + end + 1))
    })
}
