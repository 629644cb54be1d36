//! A named text with positions: byte offsets inside, 1-based lines and columns for people.

use std::sync::{Arc, OnceLock};

/// A half-open range of bytes in a [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Makes a span; `end` is never before `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The part of `text` that the span covers; empty where it does not fit.
    #[must_use]
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// The same span, `by` bytes further on.
    #[must_use]
    pub fn shifted(&self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A text and the name under which people know it (a path, `<stdin>`).
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// Where the lines begin; a file of ten thousand statements is asked as often.
    lines: Arc<OnceLock<Vec<usize>>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Source {}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into(), lines: Arc::default() }
    }

    /// The name, as it is shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text, shared.
    #[must_use]
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let begins = self
            .lines
            .get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect());
        let line = begins.partition_point(|begin| *begin <= byte);
        let column = self.text[begins[line - 1]..byte].chars().count() + 1;
        Position { line, column }
    }

    /// The byte offset of the `n`th character (from 1) after byte `from`.
    ///
    /// PostgreSQL reports error positions in characters, not bytes:
    /// <https://www.postgresql.org/docs/current/protocol-error-fields.html>, field `P`.
    #[must_use]
    pub fn byte_of_character(&self, from: usize, n: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or("");
        let within = rest.char_indices().nth(n.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        from + within
    }

    /// The span of the word (or the single character) that starts at `byte`.
    #[must_use]
    pub fn word_at(&self, byte: usize) -> Span {
        let rest = self.text.get(byte..).unwrap_or("");
        let mut chars = rest.chars();
        let length = match chars.next() {
            Some('"') => rest[1..].find('"').map_or(1, |at| at + 2),
            Some(c) if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len())
            }
            Some(c) => c.len_utf8(),
            None => 0,
        };
        Span::new(byte, byte + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_characters() {
        let source = Source::new("a.sql", "select 1;\nselect 'äöü', x;\n");
        let byte = source.text().find('x').unwrap_or_default();
        assert_eq!(source.position(byte), Position { line: 2, column: 15 });
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(9), Position { line: 1, column: 10 });
        assert_eq!(source.position(usize::MAX), Position { line: 3, column: 1 });
    }

    #[test]
    fn turns_a_server_position_into_a_byte() {
        let source = Source::new("a.sql", "-- ä\nselect 'ü' x");
        let from = source.text().find("select").unwrap_or_default();
        let byte = source.byte_of_character(from, 12);
        assert_eq!(source.word_at(byte).of(source.text()), "x");
    }
}
