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
        let name = select.into.as_ref()?.span;
        return into(text, Span::new(name.start - stmt.span.start, name.end - stmt.span.start));
    }
    mapping(text)
}

/// `select … into t …` makes a table: `create table if not exists t as select … …`.
fn into(text: &str, name: Span) -> Option<String> {
    let tokens = significant(text);
    let at = tokens.iter().position(|it| it.span.start == name.start)?;
    let word = |back: usize| tokens.get(at.checked_sub(back)?).map(|it| it.span.of(text).to_ascii_lowercase());
    let back = if word(1).as_deref() == Some("table") { 2 } else { 1 };
    // One that goes with the session is no trouble.
    let from = tokens.get(at.checked_sub(back)?).filter(|_| word(back).as_deref() == Some("into"))?;
    let head = text[..from.span.start].trim_end();
    Some(format!("create table if not exists {} as {head}{}", name.of(text), &text[name.end..]))
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
        let of = |text: &str, name: &str| {
            let start = text.rfind(name).unwrap();
            into(text, Span::new(start, start + name.len()))
        };
        let form = of("select 1 as x into table s.t from a", "s.t");
        assert_eq!(form.as_deref(), Some("create table if not exists s.t as select 1 as x from a"));
        assert_eq!(of("select 1 as x into temp t", "t"), None);
        assert_eq!(
            mapping("ALTER text search configuration c drop mapping for word, int").as_deref(),
            Some("ALTER text search configuration c drop mapping if exists for word, int")
        );
        assert_eq!(mapping("alter text search configuration c drop mapping if exists for word"), None);
    }
}
