//! Statements with the line they stand on.

use crate::text::Span;

/// The statement with its semicolon and the end of its line.
pub(super) fn whole(text: &str, span: Span) -> Span {
    let rest = text.get(span.end..).unwrap_or_default();
    let Some(after) = rest.trim_start().strip_prefix(';') else { return span };
    let line = after.trim_start_matches([' ', '\t', '\r']);
    let after = line.strip_prefix('\n').unwrap_or(after);
    Span::new(span.start, text.len() - after.len())
}
