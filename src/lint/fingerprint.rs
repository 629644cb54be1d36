//! What a finding is known by from one run to the next, although lines have moved.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Finding, LintFile};
use crate::text::Span;

/// What findings that look alike have in common: the rule, the path, the line's words and the object. 64 hexadecimal digits.
///
/// White space does not count, nor does the place of the line in the file. A finding about a file as a whole has no line.
pub fn likeness(files: &[LintFile], finding: &Finding) -> String {
    let file = finding.place.file.and_then(|file| files.get(file));
    let line = file.map(|file| words_at(file.text(), finding.place.span)).unwrap_or_default();
    digest(&[finding.rule.id, file.map_or("", LintFile::path), &line, finding.object.as_deref().unwrap_or_default()])
}

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

/// The words of the line that a span begins on.
fn words_at(text: &str, span: Span) -> String {
    if span.start == 0 && span.end == 0 {
        return String::new();
    }
    let at = text.floor_char_boundary(span.start);
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let mut words = String::with_capacity(end - start);
    for word in text[start..end].split_whitespace() {
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
