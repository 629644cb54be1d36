//! Tokens of SQL as psql and the server see them, from `squawk-lexer`, with its gaps filled.

use squawk_lexer::{LiteralKind, TokenKind};

use crate::text::Span;

/// What a token is, as far as splitting and naming statements need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Blanks and line ends.
    Space,
    /// `-- to the end of the line`.
    LineComment,
    /// `/* nested /* too */ */`.
    BlockComment,
    /// A key word or an unquoted identifier.
    Word,
    /// `"An identifier"`, also `U&"…"`.
    Quoted,
    /// A constant in quotes: `'…'`, `E'…'`, `B'…'`, `$tag$…$tag$`.
    String,
    /// A numeric constant.
    Number,
    /// `;`
    Semicolon,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `.`
    Dot,
    /// `,`
    Comma,
    /// `\`, which SQL does not know: a psql meta-command.
    Backslash,
    /// One character of an operator, a parameter, or what SQL does not know.
    Symbol,
}

/// A token: its kind, its place and whether its closing quote or comment end was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// Whether it ends where it should; only quotes and comments can be unterminated.
    pub terminated: bool,
}

impl Token {
    /// Whether the token means nothing to the server: blanks and comments.
    #[must_use]
    pub fn is_trivia(&self) -> bool {
        matches!(self.kind, Kind::Space | Kind::LineComment | Kind::BlockComment)
    }
}

/// The tokens of a text, read one by one, so that a reader can jump over data that are not SQL.
///
/// Their spans join without a gap. A byte order mark at the start is blank.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    lexer: Box<dyn Iterator<Item = squawk_lexer::Token> + 'a>,
    escape: Escape,
}

/// Where the reader stands with an escape string that the next line may continue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    No,
    Ended,
    EndedLinesAgo,
}

impl<'a> Tokens<'a> {
    /// Reads from the start of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, lexer: Box::new(squawk_lexer::tokenize(text)), escape: Escape::No }
    }

    /// Goes on at byte `to`, which lies at or behind the last token's end.
    pub fn jump(&mut self, to: usize) {
        self.at = to;
        self.lexer = Box::new(squawk_lexer::tokenize(self.text.get(to..).unwrap_or("")));
        self.escape = Escape::No;
    }

    /// Corrects a constant that continues an escape string of an earlier line.
    ///
    /// `E'a'⏎'b\'c'` is one constant in which backslashes escape to the end; the lexer takes the second part for a
    /// plain one. <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS>
    fn continue_escape(&mut self, token: &mut Token) {
        if let Some(end) = escape_end(&self.text[token.span.start + 1..]) {
            token.span.end = token.span.start + 1 + end;
            token.terminated = true;
        } else {
            token.span.end = self.text.len();
            token.terminated = false;
        }
        if token.span.end != self.at {
            self.jump(token.span.end);
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let lexed = self.lexer.next()?;
        let span = Span::new(self.at, self.at + lexed.len as usize);
        self.at = span.end;
        let (kind, terminated) = kind(lexed.kind, span.of(self.text));
        let mut token = Token { kind, span, terminated };
        let is_escape = matches!(lexed.kind, TokenKind::Literal { kind: LiteralKind::EscStr { .. } });
        let is_plain = matches!(lexed.kind, TokenKind::Literal { kind: LiteralKind::Str { .. } });
        let next = match kind {
            Kind::String if is_escape => Escape::Ended,
            Kind::String if is_plain && self.escape == Escape::EndedLinesAgo => {
                self.continue_escape(&mut token);
                Escape::Ended
            }
            Kind::Space if self.escape == Escape::Ended && span.of(self.text).contains(['\n', '\r']) => {
                Escape::EndedLinesAgo
            }
            Kind::Space | Kind::LineComment => self.escape,
            _ => Escape::No,
        };
        self.escape = next;
        Some(token)
    }
}

/// The tokens of a text without blanks and comments.
#[must_use]
pub fn significant(text: &str) -> Vec<Token> {
    Tokens::new(text).filter(|token| !token.is_trivia()).collect()
}

/// One past the quote that ends the body of an escape string.
fn escape_end(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

fn kind(lexed: TokenKind, text: &str) -> (Kind, bool) {
    let kind = match lexed {
        TokenKind::Whitespace => Kind::Space,
        TokenKind::LineComment => Kind::LineComment,
        TokenKind::BlockComment { terminated } => return (Kind::BlockComment, terminated),
        TokenKind::Ident => Kind::Word,
        TokenKind::QuotedIdent { terminated, .. } => return (Kind::Quoted, terminated),
        TokenKind::Literal { kind } => match kind {
            LiteralKind::Int { .. } | LiteralKind::Numeric { .. } => Kind::Number,
            LiteralKind::Str { terminated }
            | LiteralKind::NationalStr { terminated }
            | LiteralKind::ByteStr { terminated }
            | LiteralKind::BitStr { terminated }
            | LiteralKind::DollarQuotedString { terminated }
            | LiteralKind::UnicodeEscStr { terminated }
            | LiteralKind::EscStr { terminated } => return (Kind::String, terminated),
        },
        TokenKind::Semi => Kind::Semicolon,
        TokenKind::OpenParen => Kind::Open,
        TokenKind::CloseParen => Kind::Close,
        TokenKind::Dot => Kind::Dot,
        TokenKind::Comma => Kind::Comma,
        TokenKind::Unknown if text == "\\" => Kind::Backslash,
        _ => Kind::Symbol,
    };
    (kind, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        significant(text).iter().map(|token| token.span.of(text)).collect()
    }

    #[test]
    fn reads_comments_inside_operators() {
        assert_eq!(texts("1 +-- c\n2 */* /* d */ ; */ 3"), ["1", "+", "2", "*", "3"]);
    }

    #[test]
    fn continues_an_escape_string_on_the_next_line() {
        assert_eq!(texts("E'a' -- c\n 'b\\'c'; x"), ["E'a'", "'b\\'c'", ";", "x"]);
        assert_eq!(texts("E'a'\n'b\\'\n; x"), ["E'a'", "'b\\'\n; x"]);
        assert_eq!(texts("E'a' 'b\\' x"), ["E'a'", "'b\\'", "x"]);
    }

    #[test]
    fn knows_every_kind_of_quotes() {
        let sql = "U&\"d\\0061\" U&'x' n'y' x'1F' B'01' $a$;$$;$a$ a$b$ E'\\'' \"a\"\"b\"";
        assert_eq!(texts(sql).len(), 9);
    }

    proptest::proptest! {
        #[test]
        fn spans_join_to_the_text(text in "[ \\n'\"$eE\\\\;a-c*/(){}\\-ü\u{feff}\u{0}]{0,80}") {
            let mut at = 0;
            for token in Tokens::new(&text) {
                assert_eq!(token.span.start, at);
                assert!(token.span.end > at && text.get(at..token.span.end).is_some());
                at = token.span.end;
            }
            assert_eq!(at, text.len());
        }
    }
}
