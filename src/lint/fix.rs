//! Applying fixes to a text.

use super::finding::{Edit, Fix};

/// A text with fixes applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The indexes of the fixes that were applied; the others overlap with one of these and wait for the next round.
    pub applied: Vec<usize>,
}

/// Applies as many of the fixes as do not overlap, in the order given. A fix is applied whole or not at all.
pub fn apply(text: &str, fixes: &[&Fix]) -> Fixed {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut applied = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        let fits = |edit: &Edit| text.get(edit.span.start..edit.span.end).is_some();
        let clear = |edit: &Edit| edits.iter().all(|other| !overlap(edit, other));
        if fix.edits.iter().all(|edit| fits(edit) && clear(edit)) {
            edits.extend(&fix.edits);
            applied.push(index);
        }
    }
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut fixed = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        fixed.push_str(text.get(at..edit.span.start).unwrap_or_default());
        // A quoted name needs no blank around it; a word in its place or beside it does: `table"t"`.
        let quoted = |at: usize| text.as_bytes().get(at) == Some(&b'"');
        if quoted(edit.span.start) && is_word(fixed.chars().next_back()) && is_word(edit.text.chars().next()) {
            fixed.push(' ');
        }
        fixed.push_str(&edit.text);
        at = edit.span.end;
        let replaced = edit.span.start < at && quoted(at - 1);
        if replaced
            && is_word(edit.text.chars().next_back())
            && is_word(text.get(at..).and_then(|it| it.chars().next()))
        {
            fixed.push(' ');
        }
    }
    fixed.push_str(text.get(at..).unwrap_or_default());
    Fixed { text: fixed, applied }
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Two edits overlap where they share a byte, or insert at the same one: the order of the two would be anybody's guess.
fn overlap(a: &Edit, b: &Edit) -> bool {
    if a.span == b.span {
        return true;
    }
    a.span.start < b.span.end && b.span.start < a.span.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn applies_what_does_not_overlap() {
        let one = Fix::safe("a", vec![Edit::replace(Span::new(0, 1), "X"), Edit::insert(3, "!")]);
        let two = Fix::safe("b", vec![Edit::delete(Span::new(0, 2))]);
        let three = Fix::safe("c", vec![Edit::insert(2, "-")]);
        let fixed = apply("abc", &[&one, &two, &three]);
        assert_eq!(fixed, Fixed { text: "Xb-c!".to_owned(), applied: vec![0, 2] });
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
