//! What the parser complains about, told as PostgreSQL tells it: once, and at the token that does not fit.

use squawk_syntax::syntax_error::SyntaxError as Complaint;
use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

use super::node::is_trivia;

/// The first thing in a text that PostgreSQL would not take.
pub(super) struct Fault {
    /// Its first byte in the text.
    pub(super) start: usize,
    /// One past its last byte; the same as `start` at the end of the text.
    pub(super) end: usize,
    /// What is wrong.
    pub(super) message: String,
    /// The tree around it is a guess, not only a rule about it broken.
    pub(super) broken: bool,
}

/// The first fault among what the parser complains about.
pub(super) fn first_fault(complaints: &[Complaint], root: &SyntaxNode) -> Option<Fault> {
    let complaint = complaints.iter().find(|complaint| counts(complaint.message()) && !in_body(complaint, root))?;
    Some(fault_of(complaint, root))
}

/// A complaint told as PostgreSQL tells it.
pub(super) fn fault_of(complaint: &Complaint, root: &SyntaxNode) -> Fault {
    let message = complaint.message();
    let broken = is_grammar(message);
    let at = complaint.range().start();
    let token =
        root.token_at_offset(at).right_biased().filter(|token| token.text_range().end() > at).and_then(|token| {
            std::iter::successors(Some(token), SyntaxToken::next_token)
                .find(|token| !is_trivia(token.kind()) && !token.text().is_empty())
        });
    let (start, end) = match &token {
        Some(token) => {
            let range = token.text_range();
            (range.start().into(), range.end().into())
        }
        None => {
            let end = end_of(root);
            (end, end)
        }
    };
    let message = if broken { near(token.as_ref().map(SyntaxToken::text)) } else { lower(message) };
    Fault { start, end, message, broken }
}

/// The message of a syntax error at a token, or at the end.
pub(super) fn near(token: Option<&str>) -> String {
    match token {
        Some(token) => format!("syntax error at or near `{}`", short(token)),
        None => "syntax error at the end of the statement".to_owned(),
    }
}

/// Whether it is about the text of a function's body, which is read for itself.
fn in_body(complaint: &Complaint, root: &SyntaxNode) -> bool {
    let at = complaint.range().start();
    let token = root.token_at_offset(at).right_biased().filter(|token| token.text_range().start() < at);
    let holder = token.and_then(|token| token.parent()).and_then(|literal| literal.parent());
    holder.is_some_and(|holder| holder.kind() == SyntaxKind::AS_DEFINITION)
}

/// The end of the last thing that is written.
fn end_of(root: &SyntaxNode) -> usize {
    let tokens = root.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    tokens.filter(|token| !is_trivia(token.kind())).last().map_or(0, |token| token.text_range().end().into())
}

/// Whether a complaint is one of the grammar's own, after which the tree is a guess.
fn is_grammar(message: &str) -> bool {
    // Those of the grammar begin in lower case, those of the rules behind it in upper case or with a quoted word.
    message.starts_with(|c: char| c.is_ascii_lowercase())
        || message.starts_with("Expected at least one item")
        || message.starts_with("Missing semicolon between")
        || message.starts_with("Missing select clause")
}

/// Whether PostgreSQL complains too, and about the syntax.
fn counts(message: &str) -> bool {
    !message.starts_with("Expected PLAIN")
}

fn lower(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let second_is_upper = message.chars().nth(1).is_some_and(char::is_uppercase);
    match letters.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(letters).collect(),
        _ => message.trim_end_matches('.').to_owned(),
    }
}

/// A token on one line, cut where it is long.
fn short(token: &str) -> String {
    const LONGEST: usize = 40;
    let line = token.lines().next().unwrap_or_default();
    if line.chars().count() > LONGEST || line.len() < token.len() {
        format!("{}…", line.chars().take(LONGEST).collect::<String>())
    } else {
        line.to_owned()
    }
}
