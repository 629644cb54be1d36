//! Workflow commands of GitHub Actions, which become annotations of the changed lines.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::fmt::Write as _;

use super::human::lock_note;
use super::{FindingView, LintView, printable};
use crate::diagnostic::Level;

/// The findings as commands, one a line.
pub fn github(view: &LintView) -> String {
    let mut text = String::new();
    for finding in &view.findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let region = &finding.place.region;
        // Columns are only taken where both ends are on one line.
        let columns = if region.line == region.end_line {
            format!(",col={},endColumn={}", region.column, region.end_column)
        } else {
            String::new()
        };
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "::{command} file={},line={},endLine={}{columns},title={}::{}",
            property(&finding.place.path),
            region.line,
            region.end_line,
            property(finding.rule.id),
            data(&message(finding))
        );
    }
    text
}

fn message(finding: &FindingView) -> String {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.lock.map(|lock| format!("note: {}", lock_note(lock, finding.object.as_deref()))));
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(finding.helps.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// The text of a command, with what would end it escaped.
pub fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\n', "%0A")
}

/// A property of a command, with what would end it escaped.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
