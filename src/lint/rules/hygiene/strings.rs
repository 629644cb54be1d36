//! The string constants of a text, those within dollar-quoted bodies too.

use crate::sql::{Kind, Tokens};
use crate::text::Span;

/// A string constant and what stands before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Constant<'a> {
    /// Where it is written, quotes included.
    pub span: Span,
    /// What stands between the quotes, as written.
    pub inner: &'a str,
    /// The token before it; empty at the start.
    pub before: &'a str,
    /// The first word of the statement that it stands in: a statement of the body, for one in a body.
    pub statement: &'a str,
}

/// The text between the quotes of a constant, and where it begins.
pub(super) fn inner(text: &str, span: Span) -> Span {
    let written = span.of(text);
    if let Some(rest) = written.strip_prefix('$')
        && let Some(tag) = rest.find('$')
    {
        let quote = tag + 2;
        return Span::new(span.start + quote, span.end.saturating_sub(quote).max(span.start + quote));
    }
    let quote = written.find('\'').map_or(0, |at| at + 1);
    Span::new(span.start + quote, span.end.saturating_sub(1).max(span.start + quote))
}

/// Calls `found` for every constant in the span.
pub(super) fn each<'a>(text: &'a str, within: Span, found: &mut dyn FnMut(Constant<'a>)) {
    let (mut before, mut statement, mut begins) = ("", "", true);
    for token in Tokens::new(within.of(text)).filter(|token| !token.is_trivia()) {
        let span = token.span.shifted(within.start);
        let written = span.of(text);
        match token.kind {
            Kind::String if written.starts_with('$') => {
                let body = inner(text, span);
                if body.start > span.start && body.end < span.end {
                    each(text, body, found);
                }
            }
            Kind::String => found(Constant { span, inner: inner(text, span).of(text), before, statement }),
            Kind::Semicolon => begins = true,
            Kind::Word => {
                if begins {
                    statement = written;
                }
                begins =
                    ["begin", "then", "else", "loop", "declare"].iter().any(|word| written.eq_ignore_ascii_case(word));
            }
            _ => {}
        }
        before = written;
    }
}
