//! Statements that no rule mends, written so that they can run again.

use super::file::LintFile;
use crate::sql::ast::{QueryBody, StmtKind};
use crate::sql::{Kind, significant};
use crate::text::Span;

/// A statement of the top level in another form.
pub fn rewritten(file: &LintFile, span: Span) -> Option<String> {
    let top = file.statements.iter().position(|it| it.start >= span.start && it.end <= span.end)?;
    let stmt = &file.events.iter().find(|it| it.top == top)?.stmt;
    let text = stmt.span.of(file.text());
    if let StmtKind::Select(query) = &stmt.kind {
        let QueryBody::Select(select) = &query.body else { return None };
        return into(text, select.into.as_ref()?.span.of(file.text()));
    }
    mapping(text)
}

/// `select … into t …` makes a table: `create table if not exists t as select … …`.
fn into(text: &str, table: &str) -> Option<String> {
    let tokens = significant(text);
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.span.of(text).eq_ignore_ascii_case(word));
    let starts = |at: usize| tokens.get(at).is_some_and(|it| text[it.span.start..].starts_with(table));
    let at =
        (0..tokens.len()).find(|at| is(*at, "into") && (starts(at + 1) || is(at + 1, "table") && starts(at + 2)))?;
    let name = if starts(at + 1) { at + 1 } else { at + 2 };
    let from = tokens[name].span.start + table.len();
    let head = text[..tokens[at].span.start].trim_end();
    Some(format!("create table if not exists {table} as {head}{}", &text[from..]))
}

/// `alter text search configuration … drop mapping for …` has an `if exists`.
fn mapping(text: &str) -> Option<String> {
    let tokens = significant(text);
    let word =
        |at: usize| tokens.get(at).filter(|it| it.kind == Kind::Word).map(|it| it.span.of(text).to_ascii_lowercase());
    let words = |at: usize, wanted: &[&str]| (0..).zip(wanted).all(|(by, it)| word(at + by).as_deref() == Some(it));
    if !words(0, &["alter", "text", "search", "configuration"]) {
        return None;
    }
    let at = (4..tokens.len()).find(|at| words(*at, &["drop", "mapping", "for"]))?;
    let end = tokens.get(at + 1)?.span.end;
    Some(format!("{} if exists{}", &text[..end], &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_a_query_and_a_mapping_are_left_alone_where_they_are_as_wanted() {
        assert_eq!(
            into("select 1 as x into table s.t from a", "s.t").as_deref(),
            Some("create table if not exists s.t as select 1 as x from a")
        );
        assert_eq!(into("select 1 as x into temp t", "t"), None);
        assert_eq!(
            mapping("ALTER text search configuration c drop mapping for word, int").as_deref(),
            Some("ALTER text search configuration c drop mapping if exists for word, int")
        );
        assert_eq!(mapping("alter text search configuration c drop mapping if exists for word"), None);
    }
}
