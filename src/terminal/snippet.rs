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
    Snippet::source(&text[start..end])
        .line_start(source.position(start).line)
        .path(source.name())
        .annotations(spans.zip(labels).map(|(span, label)| {
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = (!label.text.is_empty()).then(|| clean(&label.text));
            kind.span(span.start - start..span.end - start).label(text)
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
