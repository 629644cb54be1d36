//! Splits a file into statements by psql's rules.
//!
//! A `;` ends a statement outside parentheses, quotes, comments and the SQL body (`BEGIN ATOMIC … END`) of a routine.
//! Where psql cuts what the server takes as one statement, the server's reading counts: `x.end` and `AS end` in a body,
//! and an escape string that goes on in the next line.
//! <https://www.postgresql.org/docs/current/app-psql.html>, <https://www.postgresql.org/docs/current/sql-createfunction.html>

use super::classify;
use super::cursor::Cursor;
use super::statement::Statement;
use super::token::{Kind, Token, Tokens};
use crate::text::Span;

/// Why a text cannot be split into statements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// A string, a quoted identifier, a dollar quote or a comment has no end.
    #[error("the {what} that begins here is never closed")]
    Unterminated {
        /// What is open.
        what: &'static str,
        /// Its opening.
        span: Span,
    },
    /// A command of psql itself, which the server does not know.
    #[error("`{command}` is a command of psql, not SQL")]
    MetaCommand {
        /// As written.
        command: String,
        /// Where.
        span: Span,
    },
    /// The data of a `COPY … FROM stdin` have no `\.` line.
    #[error("the data of this `COPY … FROM stdin` have no closing `\\.` line")]
    OpenCopy {
        /// The statement.
        span: Span,
    },
    /// A `COPY … TO stdout`, whose rows nobody would get.
    #[error("`COPY … TO stdout` writes rows, and a migration has nobody to read them")]
    CopyOut {
        /// The statement.
        span: Span,
    },
    /// Something stands on the line of a `COPY … FROM stdin` behind its `;`, where data must begin on the next line.
    #[error("the data of a `COPY … FROM stdin` begin on the next line, but more stands behind its `;`")]
    TextBeforeCopyData {
        /// What stands there.
        span: Span,
    },
}

impl SplitError {
    /// The place.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Unterminated { span, .. }
            | Self::MetaCommand { span, .. }
            | Self::OpenCopy { span }
            | Self::CopyOut { span }
            | Self::TextBeforeCopyData { span } => *span,
        }
    }

    /// What mends it, if that can be said.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unterminated { .. } => None,
            Self::MetaCommand { command, .. } => Some(match command.as_str() {
                "\\i" | "\\ir" | "\\include" | "\\include_relative" => {
                    "put the SQL of the included file into the migration".to_owned()
                }
                "\\copy" => "use `COPY … FROM stdin;` with the data behind it, closed by a `\\.` line".to_owned(),
                "\\connect" | "\\c" => {
                    "a migration runs in the database that it is applied to: remove the line".to_owned()
                }
                _ => "remove the line; everything else psql runs is SQL".to_owned(),
            }),
            Self::OpenCopy { .. } => Some("close the data by a line that holds `\\.` alone".to_owned()),
            Self::CopyOut { .. } => {
                Some("remove the statement, or let the server write a file: `COPY … TO 'PATH'`".to_owned())
            }
            Self::TextBeforeCopyData { .. } => Some("begin a new line behind the `;`".to_owned()),
        }
    }
}

/// Splits a text into its statements; empty ones are left out.
///
/// The `\restrict` and `\unrestrict` lines that `pg_dump` writes since August 2025 are skipped: they only guard psql.
pub fn split(text: &str) -> Result<Vec<Statement>, SplitError> {
    let (statements, errors) = split_all(text);
    errors.into_iter().next().map_or(Ok(statements), Err)
}

/// Splits a text as far as it can be, past everything that [`split`] would stop at.
///
/// A command of psql is left out of its statement's way: the caller who parses has to blank it. An open quote takes the
/// rest of the text, as it would for the server.
pub fn split_all(text: &str) -> (Vec<Statement>, Vec<SplitError>) {
    let mut tokens = Tokens::new(text);
    let mut split = Split { text, statements: Vec::new(), errors: Vec::new() };
    let mut current = Current::default();
    while let Some(token) = tokens.next() {
        if !token.terminated {
            split.errors.push(unterminated(text, token));
            // An open comment is no part of a statement.
            if !token.is_trivia() {
                current.tokens.push(token);
            }
            break;
        }
        if token.is_trivia() {
            continue;
        }
        if token.kind == Kind::Backslash {
            let line = line_from(text, token.span.start);
            if !(current.tokens.is_empty() && is_guard(line.of(text))) {
                split.errors.push(meta_command(text, token.span.start));
                // `\g`, `\gexec` and their kin send what stands before them.
                if line.of(text).starts_with("\\g") {
                    split.end(&std::mem::take(&mut current), None);
                }
            }
            tokens.jump(line.end);
        } else if token.kind == Kind::Semicolon && current.may_end() {
            if let Some(end) = split.end(&std::mem::take(&mut current), Some(token.span.end)) {
                tokens.jump(end);
            }
        } else {
            current.push(text, token);
        }
    }
    split.end(&current, None);
    (split.statements, split.errors)
}

/// What has been split.
struct Split<'a> {
    text: &'a str,
    statements: Vec<Statement>,
    errors: Vec<SplitError>,
}

