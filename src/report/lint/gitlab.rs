//! GitLab's code quality report, which becomes a list in the merge request.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde::Serialize;

use super::LintView;
use crate::diagnostic::Level;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The findings as a report.
pub fn gitlab(view: &LintView) -> String {
    let issues: Vec<Issue<'_>> = view
        .findings
        .iter()
        .map(|finding| Issue {
            description: &finding.message,
            check_name: finding.rule.id,
            fingerprint: &finding.fingerprint,
            severity: match finding.level {
                Level::Error => "major",
                Level::Warning => "minor",
                Level::Note => "info",
            },
            location: Location {
                path: &finding.place.path,
                lines: Lines { begin: finding.place.region.line, end: finding.place.region.end_line },
            },
        })
        .collect();
    // Texts and numbers have no way to fail.
    serde_json::to_string_pretty(&issues).map(|text| text + "\n").unwrap_or_default()
}
