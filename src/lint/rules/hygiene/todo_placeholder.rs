//! `todo-placeholder`: something is left to do: `TODO`, `FIXME`, `TBD`, `CHANGEME`, `<your-…>`, lorem ipsum, a body that only says it is not implemented.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use super::strings::inner;
use crate::sql::{Kind, Tokens};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "todo-placeholder",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "something is left to do: `TODO`, `FIXME`, `TBD`, `CHANGEME`, `<your-…>`, lorem ipsum, a body that only says it is not implemented",
    effect: "a migration is run as it is and never touched again: what is left to do in it stays undone in every database",
    remedy: "do it, or take the marker out and write an issue",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &[
        "-- TODO: add an index\ncreate table public.orders (id bigint primary key);\n",
        "create function public.total() returns int language plpgsql as $$ begin raise exception 'not implemented'; end $$;\n",
        "select set_config('app.url', 'https://<your-project>.supabase.co', true);\n",
        "comment on schema public is 'FIXME';\n",
    ],
    good: &[
        "create table public.todos (id bigint primary key, title text);\n-- The todo list of each user.\ncreate type public.state as enum ('TODO', 'DOING', 'DONE');\n",
        "create table public.codes (mask text default 'XXX-XX-XXXX', a int check (a <> 1));\n",
    ],
    checks: &[Check::File(check)],
};

/// Words that say so wherever they stand, in comments and strings alike.
const MARKERS: &[&str] = &["FIXME", "CHANGEME", "CHANGE_ME", "REPLACE_ME", "REPLACEME", "TBD"];

/// Words that say so in comments only: in data they can be anything.
const IN_COMMENTS: &[&str] = &["TODO", "XXX", "HACK"];

/// Names that nobody means.
const NAMES: &[&str] = &["your_table", "your_column", "your_schema", "your_function", "your_user_id", "my_placeholder"];

/// What a quick look for goes by.
const HINTS: &[&str] = &[
    "TODO",
    "odo:",
    "FIXME",
    "ixme:",
    "XXX",
    "HACK",
    "TBD",
    "CHANGE",
    "changeme",
    "REPLACE",
    "replace_me",
    "orem ipsum",
    "<",
    "your_",
    "YOUR_",
    "ot implemented",
    "nimplemented",
];

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    if HINTS.iter().any(|hint| text.contains(hint)) {
        scan(cx, Span::new(0, text.len()), out);
    }
}

fn scan(cx: &FileCx<'_>, within: Span, out: &mut Findings) {
    let text = cx.file.text();
    for token in Tokens::new(within.of(text)) {
        let span = token.span.shifted(within.start);
        let written = span.of(text);
        let found = match token.kind {
            Kind::LineComment | Kind::BlockComment => in_comment(written),
            Kind::String if written.starts_with('$') => {
                let body = inner(text, span);
                if body.start > span.start && body.end < span.end {
                    scan(cx, body, out);
                }
                None
            }
            Kind::String => in_string(written),
            Kind::Word | Kind::Quoted => {
                let bare = written.trim_matches('"').to_ascii_lowercase();
                NAMES.contains(&bare.as_str()).then_some((0, written.len()))
            }
            Kind::Symbol if written == "<" => {
                // In SQL a placeholder touches its brackets, and something it could be compared with does not stand before it.
                bracketed(&text[span.start..text.floor_char_boundary(within.end.min(span.start + 60))])
                    .filter(|_| text[..span.start].ends_with([' ', '\n', '\t', '(', '.', ',', '=']))
            }
            _ => None,
        };
        if let Some((start, end)) = found {
            report(cx, Span::new(span.start + start, span.start + end), out);
        }
    }
}

fn report(cx: &FileCx<'_>, span: Span, out: &mut Findings) {
    let written = span.of(cx.file.text());
    out.push(
        cx.finding(span, format!("`{written}` is left to do"))
            .label("never touched again once it is applied")
            .about(written)
            .help("do it now, or take it out and keep it where work is planned"),
    );
}

/// The words of a text with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(move |c| !is_word(c))
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn in_comment(text: &str) -> Option<(usize, usize)> {
    words(text)
        .find(|&(at, word)| {
            let rest = &text[at + word.len()..];
            let is_loud = MARKERS.contains(&word) || (IN_COMMENTS.contains(&word) && !is_part_of_mask(text, at, word));
            // `todo: …`, but not `the todo list` or `todo-placeholder`.
            let is_labelled = matches!(word.to_ascii_lowercase().as_str(), "todo" | "fixme") && rest.starts_with(':');
            (is_loud || is_labelled) && !names_a_thing(word, rest)
        })
        .map(|(at, word)| (at, at + word.len()))
        .or_else(|| lorem(text))
        .or_else(|| your(text))
}

