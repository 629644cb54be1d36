//! Texts in which a column gets another name, token by token.

use crate::sql::{Kind, Token, Tokens};
use crate::text::{bare_ident, quote_ident};

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    Anywhere,
    /// Behind the first parenthesis: the table of an index stands before it.
    InParentheses,
}

/// Whether the token is an identifier of this name.
fn is_named(text: &str, token: &Token, name: &str) -> bool {
    let written = token.span.of(text);
    match token.kind {
        Kind::Word => written.to_lowercase() == name,
        Kind::Quoted => written == quote_ident(name),
        _ => false,
    }
}

/// The text with every mention of a column replaced; what only has the same name (a function, a type, a part of a longer name)
/// stays. The second value counts the mentions.
pub fn of_tokens(text: &str, column: &str, new: &str, place: Place) -> (String, usize) {
    let tokens: Vec<Token> = Tokens::new(text).collect();
    let (mut out, mut count, mut is_in) = (String::with_capacity(text.len()), 0, place == Place::Anywhere);
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens[at + 1..].iter().find(|it| !it.is_trivia());
        let before: Vec<&Token> = tokens[..at].iter().rev().filter(|it| !it.is_trivia()).take(2).collect();
        let is_part = before.first().is_some_and(|it| it.kind == Kind::Dot);
        let is_type = before.iter().filter(|it| it.span.of(text) == ":").count() == 2;
        let is_call = next.is_some_and(|it| matches!(it.kind, Kind::Open | Kind::Dot));
        if is_in && is_named(text, token, column) && !is_part && !is_type && !is_call {
            out.push_str(&bare_ident(new));
            count += 1;
        } else {
            out.push_str(token.span.of(text));
        }
        is_in |= token.kind == Kind::Open;
    }
    (out, count)
}

/// A name of at most 63 bytes that is none of those taken.
pub(super) fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut end = name.len().min(56);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let cut = if name.len() > 63 { &name[..end] } else { name };
    if !taken(cut) {
        return cut.to_owned();
    }
    let stem = &name[..end];
    (2..=u32::MAX).map(|number| format!("{stem}_{number}")).find(|name| !taken(name)).unwrap_or_default()
}
