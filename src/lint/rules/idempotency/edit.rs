//! The edits that mend: a few words put in, a statement before, a DO block around.

use crate::lint::{Edit, EventCx, Fix, Origin};
use crate::sql::{Kind, Mode, Token, Tokens, analyse, split_all};
use crate::text::Span;

/// The words in the case in which the statement is written.
pub(super) fn cased(cx: &EventCx<'_>, words: &str) -> String {
    let text = cx.text(cx.stmt().span);
    let first = text.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    if !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase()) {
        words.to_uppercase()
    } else {
        words.to_owned()
    }
}

/// Where a key word of the statement ends; `then` is taken along when it follows.
fn after(cx: &EventCx<'_>, word: &str, then: &str) -> Option<usize> {
    let span = cx.stmt().span;
    let text = cx.text(span);
    let mut tokens = Tokens::new(text).filter(|token| !token.is_trivia()).take(12);
    let is = |token: &Token, word: &str| token.kind == Kind::Word && token.span.of(text).eq_ignore_ascii_case(word);
    let found = tokens.find(|token| is(token, word))?;
    let end = tokens.next().filter(|token| is(token, then)).map_or(found.span.end, |token| token.span.end);
    Some(span.start + end)
}

/// Puts words behind a key word: `if not exists` behind `table`.
pub(super) fn behind(cx: &EventCx<'_>, word: &str, words: &str) -> Option<Fix> {
    let at = after(cx, word, "concurrently")?;
    Some(Fix::safe(format!("add `{words}`"), vec![Edit::insert(at, format!(" {}", cased(cx, words)))]))
}

/// Puts words before a byte.
pub(super) fn put(cx: &EventCx<'_>, at: usize, words: &str) -> Fix {
    Fix::safe(format!("add `{words}`"), vec![Edit::insert(at, format!("{} ", cased(cx, words)))])
}

/// The blanks before the statement on its line; `None` where something else stands there.
fn indent<'a>(cx: &EventCx<'a>) -> Option<&'a str> {
    let text = cx.file.text().get(..cx.stmt().span.start)?;
    let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
    line.trim_matches(['\u{feff}', ' ', '\t']).is_empty().then(|| line.trim_start_matches('\u{feff}'))
}

/// Whether SQL can be put around the statement: not in the text of an `execute`.
pub(super) fn is_open(cx: &EventCx<'_>) -> bool {
    matches!(cx.event.origin, Origin::Top | Origin::Do)
}

/// Puts a statement before this one, on a line of its own.
pub(super) fn before(cx: &EventCx<'_>, title: &str, sql: &str) -> Option<Fix> {
    if !is_open(cx) {
        return None;
    }
    let text = match indent(cx) {
        Some(indent) => format!("{sql};\n{indent}"),
        None => format!("{sql}; "),
    };
    Some(Fix::safe(title, vec![Edit::insert(cx.stmt().span.start, text)]))
}

/// A dollar quote that does not stand in the text.
fn quote(text: &str) -> String {
    let mut tag = "$$".to_owned();
    let mut number = 0;
    while text.contains(&tag) {
        tag = if number == 0 { "$do$".to_owned() } else { format!("$do{number}$") };
        number += 1;
    }
    tag
}

/// Wraps the statement in a block that goes on when one of these conditions is raised.
pub(super) fn catching(cx: &EventCx<'_>, conditions: &[(&str, &str)]) -> Option<Fix> {
    let names: Vec<&str> = conditions.iter().map(|(name, _)| *name).collect();
    let names = names.join(" or ");
    let title = format!("catch `{names}`");
    around(cx, &title, "begin", &format!("exception when {names} then null;"), "end")
}

/// Wraps the statement in a block that runs it only under a condition.
pub(super) fn under(cx: &EventCx<'_>, condition: &str) -> Option<Fix> {
    let title = "ask the catalogs first";
    if cx.event.origin == Origin::Do {
        return around(cx, title, &format!("if {condition} then"), "", "end if");
    }
    around(cx, title, &format!("begin if {condition} then"), "end if;", "end")
}

fn around(cx: &EventCx<'_>, title: &str, first: &str, middle: &str, last: &str) -> Option<Fix> {
    let text = cx.text(cx.stmt().span);
    // What must run by itself cannot run in a block.
    let (statements, _) = split_all(text);
    if matches!(analyse(text, &statements).mode, Mode::NoTransaction { .. }) {
        return None;
    }
    if !is_open(cx) || text.contains("-- ") && indent(cx).is_none() {
        return None;
    }
    let Span { start, end } = cx.stmt().span;
    let indent = indent(cx).unwrap_or_default();
    let middle = if middle.is_empty() { String::new() } else { format!("{indent}{middle}\n") };
    let (open, close) = if cx.event.origin == Origin::Do {
        (format!("{first}\n{indent}  "), format!(";\n{middle}{indent}{last}"))
    } else {
        let tag = quote(text);
        (format!("do {tag} {first}\n{indent}  "), format!(";\n{middle}{indent}{last} {tag}"))
    };
    Some(Fix::safe(title, vec![Edit::insert(start, open), Edit::insert(end, close)]))
}

/// Puts words behind `create`.
pub(super) fn after_create(cx: &EventCx<'_>, words: &str) -> Option<Fix> {
    behind(cx, "create", words)
}
