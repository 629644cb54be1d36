//! The comments of a file, also those in the bodies of functions and DO blocks, each with the code around it.

use crate::sql::{Kind, Token, Tokens};
use crate::text::Span;

/// A comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comment {
    /// Where it stands, with its dashes.
    pub(super) span: Span,
    /// Whether code stands before it on its line.
    pub(super) trailing: bool,
    /// Where the next code begins, in the same body.
    pub(super) next: Option<usize>,
}

/// The comments of a text, in order.
pub(super) fn comments(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    walk(text, Span::new(0, text.len()), false, &mut found);
    found
}

fn walk(text: &str, part: Span, is_body: bool, found: &mut Vec<Comment>) {
    let mut open = found.len();
    // What opens a body is code on its first line.
    let mut code_end = is_body.then_some(part.start);
    let (mut last, mut before_last) = ("", "");
    for token in Tokens::new(part.of(text)) {
        let span = token.span.shifted(part.start);
        match token.kind {
            Kind::Space => {}
            Kind::LineComment | Kind::BlockComment => {
                let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
                let span = Span::new(span.start, span.start + span.of(text).trim_end_matches('\r').len());
                found.push(Comment { span, trailing: code_end.is_some_and(|end| end > line), next: None });
            }
            _ => {
                found[open..]
                    .iter_mut()
                    .filter(|comment| comment.next.is_none())
                    .for_each(|it| it.next = Some(span.start));
                open = found.len();
                if let Some(body) = body(text, &token, span, last, before_last) {
                    walk(text, body, true, found);
                    open = found.len();
                }
                code_end = Some(span.end);
                (last, before_last) = (span.of(text), last);
            }
        }
    }
}

/// The inside of a string that holds code: what follows `as`, `do`, `do language x`, `execute` or `format(`.
fn body(text: &str, token: &Token, span: Span, last: &str, before_last: &str) -> Option<Span> {
    if token.kind != Kind::String || !token.terminated {
        return None;
    }
    let is_code = ["as", "do", "execute"].iter().any(|word| last.eq_ignore_ascii_case(word))
        || before_last.eq_ignore_ascii_case("language")
        || (last == "(" && before_last.eq_ignore_ascii_case("format"));
    let written = span.of(text);
    let quote = match written.as_bytes().first()? {
        b'\'' => 1,
        b'$' => written[1..].find('$')? + 2,
        _ => return None,
    };
    is_code.then(|| Span::new(span.start + quote, span.end - quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, bool, &str)> {
        let next =
            |it: &Comment| it.next.map_or("", |at| text[at..].split([' ', '\n', ';']).next().unwrap_or_default());
        comments(text).iter().map(|it| (it.span.of(text), it.trailing, next(it))).collect()
    }

    #[test]
    fn tells_comments_at_the_end_of_a_line_from_those_alone() {
        let text = "-- a\nselect 1, -- b\n  /* c */ 2; /* d */ select '-- no'; -- e";
        assert_eq!(
            found(text),
            [
                ("-- a", false, "select"),
                ("-- b", true, "2"),
                ("/* c */", false, "2"),
                ("/* d */", true, "select"),
                ("-- e", true, "")
            ]
        );
    }

    #[test]
    fn looks_into_bodies_and_not_into_data() {
        let text = "do $$ -- a\nbegin\n-- b\nexecute $q$ -- c\nx $q$;\nend -- d\n$$; insert into t values ($$ -- no $$);\n\
                    create function f() returns int language sql as 'select 1 -- e\n';";
        assert_eq!(
            found(text),
            [
                ("-- a", true, "begin"),
                ("-- b", false, "execute"),
                ("-- c", true, "x"),
                ("-- d", true, ""),
                ("-- e", true, "")
            ]
        );
    }
}
