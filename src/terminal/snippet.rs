//! Diagnostics as text: the title, the source lines with carets, then notes, helps and causes.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Level as Tone, Renderer, Snippet};

use super::style::{Role, clean};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::text::{Source, Span};

/// Source lines are shown around their label up to this many characters.
const LINE_WIDTH: usize = 140;

/// Renders a diagnostic; with `color` as a terminal's escape codes, else as plain text. No newline at the end.
#[must_use]
pub fn render(diagnostic: &Diagnostic, color: bool) -> String {
    let title = tone(diagnostic.level).primary_title(diagnostic.title.as_str()).id(diagnostic.code);
    let mut elements = snippets(&diagnostic.labels);
    let footer = diagnostic.notes.iter().map(|text| Tone::NOTE.message(clean(text)));
    let footer = footer.chain(diagnostic.helps.iter().map(|text| Tone::HELP.message(clean(text))));
    let cause = || Tone::ERROR.with_name("caused by");
    let footer = footer.chain(diagnostic.causes.iter().map(|text| cause().message(clean(text))));
    elements.extend(footer.map(Element::from));
    renderer(color).render(&[title.elements(elements)])
}

fn tone(level: Level) -> Tone<'static> {
    match level {
        Level::Note => Tone::NOTE,
        Level::Warning => Tone::WARNING,
        Level::Error => Tone::ERROR,
    }
}

fn renderer(color: bool) -> Renderer {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(LINE_WIDTH);
    if !color {
        return renderer;
    }
    renderer
        .error(Role::Error.style())
        .warning(Role::Warning.style())
        .help(Role::Help.style())
        .note(Role::Help.style())
        .context(Role::Help.style())
        .line_num(Role::Dim.style())
}

/// One snippet a source, in the order of the labels.
fn snippets(labels: &[Label]) -> Vec<Element<'_>> {
    let mut sources: Vec<&Source> = Vec::new();
    for label in labels {
        if !sources.contains(&&label.source) {
            sources.push(&label.source);
        }
    }
    sources.into_iter().map(|source| snippet(source, labels.iter().filter(|label| label.source == *source))).collect()
}

fn snippet<'a>(source: &'a Source, labels: impl Iterator<Item = &'a Label> + Clone) -> Element<'a> {
    let text = source.text();
    let spans = labels.clone().map(|label| first_line(text, label.span));
    let start = spans.clone().map(|span| line_around(text, span.start).start).min().unwrap_or(0);
    let end = spans.clone().map(|span| line_around(text, span.start).end).max().unwrap_or(0);
    // Carriage returns would be shown as such.
    let part = text[start..end].trim_end_matches('\r').replace("\r\n", "\n");
    let length = part.len();
    let shown = |byte: usize| (byte - start - text[start..byte].matches("\r\n").count()).min(length);
    Snippet::source(part)
        .line_start(source.position(start).line)
        .path(source.name())
        .annotations(spans.zip(labels).map(|(span, label)| {
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = (!label.text.is_empty()).then(|| clean(&label.text));
            kind.span(shown(span.start)..shown(span.end)).label(text)
        }))
        .into()
}

/// A span as far as its first line goes, on character boundaries: a statement of a hundred lines is marked where it
/// begins.
fn first_line(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end).max(start);
    let length = text[start..end].find('\n').unwrap_or(end - start);
    start..start + text[start..start + length].trim_end().len()
}

