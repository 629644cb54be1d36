//! Places as editors count them: lines from 0, and in a line the units that both sides have agreed on.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::text::Span;

/// What a line is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// What every client knows: a character beyond the first 65,536 counts twice.
    Utf16,
}

impl Encoding {
    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// The lines of a text.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    encoding: Encoding,
    begins: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines; `\n`, `\r\n` and `\r` end them.
    pub fn new(text: &'a str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(at, &byte)| {
            byte == b'\n' || byte == b'\r' && bytes.get(at + 1).is_none_or(|&next| next != b'\n')
        });
        Self { text, encoding, begins: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// The position of a byte; past the end is the end.
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.begins.partition_point(|&begin| begin <= byte).saturating_sub(1);
        let before = &self.text[self.begins[line]..byte];
        Position::new(narrow(line), narrow(self.encoding.units(before)))
    }

    /// The byte of a position; past the end of a line is its end.
    pub fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&begin) = self.begins.get(line) else { return self.text.len() };
        let end = self.begins.get(line + 1).copied().unwrap_or(self.text.len());
        let content = self.text[begin..end].trim_end_matches(['\n', '\r']);
        let wanted = position.character as usize;
        if self.encoding == Encoding::Utf8 {
            return begin + content.floor_char_boundary(wanted.min(content.len()));
        }
        let mut units = 0;
        let behind = content.char_indices().find(|(_, character)| {
            units += character.len_utf16();
            units > wanted
        });
        begin + behind.map_or(content.len(), |(at, _)| at)
    }

    /// The range of a span.
    pub fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    /// The span of a range.
    pub fn span(&self, range: Range) -> Span {
        Span::new(self.byte(range.start), self.byte(range.end))
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_the_units_agreed_on_and_back() {
        let text = "a\r\nü😀x\rb\n";
        let at = text.find('x').unwrap();
        for (encoding, character) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3)] {
            let lines = Lines::new(text, encoding);
            assert_eq!(lines.position(at), Position::new(1, character));
            for (byte, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(lines.byte(lines.position(byte)), byte, "{encoding:?}");
            }
            assert_eq!(lines.position(usize::MAX), Position::new(3, 0));
            assert_eq!(lines.byte(Position::new(0, 99)), 1);
            assert_eq!(lines.byte(Position::new(99, 0)), text.len());
        }
        // In the middle of a character is before it.
        assert_eq!(Lines::new(text, Encoding::Utf16).byte(Position::new(1, 2)), text.find('😀').unwrap());
        assert_eq!(Lines::new(text, Encoding::Utf8).byte(Position::new(1, 1)), text.find('ü').unwrap());
    }
}
