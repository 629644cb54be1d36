//! Comparing texts by their meaning, and saying a statement in one line.

use super::split::split;
use super::statement::Statement;
use super::token::{Tokens, significant};
use crate::text::Span;

/// Whether two texts are the same SQL: they differ in blanks, comments and empty statements only.
///
/// Constants and the data of `COPY … FROM stdin` are compared to the byte. Texts that cannot be split are the same
/// only where they are equal.
#[must_use]
pub fn same_but_for_comments(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (Ok(of_a), Ok(of_b)) = (split(a), split(b)) else { return false };
    of_a.len() == of_b.len()
        && of_a.iter().zip(&of_b).all(|(one, other)| {
            let (one_sql, other_sql) = (one.span.of(a), other.span.of(b));
            let (one_tokens, other_tokens) = (significant(one_sql), significant(other_sql));
            one_tokens.len() == other_tokens.len()
                && one_tokens.iter().zip(&other_tokens).all(|(x, y)| x.span.of(one_sql) == y.span.of(other_sql))
                && touching(&one_tokens) == touching(&other_tokens)
                && one.copy_data.map(|span| span.of(a)) == other.copy_data.map(|span| span.of(b))
        })
}

/// Statements as one text that can be split again, the data of `COPY … FROM stdin` with them.
#[must_use]
pub fn written<'s>(text: &str, statements: impl IntoIterator<Item = &'s Statement>) -> String {
    let one = |statement: &Statement| match statement.copy_data {
        Some(data) => format!("{};\n{}\\.\n", statement.span.of(text), data.of(text)),
        None => format!("{};\n", statement.span.of(text)),
    };
    statements.into_iter().map(one).collect()
}

/// Which tokens touch the one before them: `< =` is not `<=`, and `'a' 'b'` not `'a''b'`.
fn touching(tokens: &[super::token::Token]) -> Vec<bool> {
    use super::token::Kind::{String, Symbol};
    tokens
        .windows(2)
        .map(|pair| {
            matches!((pair[0].kind, pair[1].kind), (Symbol, Symbol) | (String, String))
                && pair[0].span.end == pair[1].span.start
        })
        .collect()
}

/// A statement in one line of at most `max` characters: comments left out, blanks drawn together, `…` at a cut.
#[must_use]
pub fn first_line(text: &str, span: Span, max: usize) -> String {
    let sql = span.of(text);
    let mut line = String::new();
    let mut length = 0;
    let mut end = 0;
    for token in Tokens::new(sql).filter(|token| !token.is_trivia()) {
        if token.span.start > end && !line.is_empty() {
            line.push(' ');
            length += 1;
        }
        end = token.span.end;
        for word in token.span.of(sql).split_inclusive(char::is_whitespace) {
            let word = word.trim_end_matches(char::is_whitespace);
            if word.is_empty() {
                continue;
            }
            if length > 0 && !line.ends_with(' ') && !std::ptr::eq(word.as_ptr(), token.span.of(sql).as_ptr()) {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word.chars().count();
            if length > max {
                let kept: String = line.chars().take(max.saturating_sub(1)).collect();
                return format!("{}…", kept.trim_end());
            }
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_comments_and_blanks_out_of_the_comparison() {
        assert!(same_but_for_comments("select 1; -- a", "/* b */ select\n  1;;"));
        for (a, b) in [
            ("select 1", "select 2"),
            ("select 'a b'", "select 'a  b'"),
            ("select 1 < = 2", "select 1 <= 2"),
            ("select 1; select 2", "select 1 select 2"),
            ("copy t from stdin;\n1\t2\n\\.\n", "copy t from stdin;\n1 2\n\\.\n"),
            ("select '", "select ' "),
            ("select $$ a -- x\n$$", "select $$ a -- y\n$$"),
        ] {
            assert!(!same_but_for_comments(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn says_a_statement_in_one_line() {
        let sql = "create table t ( -- the table\n  a int,\n\n  b text default 'x\n  y'\n)";
        assert_eq!(first_line(sql, Span::new(0, sql.len()), 80), "create table t ( a int, b text default 'x y' )");
        assert_eq!(first_line(sql, Span::new(0, sql.len()), 16), "create table t…");
        assert_eq!(first_line("ä ö ü", Span::new(0, 8), 4), "ä ö…");
    }
}
