//! Expressions as the server writes them: reading one back does not always give the expression it was written for.
//!
//! `a in ('x', 'y')` on a `varchar` column is written as `(a)::text = ANY ((ARRAY['x'::character varying, …])::text[])`. Read
//! back, the cast goes into the elements, and the next time it is written as
//! `ANY (ARRAY[('x'::character varying)::text, …])`: a dump that was restored differs from what was dumped.

use std::borrow::Cow;

use serde_json::Value;

use super::between;
use crate::catalog::Object;
use crate::text::bare_ident;

/// The same expression, but so that reading it gives what was written, and not its like.
///
/// Without the cast the comparison asks for it itself, which is what `in` has done.
pub fn faithful(text: &str) -> Cow<'_, str> {
    let text = rewrite(text, &|before, cast| {
        let is_list = before.ends_with(" ANY (") || before.ends_with(" ALL (");
        let is_varchar = elements(cast.list).iter().any(|it| it.ends_with("::character varying"));
        (is_list && is_varchar && cast.to == "text").then(|| format!("ARRAY[{}]", cast.list))
    });
    match text {
        Cow::Borrowed(text) => between::faithful(text),
        Cow::Owned(text) => Cow::Owned(between::faithful(&text).into_owned()),
    }
}

/// Whether two expressions are the same, be they written for the first time or read back.
pub fn same(one: &str, other: &str) -> bool {
    one == other
        || inwards(one) == inwards(other)
        || one.replace("(VALUES ", "( VALUES ") == other.replace("(VALUES ", "( VALUES ")
}

/// Whether two objects are the same, but for expressions that were written for the first time here and read back there.
pub fn is_reread(one: &Object, other: &Object) -> bool {
    match (serde_json::to_value(one), serde_json::to_value(other)) {
        (Ok(one), Ok(other)) => same_values(&one, &other),
        _ => false,
    }
}

fn same_values(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => same(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_values(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has = |(name, value)| other.get(name).is_some_and(|there| same_values(value, there));
            one.len() == other.len() && one.iter().all(has)
        }
        _ => one == other,
    }
}

/// A query that shows rows written in it, and what its columns are called: the names stand apart from what
/// `values ('a', 1)` is, and reading them back from a query around it would make it one that reads from another.
pub fn values<'a>(query: &'a str, columns: &[&str]) -> Option<(String, &'a str)> {
    let wanted = columns.iter().enumerate().map(|(number, name)| {
        let column = format!("\"*VALUES*\".column{}", number + 1);
        let is_own = *name == format!("column{}", number + 1);
        if is_own { column } else { format!("{column} AS {}", bare_ident(name)) }
    });
    let head = format!("SELECT {}\n   FROM (", wanted.collect::<Vec<_>>().join(",\n    "));
    let rows = query.strip_prefix(&head)?.strip_suffix(") \"*VALUES*\"")?;
    let list = columns.iter().map(|name| bare_ident(name)).collect::<Vec<_>>().join(", ");
    rows.starts_with("VALUES ").then(|| (format!(" ({list})"), rows))
}

/// Casts of lists stand at their elements, as they do where the text was read back.
fn inwards(text: &str) -> Cow<'_, str> {
    rewrite(text, &|_, cast| {
        let elements = elements(cast.list).into_iter().map(|it| format!("({})::{}", inwards(it), cast.to));
        Some(format!("ARRAY[{}]", elements.collect::<Vec<_>>().join(", ")))
    })
}

/// `(ARRAY[list])::to[]`.
struct Cast<'a> {
    list: &'a str,
    to: &'a str,
}

/// Puts something else for the casts of lists, given what stands before each.
fn rewrite<'a>(text: &'a str, put: &dyn Fn(&str, &Cast<'_>) -> Option<String>) -> Cow<'a, str> {
    if !text.contains("(ARRAY[") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let end = match letter {
            '\'' | '"' => quoted(text, at),
            '(' if let Some((cast, end)) = cast(text, at)
                && let Some(new) = put(&text[..at], &cast) =>
            {
                out.push_str(&new);
                at = end;
                continue;
            }
            letter => at + letter.len_utf8(),
        };
        out.push_str(&text[at..end]);
        at = end;
    }
    Cow::Owned(out)
}

/// A list's cast that begins here, and where it ends.
fn cast(text: &str, at: usize) -> Option<(Cast<'_>, usize)> {
    let inside = at + "(ARRAY[".len();
    if !text[at..].starts_with("(ARRAY[") {
        return None;
    }
    let close = closing(text, inside)?;
    let behind = close + "])::".len();
    if !text[close..].starts_with("])::") {
        return None;
    }
    let length = text[behind..].find("[]")?;
    let to = &text[behind..behind + length];
    let is_type = to.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | '"' | ' ' | '(' | ')' | ','));
    is_type.then_some((Cast { list: &text[inside..close], to }, behind + length + 2))
}

/// Where the bracket that was opened before closes.
pub(super) fn closing(text: &str, mut at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    loop {
        match text[at..].chars().next()? {
            '\'' | '"' => {
                at = quoted(text, at);
                continue;
            }
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return Some(at),
            ')' | ']' => depth -= 1,
            other => {
                at += other.len_utf8();
                continue;
            }
        }
        at += 1;
    }
}

/// The elements of a list.
fn elements(list: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let (mut start, mut at, mut depth) = (0, 0, 0_i32);
    while let Some(letter) = list[at..].chars().next() {
        match letter {
            '\'' | '"' => {
                at = quoted(list, at);
                continue;
            }
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                elements.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        at += letter.len_utf8();
    }
    elements.push(list[start..].trim());
    elements
}

/// Where what is quoted ends. A quote inside is written twice, which reads like two that follow each other.
pub(super) fn quoted(text: &str, at: usize) -> usize {
    let quote = &text[at..=at];
    text[at + 1..].find(quote).map_or(text.len(), |length| at + 1 + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "((a)::text = ANY ((ARRAY['x'::character varying, '],('::character varying])::text[]))";
    const AGAIN: &str = "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('],('::character varying)::text]))";

    #[test]
    fn lists_are_the_same_when_read_back() {
        assert!(same(FIRST, AGAIN));
        assert!(same(AGAIN, FIRST));
        assert!(!same(FIRST, &AGAIN.replace('x', "y")));
    }

    #[test]
    fn rows_are_written_as_rows() {
        let query = "SELECT \"*VALUES*\".column1 AS k,\n    \"*VALUES*\".column2\n   FROM (VALUES (1,2)) \"*VALUES*\"";
        assert_eq!(values(query, &["k", "column2"]), Some((" (k, column2)".to_owned(), "VALUES (1,2)")));
        assert_eq!(values(query, &["k", "b"]), None);
        assert!(same(query, &query.replace("(VALUES", "( VALUES")));
    }

    #[test]
    fn lists_are_written_so_that_they_stay_what_they_are() {
        assert_eq!(faithful(FIRST), "((a)::text = ANY (ARRAY['x'::character varying, '],('::character varying]))");
        assert_eq!(faithful(AGAIN), AGAIN);
        let text = "(a = 'ANY ((ARRAY[b::character varying])::text[])'::text)";
        assert_eq!(faithful(text), text);
    }
}
