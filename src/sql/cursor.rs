//! A reader over the tokens of one statement: takes key words, names and parentheses.

use super::token::{Kind, Token};

/// Reads a statement's tokens (without blanks and comments) from left to right.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens }
    }

    /// The next token's text; `""` at the end.
    pub(super) fn peek(&self) -> &'a str {
        self.tokens.first().map_or("", |token| token.span.of(self.text))
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.tokens.first().map(|token| token.kind)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(super) fn advance(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    /// Whether the next token is the key word; a quoted identifier never is.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind() == Some(Kind::Word) && self.peek().eq_ignore_ascii_case(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Takes the key word if it is next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn take_any(&mut self, words: &[&str]) -> bool {
        let found = self.is_any(words);
        if found {
            self.advance();
        }
        found
    }

    /// Takes the key words (parted by blanks in `phrase`) if all are next, else none.
    pub(super) fn take_phrase(&mut self, phrase: &str) -> bool {
        let mut ahead = *self;
        let found = phrase.split(' ').all(|word| ahead.take(word));
        if found {
            *self = ahead;
        }
        found
    }

    /// Takes `IF EXISTS` or `IF NOT EXISTS` if it is next.
    pub(super) fn take_if_exists(&mut self) {
        if !self.take_phrase("if exists") {
            self.take_phrase("if not exists");
        }
    }

    /// Takes a name as written: identifiers joined by dots, or an operator.
    pub(super) fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        while let Some(Kind::Word | Kind::Quoted) = self.kind() {
            name.push_str(self.peek());
            self.advance();
            if self.kind() != Some(Kind::Dot) {
                return Some(name);
            }
            name.push('.');
            self.advance();
        }
        while self.kind() == Some(Kind::Symbol) {
            name.push_str(self.peek());
            self.advance();
        }
        (!name.is_empty()).then_some(name)
    }

    /// Takes names parted by commas, each with an argument list behind it if there is one.
    pub(super) fn names(&mut self) -> Option<String> {
        let mut names = vec![self.name()?];
        loop {
            self.skip_parens();
            if self.kind() != Some(Kind::Comma) {
                break;
            }
            self.advance();
            self.take("only");
            let Some(name) = self.name() else { break };
            names.push(name);
        }
        Some(names.join(", "))
    }

    /// Skips one group in parentheses if it is next; returns what stands in it.
    pub(super) fn skip_parens(&mut self) -> Option<Self> {
        if self.kind() != Some(Kind::Open) {
            return None;
        }
        let mut depth = 0usize;
        for (index, token) in self.tokens.iter().enumerate() {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = Self { text: self.text, tokens: &self.tokens[1..index] };
                self.tokens = &self.tokens[index + 1..];
                return Some(inside);
            }
        }
        let inside = Self { text: self.text, tokens: &self.tokens[1..] };
        self.tokens = &[];
        Some(inside)
    }

    /// Goes on to the first of the key words that stands outside parentheses; returns whether one does.
    pub(super) fn seek(&mut self, words: &[&str]) -> bool {
        while !self.is_at_end() {
            if self.is_any(words) {
                return true;
            }
            if self.skip_parens().is_none() {
                self.advance();
            }
        }
        false
    }

    /// Whether one of the key words stands ahead, outside parentheses.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        let mut ahead = *self;
        ahead.seek(words)
    }

    /// The parts between commas that stand outside parentheses.
    pub(super) fn items(mut self) -> Vec<Self> {
        let mut items = Vec::new();
        let mut start = self.tokens;
        while !self.is_at_end() {
            if self.kind() == Some(Kind::Comma) {
                items.push(Self { text: self.text, tokens: &start[..start.len() - self.tokens.len()] });
                self.advance();
                start = self.tokens;
            } else if self.skip_parens().is_none() {
                self.advance();
            }
        }
        items.push(Self { text: self.text, tokens: start });
        items
    }

    /// Takes the next token's text if it is a constant in quotes.
    pub(super) fn string(&mut self) -> Option<&'a str> {
        let text = (self.kind() == Some(Kind::String)).then(|| self.peek())?;
        self.advance();
        Some(text)
    }
}
