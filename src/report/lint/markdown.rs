//! Markdown for a comment on a pull request: the sentence, then a table a file.

use std::fmt::Write as _;

use super::human::lock_note;
use super::{FindingView, LintView, closing, line};
use crate::lint::level_word;

/// A comment on GitHub holds 65,536 characters; the rest of a long list would be refused with it.
const LIMIT: usize = 60_000;

/// How each table begins.
const HEAD: &str = "| Line | Level | Rule | What is found |\n|---:|---|---|---|\n";

/// The findings as a comment.
pub fn markdown(view: &LintView) -> String {
    let mut text = format!("### `dbctl lint`\n\n{}\n", closing(view));
    let mut path = None;
    for (index, finding) in view.findings.iter().enumerate() {
        let mut part = String::new();
        if path != Some(&finding.place.path) {
            path = Some(&finding.place.path);
            // Writing to a text does not fail.
            let _ = write!(part, "\n#### {}\n\n{HEAD}", code(&finding.place.path));
        }
        part += &row(finding);
        if text.len() + part.len() > LIMIT {
            let _ = write!(text, "\n… and {} more.\n", view.findings.len() - index);
            break;
        }
        text += &part;
    }
    text
}

fn row(finding: &FindingView) -> String {
    let mut what = vec![prose(&finding.message)];
    what.extend(finding.lock.map(|lock| prose(&lock_note(lock, finding.object.as_deref()))));
    what.extend(finding.notes.iter().map(|note| prose(note)));
    what.extend(finding.helps.iter().map(|help| format!("**help:** {}", prose(help))));
    let (region, level) = (&finding.place.region, level_word(finding.level));
    format!("| {} | {level} | {} | {} |\n", region.line, code(finding.rule.id), what.join("<br>"))
}

fn code(text: &str) -> String {
    format!("`{}`", line(text).replace('`', "'").replace('|', "\\|"))
}

/// A sentence in a cell: what stands in backticks stays as it is, the rest may not become HTML, a table or a mention.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = line(text);
    // The last of an odd number of backticks opens nothing.
    let paired = text.matches('`').count() / 2 * 2;
    let mut seen = 0;
    for c in text.chars() {
        let is_code = seen % 2 == 1 && seen < paired;
        match c {
            '`' => {
                seen += 1;
                out.push_str(if seen > paired { "\\`" } else { "`" });
            }
            '|' => out.push_str("\\|"),
            c if is_code => out.push(c),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '*' | '_' | '[' | ']' | '\\' | '~' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
