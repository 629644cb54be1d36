//! What the comments next to a statement say.

use super::place::event_at;
use crate::lint::LintFile;
use crate::lint::schema::Place;
use crate::sql::{Kind, Tokens};

/// The comments next to the statement at a place, within it and on its last line, in lower case with blanks for `-` and `_`.
pub fn near(files: &[LintFile], place: Place) -> String {
    let Some((file, event)) = event_at(files, place) else { return String::new() };
    let text = file.text();
    let start = match event.top.checked_sub(1).and_then(|before| file.statements.get(before)) {
        // What follows the statement before on its line belongs to that one.
        Some(before) => {
            text.get(before.end..).and_then(|rest| rest.find('\n')).map_or(before.end, |at| before.end + at)
        }
        None => 0,
    };
    let end = event.stmt.span.end.max(start);
    let end = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at);
    let Some(part) = text.get(start.min(event.stmt.span.start)..end) else { return String::new() };
    let mut said = String::new();
    for token in Tokens::new(part) {
        if matches!(token.kind, Kind::LineComment | Kind::BlockComment) {
            said.push_str(&normal(token.span.of(part)));
            said.push('\n');
        }
    }
    said
}

/// Lower case, with one blank for blanks, `-` and `_`.
pub fn normal(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || letter == '-' || letter == '_');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}
