//! A line a finding, as compilers write it: `path:line:column: error: message [rule]`. Editors and CI know it.

use std::fmt::Write as _;

use super::{LintView, line};
use crate::diagnostic::Level;

/// The findings as lines.
pub fn gcc(view: &LintView) -> String {
    let mut text = String::new();
    for finding in &view.findings {
        let region = &finding.place.region;
        let level = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        };
        let (path, message) = (line(&finding.place.path), line(&finding.message));
        // Writing to a text does not fail.
        let _ = writeln!(text, "{path}:{}:{}: {level}: {message} [{}]", region.line, region.column, finding.rule.id);
    }
    text
}
