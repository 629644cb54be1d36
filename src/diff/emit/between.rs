//! `between` as it was written.
//!
//! `a between 1 and 5 and b` is written down as `(((a >= 1) AND (a <= 5)) AND b)`, which reads back as one conjunction of
//! three, and is written as that the next time.

use std::borrow::Cow;

use super::text::{closing, quoted};

/// The same expression with `between` where a conjunction of two begins another one.
pub(super) fn faithful(text: &str) -> Cow<'_, str> {
    if !text.contains(")) AND ") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let end = match letter {
            '\'' | '"' => quoted(text, at),
            '(' if let Some((between, end)) = between(text, at) => {
                out.push_str(&between);
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

/// What `((a >= b) AND (a <= c))` is for, where that begins here and `AND` follows, and where it ends.
fn between(text: &str, at: usize) -> Option<(String, usize)> {
    let first = at + 2;
    let from = text[at..].starts_with("((").then(|| closing(text, first))??;
    let second = from + ") AND (".len();
    let to = text[from..].starts_with(") AND (").then(|| closing(text, second))??;
    let end = to + "))".len();
    if !text[to..].starts_with(")) AND ") {
        return None;
    }
    let (value, lower) = sides(&text[first..from], " >= ")?;
    let (again, upper) = sides(&text[second..to], " <= ")?;
    (value == again).then(|| (format!("({} BETWEEN {} AND {})", faithful(value), bound(lower), bound(upper)), end))
}

/// What is compared, where that is all there is.
fn sides<'a>(text: &'a str, operator: &str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        if text[at..].starts_with(operator) {
            return Some((&text[..at], &text[at + operator.len()..]));
        }
        at = match letter {
            '\'' | '"' => quoted(text, at),
            '(' | '[' => closing(text, at + 1)? + 1,
            letter => at + letter.len_utf8(),
        };
    }
    None
}

/// A bound, which may be no conjunction of its own.
fn bound(text: &str) -> String {
    let text = faithful(text);
    if text.contains(' ') && !text.starts_with('\'') { format!("({text})") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_conjunction_is_written_as_between() {
        let text = "((((a)::text >= 'x) AND ('::text) AND ((a)::text <= f(b, 2))) AND (c >= 1) AND (d <= 2))";
        let wanted = "(((a)::text BETWEEN 'x) AND ('::text AND (f(b, 2))) AND (c >= 1) AND (d <= 2))";
        assert_eq!(faithful(text), wanted);
    }

    #[test]
    fn what_reads_back_as_it_stands_is_left_alone() {
        for text in ["((a >= 1) AND (a <= 5))", "(b AND ((a >= 1) AND (a <= 5)))", "(((a >= 1) AND (b <= 5)) AND c)"] {
            assert_eq!(faithful(text), text);
        }
    }
}