/// The line that `byte` stands in, without its end.
fn line_around(text: &str, byte: usize) -> Range<usize> {
    let start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let end = text[byte..].find('\n').map_or(text.len(), |at| byte + at);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQL: &str = "alter table orders\n  add column total numeric not null;\n";

    fn span(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    #[test]
    fn shows_what_failed_where_and_what_mends_it() {
        let source = Source::new("migrations/20260302090000_orders_total.sql", SQL);
        let title = "migration `20260302090000_orders_total` failed on target `local`";
        let diagnostic = Diagnostic::error("apply/statement-failed", title)
            .at(&source, span(SQL, "total"), "23502 not_null_violation: column `total` contains null values")
            .note("statement 1 of 1, after 212 ms; the transaction was rolled back, nothing was recorded")
            .help("add the column with a default, or backfill first")
            .caused_by("the server refused it");
        insta::assert_snapshot!(render(&diagnostic, false), @r#"
        error[apply/statement-failed]: migration `20260302090000_orders_total` failed on target `local`
         --> migrations/20260302090000_orders_total.sql:2:14
          |
        2 |   add column total numeric not null;
          |              ^^^^^ 23502 not_null_violation: column `total` contains null values
          |
          = note: statement 1 of 1, after 212 ms; the transaction was rolled back, nothing was recorded
          = help: add the column with a default, or backfill first
          = caused by: the server refused it
        "#);
    }

    #[test]
    fn shows_a_title_alone() {
        let diagnostic = Diagnostic::warning("plan/late", "migration `2` is late").note("a newer one is applied");
        insta::assert_snapshot!(render(&diagnostic, false), @r#"
        warning[plan/late]: migration `2` is late
         |
         = note: a newer one is applied
        "#);
    }

    #[test]
    fn shows_the_place_of_another_file_too() {
        let one = Source::new("1_a.sql", "create table a ();\n");
        let two = Source::new("1_b.sql", "create table b ();\n");
        let diagnostic = Diagnostic::error("files/same-version", "two files have version `1`")
            .at(&two, Span::new(0, 0), "")
            .see(&one, Span::new(0, 12), "the first is here");
        insta::assert_snapshot!(render(&diagnostic, false), @r#"
        error[files/same-version]: two files have version `1`
         --> 1_b.sql:1:1
          |
        1 | create table b ();
          | ^
          |
         ::: 1_a.sql:1:1
          |
        1 | create table a ();
          | ------------ the first is here
        "#);
    }

    #[test]
    fn marks_a_long_statement_where_it_begins() {
        let sql = format!("select 1;\n{}select\n{}oops;\n", "-- x\n".repeat(10_000), "  1,\n".repeat(500));
        let source = Source::new("a.sql", sql.as_str());
        let whole = Span::new(sql.find("select\n").unwrap(), sql.len());
        let diagnostic =
            Diagnostic::error("c", "t").at(&source, whole, "here").at(&source, span(&sql, "oops"), "there");
        insta::assert_snapshot!(render(&diagnostic, false), @r#"
        error[c]: t
             --> a.sql:10002:1
              |
        10002 | select
              | ^^^^^^ here
        ...
        10503 | oops;
              | ^^^^ there
        "#);
    }

    #[test]
    fn shows_the_part_of_a_very_long_line_that_matters() {
        let sql =
            format!("insert into t values {}oops, {}(1);\n", "('äöü', 1), ".repeat(20_000), "(2), ".repeat(20_000));
        let source = Source::new("a.sql", sql.as_str());
        let began = std::time::Instant::now();
        let diagnostic = Diagnostic::error("c", "t").at(&source, span(&sql, "oops"), "here");
        let text = render(&diagnostic, false);
        assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
        insta::assert_snapshot!(text, @r#"
        error[c]: t
         --> a.sql:1:240022
          |
        1 | ...('äöü', 1), ('äöü', 1), ('äöü', 1), ('äöü', 1), ('äöü', 1), oops, (2), (2), (2), (2), (2), (2), (2), (2), (2), (2), (2), (2), (2),...
          |                                                                ^^^^ here
        "#);
    }

    #[test]
    fn keeps_carets_under_tabs_and_wide_letters() {
        let sql = "select\t'漢字',\r\n 1, oops;\r\n";
        let source = Source::new("a.sql", sql);
        let diagnostic = Diagnostic::error("c", "t").at(&source, span(sql, "oops"), "here");
        let diagnostic = diagnostic.see(&source, span(sql, "'漢字'"), "and here");
        insta::assert_snapshot!(render(&diagnostic, false), @r#"
        error[c]: t
         --> a.sql:2:5
          |
        1 | select    '漢字',
          |           ------ and here
        2 |  1, oops;
          |     ^^^^ here
        "#);
    }

    #[test]
    fn lets_no_text_from_outside_steer_the_terminal() {
        let source = Source::new("a.sql", "select '\u{1b}[2J';");
        let diagnostic = Diagnostic::error("c", "x\u{1b}[2J")
            .at(&source, Span::new(0, 6), "y\u{1b}[2J")
            .note("z\u{1b}[2J\nsecond line")
            .help("\u{202e}h");
        let text = render(&diagnostic, false);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        insta::assert_snapshot!(text, @r#"
        error[c]: x␛[2J
         --> a.sql:1:1
          |
        1 | select '␛[2J';
          | ^^^^^^ y␛[2J
          |
          = note: z␛[2J
                  second line
          = help: �h
        "#);
    }

    #[test]
    fn colours_by_role() {
        let text = render(&Diagnostic::error("c", "t").help("h"), true);
        assert!(text.contains("\u{1b}[1m\u{1b}[31merror"), "{text:?}");
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            render(&Diagnostic::error("c", "t").help("h"), false)
        );
    }

    #[test]
    fn shows_an_empty_file() {
        let source = Source::new("a.sql", "");
        let diagnostic = Diagnostic::error("c", "t").at(&source, Span::new(0, 0), "nothing here");
        insta::assert_snapshot!(render(&diagnostic, false), @r#"
        error[c]: t
         --> a.sql:1:1
          |
        1 |
          | ^ nothing here
        "#);
    }

    proptest::proptest! {
        #[test]
        fn renders_any_span_of_any_text(
            text in "([a-z ]|\t|\r\n|\n|\r|漢|e\u{301}|\u{1b}|👩‍👩‍👧){0,40}",
            spans in proptest::collection::vec((0usize..80, 0usize..80), 0..4),
        ) {
            let source = Source::new("a.sql", text);
            let mut diagnostic = Diagnostic::error("c", "t");
            for (start, end) in spans {
                diagnostic = diagnostic.at(&source, Span::new(start, end), "one\ntwo");
                diagnostic = diagnostic.see(&source, Span::new(end, start), "");
            }
            let steers = render(&diagnostic, false).contains('\u{1b}');
            proptest::prop_assert!(!steers);
        }
    }
}