impl Split<'_> {
    /// Ends a statement, at a semicolon or without one; where its data end, if it has some.
    fn end(&mut self, current: &Current, semicolon: Option<usize>) -> Option<usize> {
        let text = self.text;
        let mut statement = current.finish(text, self.statements.len() + 1)?;
        let mut behind = None;
        if writes_out(text, &statement, &current.tokens) {
            self.errors.push(SplitError::CopyOut { span: statement.span });
        } else if statement.kind == "COPY" && reads_stdin(text, &current.tokens) {
            match semicolon.ok_or(SplitError::OpenCopy { span: statement.span }) {
                Ok(semicolon) => {
                    let rest = line_from(text, semicolon);
                    let trailing = rest.of(text).trim();
                    if !trailing.is_empty() && !trailing.starts_with("--") {
                        self.errors.push(SplitError::TextBeforeCopyData { span: rest });
                    }
                    match copy_data(text, &statement, rest.end) {
                        Ok((data, end)) => (statement.copy_data, behind) = (Some(data), Some(end)),
                        Err(error) => {
                            self.errors.push(error);
                            behind = Some(rest.end);
                        }
                    }
                }
                Err(error) => self.errors.push(error),
            }
        }
        self.statements.push(statement);
        behind
    }
}

/// The statement that is being read.
#[derive(Default)]
struct Current {
    tokens: Vec<Token>,
    parens: usize,
    /// How deep in `BEGIN … END` and `CASE … END` of a routine's SQL body.
    body: usize,
    /// The last token was `.` or `AS`, behind which a key word is a plain name.
    naming: bool,
}

impl Current {
    fn may_end(&self) -> bool {
        self.parens == 0 && self.body == 0
    }

    fn push(&mut self, text: &str, token: Token) {
        match token.kind {
            Kind::Open => self.parens += 1,
            Kind::Close => self.parens = self.parens.saturating_sub(1),
            Kind::Word if self.parens == 0 && !self.naming => self.track_body(text, token.span.of(text)),
            _ => {}
        }
        self.naming =
            token.kind == Kind::Dot || token.kind == Kind::Word && token.span.of(text).eq_ignore_ascii_case("as");
        self.tokens.push(token);
    }

    fn track_body(&mut self, text: &str, word: &str) {
        if self.body > 0 {
            if word.eq_ignore_ascii_case("case") || word.eq_ignore_ascii_case("begin") {
                self.body += 1;
            } else if word.eq_ignore_ascii_case("end") {
                self.body -= 1;
            }
        } else if word.eq_ignore_ascii_case("atomic") && self.is_routine(text) && self.last_is(text, "begin") {
            self.body = 1;
        }
    }

    fn is_routine(&self, text: &str) -> bool {
        let mut cursor = Cursor::new(text, &self.tokens);
        cursor.take("create") && {
            cursor.take_phrase("or replace");
            cursor.is_any(&["function", "procedure"])
        }
    }

    fn last_is(&self, text: &str, word: &str) -> bool {
        self.tokens.last().is_some_and(|token| token.span.of(text).eq_ignore_ascii_case(word))
    }

    fn finish(&self, text: &str, number: usize) -> Option<Statement> {
        let (first, last) = (self.tokens.first()?, self.tokens.last()?);
        let span = Span::new(first.span.start, last.span.end);
        Some(classify::statement(number, span, Cursor::new(text, &self.tokens)))
    }
}

fn unterminated(text: &str, token: Token) -> SplitError {
    let written = token.span.of(text);
    let (what, length) = match token.kind {
        Kind::BlockComment => ("comment", 2),
        Kind::Quoted => ("quoted identifier", written.find('"').map_or(1, |at| at + 1)),
        _ if written.starts_with('$') => ("dollar-quoted string", written[1..].find('$').map_or(1, |at| at + 2)),
        _ => ("string", written.find('\'').map_or(1, |at| at + 1)),
    };
    SplitError::Unterminated { what, span: Span::new(token.span.start, token.span.start + length) }
}

/// The rest of the line from `start`, without its end.
fn line_from(text: &str, start: usize) -> Span {
    let rest = &text[start..];
    Span::new(start, start + rest.find(['\n', '\r']).unwrap_or(rest.len()))
}

fn is_guard(line: &str) -> bool {
    let command = line.split_ascii_whitespace().next().unwrap_or("");
    command == "\\restrict" || command == "\\unrestrict"
}

fn meta_command(text: &str, start: usize) -> SplitError {
    let line = line_from(text, start).of(text);
    let length = line.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(line.len());
    SplitError::MetaCommand { command: line[..length].to_owned(), span: Span::new(start, start + length) }
}

fn writes_out(text: &str, statement: &Statement, tokens: &[Token]) -> bool {
    let mut cursor = Cursor::new(text, tokens);
    statement.kind == "COPY"
        && cursor.take("copy")
        && cursor.seek(&["to"])
        && cursor.take("to")
        && cursor.is_any(&["stdout", "stdin"])
}

