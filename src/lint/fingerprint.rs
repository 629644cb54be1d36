//! What a finding is known by from one run to the next, although lines have moved.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Finding, LintFile};
use crate::sql::significant;
use crate::text::Span;

/// What findings that look alike have in common: the rule, the path, the words of the clause and the object. 64 hexadecimal
/// digits.
///
/// Blanks and comments do not count, nor does what else stands on the line or where that is. Where the finding has a place but no
/// clause, the line's words stand for it; a finding about a file as a whole has neither.
pub fn likeness(files: &[LintFile], finding: &Finding) -> String {
    like(files, finding, |text, span| {
        let clause = text.get(span.start..span.end).map(words).unwrap_or_default();
        if clause.is_empty() { line_words(text, span) } else { clause }
    })
}

/// The same as baselines of the first form have it: by all words of the line.
pub fn likeness_of_line(files: &[LintFile], finding: &Finding) -> String {
    like(files, finding, line_words)
}

fn like(files: &[LintFile], finding: &Finding, words: impl Fn(&str, Span) -> String) -> String {
    let file = finding.place.file.and_then(|file| files.get(file));
    let words = file.map(|file| words(file.text(), finding.place.span)).unwrap_or_default();
    digest(&[finding.rule.id, file.map_or("", LintFile::path), &words, finding.object.as_deref().unwrap_or_default()])
}

/// The pieces of a file that findings stand in: its statements, its lines, and the whole.
///
/// Each is known by its words, and by which it is of those that read alike.
#[derive(Debug)]
pub struct Pieces {
    whole: String,
    statements: Vec<(Span, String)>,
    lines: Vec<(usize, String)>,
}

impl Pieces {
    /// Takes a file to pieces.
    pub fn new(file: &LintFile) -> Self {
        let text = file.text();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut known = |kind: &str, words: &str| {
            let piece = digest(&[kind, words]);
            let count = seen.entry(piece.clone()).or_default();
            *count += 1;
            let mut piece = digest(&[&piece, &count.to_string()]);
            piece.truncate(PIECE);
            piece
        };
        let statements =
            file.statements.iter().map(|span| (*span, known("statement", &words(span.of(text))))).collect();
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            start += line.len();
            (start, known("line", &blanks_drawn_together(line)))
        });
        let lines = lines.collect();
        Self { whole: known("file", &words(text)), statements, lines }
    }

    /// The piece that a finding stands in.
    pub fn at(&self, span: Span) -> &str {
        if span.start == 0 && span.end == 0 {
            return &self.whole;
        }
        let statement = self.statements.iter().find(|(it, _)| it.start <= span.start && span.start < it.end);
        let line = || self.lines.iter().find(|(end, _)| span.start < *end).map(|(_, piece)| piece);
        statement.map(|(_, piece)| piece).or_else(line).unwrap_or(&self.whole)
    }

    /// Whether a piece is there.
    pub fn has(&self, piece: &str) -> bool {
        let statements = self.statements.iter().map(|(_, piece)| piece);
        statements.chain(self.lines.iter().map(|(_, piece)| piece)).any(|it| it == piece) || self.whole == piece
    }
}

/// So many digits tell the pieces of one file apart.
const PIECE: usize = 16;

/// The fingerprint of each finding, in the order of the findings: what it looks like, and which of those that look alike it is.
pub fn fingerprints(files: &[LintFile], findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let likeness = likeness(files, finding);
            let count = seen.entry(likeness.clone()).or_default();
            *count += 1;
            if *count == 1 { likeness } else { digest(&[&likeness, &count.to_string()]) }
        })
        .collect()
}

/// The words of SQL without blanks and comments; of a comment, what it says.
fn words(sql: &str) -> String {
    let words: Vec<&str> = significant(sql).iter().map(|token| token.span.of(sql)).collect();
    if words.is_empty() { blanks_drawn_together(sql) } else { words.join(" ") }
}

/// The words of the line that a span begins on.
fn line_words(text: &str, span: Span) -> String {
    if span.start == 0 && span.end == 0 {
        return String::new();
    }
    let at = text.floor_char_boundary(span.start);
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    blanks_drawn_together(&text[start..end])
}

fn blanks_drawn_together(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        words.push_str(if words.is_empty() { "" } else { " " });
        words.push_str(word);
    }
    words
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps `ab` and `c` from being taken for `a` and `bc`.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}
