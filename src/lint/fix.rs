//! Applying fixes to a text.

use super::finding::{Edit, Fix};
use crate::text::Span;

/// A text with fixes applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The indexes of the fixes that were applied; the others overlap with one of these and wait for the next round.
    pub applied: Vec<usize>,
}

/// Applies as many of the fixes as keep out of each other's way, in the order given. A fix is applied whole or not at all.
pub fn apply(text: &str, fixes: &[&Fix]) -> Fixed {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut applied = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        let fits = |edit: &Edit| text.get(edit.span.start..edit.span.end).is_some();
        let free = || applied.iter().all(|&other: &usize| !collide(fix, fixes[other]));
        if fix.edits.iter().all(fits) && free() {
            // Two fixes may take the same words away.
            edits.extend(fix.edits.iter().filter(|edit| !edits.contains(edit)).collect::<Vec<_>>());
            applied.push(index);
        }
    }
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut mended = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        mended.push_str(text.get(at..edit.span.start).unwrap_or_default());
        // A quoted name needs no blank around it; a word in its place or beside it does: `table"t"`.
        let quoted = |at: usize| text.as_bytes().get(at) == Some(&b'"');
        if quoted(edit.span.start) && is_word(mended.chars().next_back()) && is_word(edit.text.chars().next()) {
            mended.push(' ');
        }
        mended.push_str(&edit.text);
        at = edit.span.end;
        let replaced = edit.span.start < at && quoted(at - 1);
        if replaced
            && is_word(edit.text.chars().next_back())
            && is_word(text.get(at..).and_then(|it| it.chars().next()))
        {
            mended.push(' ');
        }
    }
    mended.push_str(text.get(at..).unwrap_or_default());
    Fixed { text: mended, applied }
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Whether two fixes cannot be made in one go: what the one does to a statement, the other has not seen.
fn collide(a: &Fix, b: &Fix) -> bool {
    if a.title == b.title {
        let same = |edit: &Edit, other: &Edit| edit == other && edit.text.is_empty();
        return a.edits.iter().any(|edit| b.edits.iter().any(|other| !same(edit, other) && overlap(edit, other)));
    }
    if a.edits.is_empty() || b.edits.is_empty() {
        return false;
    }
    if is_of_file(a) || is_of_file(b) {
        return true;
    }
    let around = |fix: &Fix| {
        let start = fix.edits.iter().map(|edit| edit.span.start).min().unwrap_or_default();
        let end = fix.edits.iter().map(|edit| edit.span.end).max().unwrap_or_default();
        Edit::delete(Span::new(start, end))
    };
    overlap(&around(a), &around(b))
}

/// Whether the fix changes how the whole file runs, or what is in it at all: it takes its transaction away, or moves a statement
/// into another file.
fn is_of_file(fix: &Fix) -> bool {
    let concurrent = |edit: &Edit| edit.text.to_ascii_lowercase().contains("concurrently");
    let moved = |edit: &Edit| edit.text.is_empty() && !fix.adds.is_empty();
    fix.edits.iter().any(|edit| concurrent(edit) || moved(edit))
}

/// Two edits overlap where they share a byte, or insert at the same one or at an end of what the other replaces: the order of
/// the two would be anybody's guess.
fn overlap(a: &Edit, b: &Edit) -> bool {
    let inserts = a.span.start == a.span.end || b.span.start == b.span.end;
    if inserts {
        return a.span.start <= b.span.end && b.span.start <= a.span.end;
    }
    a.span.start < b.span.end && b.span.start < a.span.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applies_what_does_not_overlap() {
        let one = Fix::safe("a", vec![Edit::replace(Span::new(0, 1), "X")]);
        let two = Fix::safe("b", vec![Edit::delete(Span::new(0, 2))]);
        let three = Fix::safe("c", vec![Edit::insert(2, "-")]);
        let fixed = apply("abc", &[&one, &two, &three]);
        assert_eq!(fixed, Fixed { text: "Xb-c".to_owned(), applied: vec![0, 2] });
    }

    #[test]
    fn what_is_put_around_a_statement_is_not_put_around_its_successor() {
        let guard = Fix::safe("a", vec![Edit::insert(0, "if "), Edit::insert(9, " end if")]);
        let other = Fix::safe("b", vec![Edit::replace(Span::new(0, 9), "two; three")]);
        let within = Fix::safe("c", vec![Edit::insert(4, "x")]);
        assert_eq!(apply("statement;", &[&guard, &other, &within]).applied, [0]);
        assert_eq!(apply("statement;", &[&other, &guard]).applied, [0]);
        let moves = Fix::safe("d", vec![Edit::insert(4, " concurrently")]);
        let far = Fix::safe("e", vec![Edit::insert(9, "!")]);
        assert_eq!(apply("statement;", &[&moves, &far]).applied, [0]);
    }

    #[test]
    fn a_word_beside_a_quoted_name_stays_a_word() {
        let named = Fix::safe("a", vec![Edit::insert(5, "public.")]);
        assert_eq!(apply("table\"t\"", &[&named]).text, "table public.\"t\"");
        let bare = Fix::safe("b", vec![Edit::replace(Span::new(5, 8), "t")]);
        assert_eq!(apply("table\"t\"add", &[&bare]).text, "table t add");
        let suffix = Fix::safe("c", vec![Edit::insert(9, "tz")]);
        assert_eq!(apply("timestamp'now'", &[&suffix]).text, "timestamptz'now'");
    }
}