fn reads_stdin(text: &str, tokens: &[Token]) -> bool {
    let mut cursor = Cursor::new(text, tokens);
    cursor.take("copy") && cursor.seek(&["from"]) && cursor.take("from") && cursor.is("stdin")
}

/// The data lines behind the line of a `COPY … FROM stdin;` and the end of their closing line.
fn copy_data(text: &str, statement: &Statement, line_end: usize) -> Result<(Span, usize), SplitError> {
    let start = after_line_end(text, line_end);
    let mut at = start;
    while at < text.len() {
        let line = line_from(text, at);
        if line.of(text) == "\\." {
            return Ok((Span::new(start, at), line.end));
        }
        at = after_line_end(text, line.end);
    }
    Err(SplitError::OpenCopy { span: statement.span })
}

fn after_line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    if rest.starts_with("\r\n") { at + 2 } else { at + usize::from(!rest.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        split(text).unwrap().iter().map(|statement| statement.span.of(text)).collect()
    }

    #[test]
    fn ends_statements_outside_quotes_comments_and_parentheses() {
        let sql = "\u{feff}select ';', $$;$$ /* ; */ -- ;\n from \"a;b\" ; ; -- c\n create rule r as on insert to t do (a; b);x";
        assert_eq!(texts(sql).len(), 3);
        assert_eq!(texts(sql)[1], "create rule r as on insert to t do (a; b)");
    }

    #[test]
    fn keeps_a_routines_sql_body_whole() {
        let sql = "create or replace function f() returns int begin atomic \
                   select case when true then 1 end; select x.end, 2 as end from x; end; select 1";
        assert_eq!(texts(sql).len(), 2);
        assert_eq!(texts("create procedure p() begin atomic begin atomic select 1; end; end; select 1").len(), 2);
        assert_eq!(texts("begin; create table atomic (a int); commit").len(), 3);
    }

    #[test]
    fn takes_copy_data_with_their_statement() {
        let sql = "copy public.t (a, b) from stdin; -- data\n1\t'\n\\N\t;\n\\.\n\nselect 1;";
        let statements = split(sql).unwrap();
        assert_eq!(statements.len(), 2);
        assert_eq!(statements[0].copy_data.unwrap().of(sql), "1\t'\n\\N\t;\n");
        assert_eq!(split("copy t from stdin;\r\n1\r\n\\.\r\n").unwrap()[0].copy_data, Some(Span::new(20, 23)));
        assert!(matches!(split("copy t from stdin;\n1\n"), Err(SplitError::OpenCopy { .. })));
        assert!(matches!(split("copy t from stdin; select 1;\n\\.\n"), Err(SplitError::TextBeforeCopyData { .. })));
    }

    #[test]
    fn refuses_psql_commands_but_skips_the_dumps_guard() {
        assert_eq!(texts("\\restrict aB'1\nselect 1;\n\\unrestrict aB'1\n").len(), 1);
        let error = split("select 1;\n\\i other.sql\n").unwrap_err();
        assert_eq!(error.to_string(), "`\\i` is a command of psql, not SQL");
        assert_eq!(error.span(), Span::new(10, 12));
        assert!(split("select 1 \\gexec").is_err());
    }

    #[test]
    fn goes_on_past_what_psql_alone_understands() {
        let (statements, errors) =
            split_all("\\set x 1\nselect 1 \\gexec\nselect\n\\echo a\n2; copy t from stdin; x\n1\n\\.\nselect 'a");
        let texts: Vec<_> = statements.iter().map(|statement| statement.kind.as_str()).collect();
        assert_eq!(texts, ["SELECT", "SELECT", "COPY", "SELECT"]);
        assert_eq!(errors.len(), 5);
    }

    #[test]
    fn names_what_is_never_closed() {
        let what = |sql: &str| split(sql).unwrap_err().to_string();
        assert!(what("select 'a").contains("string"));
        assert!(what("select \"a").contains("quoted identifier"));
        assert!(what("select 1; /* /* */").contains("comment"));
        assert!(what("do $x$ $$").contains("dollar-quoted"));
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_in_order_and_nothing_is_lost(text in "([ \\n;]|--|'|\\$\\$|[(]|[)]|begin|atomic|end|case|create function|copy t from stdin;\n|\\\\\\.\n|ü|a\\.|\u{feff}|E'){0,40}") {
            if let Ok(statements) = split(&text) {
                let mut at = 0;
                for (index, statement) in statements.iter().enumerate() {
                    assert_eq!(statement.number, index + 1);
                    assert!(statement.span.start >= at && !statement.span.of(&text).is_empty());
                    at = statement.copy_data.unwrap_or(statement.span).end;
                }
                assert!(at <= text.len());
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,100}") {
            drop(split(&text));
        }

        #[test]
        fn splitting_the_joined_statements_gives_them_back(parts in proptest::collection::vec("[a-z]{1,5}( ';'| \\$\\$;'\\$\\$| \\(;\\)| E'\\\\';'| /\\*;\\*/ x){0,3}", 1..8)) {
            let joined = parts.join(";\n");
            assert_eq!(texts(&joined), parts.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
