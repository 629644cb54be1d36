//! Where in a file a server error lies.

use crate::plan::step::Step;
use crate::sql::{Statement, significant};
use crate::sqlstate::{ErrorPosition, ServerError};
use crate::text::{Source, Span};

/// Where in the file the server saw the error.
pub fn place(step: &Step, statement: &Statement, server: &ServerError) -> Span {
    let source = &step.source;
    if step.replaced.contains_key(&statement.number) {
        return source.word_at(statement.span.start);
    }
    if let Some(ErrorPosition::Original(position)) = server.position {
        return source.word_at(source.byte_of_character(statement.span.start, position as usize));
    }
    if let Some(span) = line_of_code_block(step, statement, server) {
        return span;
    }
    named(source, statement, server).unwrap_or_else(|| source.word_at(statement.span.start))
}

/// The line of a `DO` block that the call stack names: the block's text begins right behind its opening quotes, and
/// PL/pgSQL counts that line as the first.
fn line_of_code_block(step: &Step, statement: &Statement, server: &ServerError) -> Option<Span> {
    let stack = server.where_.as_deref()?;
    let outermost = stack.lines().rev().find(|line| line.contains("inline_code_block line "))?;
    let digits = outermost.split("inline_code_block line ").nth(1)?;
    let line: usize = digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let text = statement.span.of(step.source.text());
    let dollar = text.find('$')?;
    let body = dollar + text[dollar + 1..].find('$')? + 2;
    let offset = text[body..].split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let begin = body + offset;
    let code = text[begin..].lines().next().unwrap_or_default();
    let indent = code.len() - code.trim_start().len();
    let start = statement.span.start + begin + indent;
    Some(Span::new(start, start + code.trim().len().max(1)))
}

/// The word of the statement that the error is about: its column, constraint, table, or what the message quotes.
fn named(source: &Source, statement: &Statement, server: &ServerError) -> Option<Span> {
    let quoted = server.message.split('"').skip(1).step_by(2).map(str::to_owned);
    let fields = [&server.column, &server.constraint, &server.datatype, &server.table];
    let text = without_comments(statement.span.of(source.text())).to_ascii_lowercase();
    fields.into_iter().flatten().cloned().chain(quoted).find_map(|name| {
        let name = name.to_ascii_lowercase();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        text.match_indices(&name)
            .find(|(at, _)| {
                !is_word(text[..*at].chars().next_back()) && !is_word(text[at + name.len()..].chars().next())
            })
            .map(|(at, _)| Span::new(at, at + name.len()).shifted(statement.span.start))
    })
}

/// The text with blanks in place of comments, so that every byte stays where it is.
fn without_comments(text: &str) -> String {
    let mut clean = " ".repeat(text.len());
    for token in significant(text) {
        clean.replace_range(token.span.start..token.span.end, token.span.of(text));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_behind_a_comment_that_has_it_too() {
        let sql = "create table a (\n  -- UUID from auth.users, ü\n  id uuid references auth.users\n)";
        let source = Source::new("a.sql", sql);
        let statement = crate::sql::split(sql).unwrap().remove(0);
        let server = ServerError { message: "relation \"auth.users\" does not exist".to_owned(), ..Default::default() };
        let span = named(&source, &statement, &server).unwrap();
        assert_eq!((span.of(sql), source.position(span.start).line), ("auth.users", 3));
    }
}
