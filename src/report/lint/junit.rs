//! The XML of `JUnit`, which every CI shows: a test suite a file, a test case a finding, and one that passes for a clean file.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::human::lock_note;
use super::{FindingView, LintView};
use crate::lint::level_word;

/// The findings as test results.
pub fn junit(view: &LintView) -> String {
    let mut paths: Vec<&str> = view.paths.iter().map(String::as_str).collect();
    let mut by_path: HashMap<&str, Vec<&FindingView>> = paths.iter().map(|path| (*path, Vec::new())).collect();
    for finding in &view.findings {
        // What touches a selected file may stand in another one.
        let found = by_path.entry(&finding.place.path).or_insert_with(|| {
            paths.push(&finding.place.path);
            Vec::new()
        });
        found.push(finding);
    }
    let mut suites = String::new();
    let (mut tests, failures) = (0, view.findings.len());
    for path in paths {
        let findings = by_path.remove(path).unwrap_or_default();
        let cases = findings.len().max(1);
        tests += cases;
        // Writing to a text does not fail.
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{}\" tests=\"{cases}\" failures=\"{}\" errors=\"0\" skipped=\"0\">",
            escape(path),
            findings.len()
        );
        if findings.is_empty() {
            let _ = writeln!(suites, "    <testcase name=\"lint\" classname=\"{}\"/>", escape(path));
        }
        for finding in findings {
            case(&mut suites, finding);
        }
        suites += "  </testsuite>\n";
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"dbctl lint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{suites}</testsuites>\n"
    )
}

fn case(text: &mut String, finding: &FindingView) {
    let (path, region, id) = (escape(&finding.place.path), &finding.place.region, finding.rule.id);
    let level = level_word(finding.level);
    let mut lines =
        vec![format!("{}:{}:{}: {level}: {}", finding.place.path, region.line, region.column, finding.message)];
    lines.extend(finding.lock.map(|lock| format!("note: {}", lock_note(lock, finding.object.as_deref()))));
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(finding.helps.iter().map(|help| format!("help: {help}")));
    let (message, body) = (escape(&finding.message), escape(&lines.join("\n")).replace("&#10;", "\n"));
    // Writing to a text does not fail.
    let _ = writeln!(
        text,
        "    <testcase name=\"{id} ({}:{})\" classname=\"{path}\" file=\"{path}\" line=\"{}\">\n      \
         <failure type=\"{level}\" message=\"{message}\">{body}</failure>\n    </testcase>",
        region.line, region.column, region.line
    );
}

/// Escapes for a text or an attribute; what XML 1.0 cannot hold becomes a replacement character.
///
/// <https://www.w3.org/TR/xml/#charsets>
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // A parser would make blanks of them in an attribute.
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