/// `XXX-XX-XXXX` is how numbers look.
fn is_part_of_mask(text: &str, at: usize, word: &str) -> bool {
    word == "XXX" && (text[..at].ends_with(['-', '.', '+']) || text[at + word.len()..].starts_with(['-', '.']))
}

/// `TODO items`, `the TODO table`: a thing of that name.
fn names_a_thing(word: &str, rest: &str) -> bool {
    let next = rest.trim_start_matches([' ', '-', '_']);
    word.eq_ignore_ascii_case("todo")
        && ["item", "list", "table", "task", "app", "'", "\"", "status"]
            .iter()
            .any(|thing| next.get(..thing.len()).is_some_and(|start| start.eq_ignore_ascii_case(thing)))
}

fn in_string(text: &str) -> Option<(usize, usize)> {
    let content = text.trim_matches('\'').trim();
    let marker = words(text).find(|&(at, word)| match word {
        "TODO" => {
            let rest = &text[at + word.len()..];
            rest.starts_with([':', '('])
                || (rest.starts_with(' ') && content.starts_with("TODO") && !names_a_thing(word, rest))
        }
        // A state of something can be called that.
        "TBD" => false,
        _ => MARKERS.contains(&word) || matches!(word, "changeme" | "change_me" | "replace_me"),
    });
    let lower = content.to_ascii_lowercase();
    let is_stub = matches!(
        lower.trim_end_matches(['.', '!']),
        "not implemented" | "unimplemented" | "not yet implemented" | "not implemented yet"
    );
    marker
        .map(|(at, word)| (at, at + word.len()))
        .or_else(|| is_stub.then_some((0, text.len())))
        .or_else(|| lorem(text))
        .or_else(|| your(text))
}

fn lorem(text: &str) -> Option<(usize, usize)> {
    const WORDS: &str = "orem ipsum";
    text.find(WORDS)
        .and_then(|at| at.checked_sub(1))
        .filter(|&at| text.is_char_boundary(at))
        .map(|at| (at, at + WORDS.len() + 1))
}

/// `<your-project>`, `<project_ref>`, `YOUR_API_KEY`.
fn your(text: &str) -> Option<(usize, usize)> {
    let bracket = text.match_indices('<').find_map(|(at, _)| {
        let (_, end) = bracketed(&text[at..])?;
        let name = text[at + 1..at + end - 1].to_ascii_lowercase();
        let is_meant = ["your", "placeholder", "insert", "replace", "todo", "project", "my-", "my_", "fill"]
            .iter()
            .any(|word| name.starts_with(word));
        is_meant.then_some((at, at + end))
    });
    bracket.or_else(|| {
        words(text)
            .find(|(_, word)| {
                word.strip_prefix("YOUR_").or_else(|| word.strip_prefix("your_")).is_some_and(|rest| {
                    let rest = rest.to_ascii_lowercase();
                    ["key", "secret", "token", "project", "password", "domain", "api", "anon", "service"]
                        .iter()
                        .any(|thing| rest.contains(thing))
                })
            })
            .map(|(at, word)| (at, at + word.len()))
    })
}

/// `<words-like_this>` at the start of a text, and where it ends.
fn bracketed(text: &str) -> Option<(usize, usize)> {
    let end = text.find('>')?;
    let name = &text[1..end];
    let is_name = name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    is_name.then_some((0, end + 1))
}

#[cfg(test)]
mod tests {
    use super::{in_comment, in_string};

    #[test]
    fn words_count_as_they_are_meant() {
        for (text, found) in [
            ("-- TODO add an index", true),
            ("-- todo: add an index", true),
            ("-- Todo list of the user", false),
            ("-- TODO items of the user", false),
            ("-- dbctl:ignore todo-placeholder: the word is data", false),
            ("-- XXX this is slow", true),
            ("-- like XXX-XX-1234", false),
            ("/* HACK around #12 */", true),
            ("-- HTML <b>bold</b>", false),
            ("-- for <your-project>", true),
        ] {
            assert_eq!(in_comment(text).is_some(), found, "{text}");
        }
        for (text, found) in [
            ("'TODO'", false),
            ("'TODO: describe'", true),
            ("'TODO describe'", true),
            ("'changeme'", true),
            ("'TBD'", false),
            ("'Not implemented'", true),
            ("'feature not implemented for plan %'", false),
            ("'<div class=a>'", false),
            ("'Lorem ipsum dolor'", true),
        ] {
            assert_eq!(in_string(text).is_some(), found, "{text}");
        }
    }
}
