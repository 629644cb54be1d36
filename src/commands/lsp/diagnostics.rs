//! Findings as editors show them.

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range, TextEdit,
};
use serde::Serialize;

use super::client::Client;
use super::position::Lines;
use super::workspace::Seen;
use crate::diagnostic::Level;
use crate::lint::{Edit, Finding, Fix};
use crate::report::lint as report;

/// What goes along with a diagnostic: the fix, for those who read it without asking for actions.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    rule: &'a str,
    fix: Option<FixData<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixData<'a> {
    title: &'a str,
    safety: &'a str,
    edits: Vec<TextEdit>,
    adds: Vec<Added<'a>>,
}

/// A migration that a fix adds.
#[derive(Serialize)]
struct Added<'a> {
    name: &'a str,
    text: &'a str,
}

/// The diagnostics of a document.
pub fn diagnostics(seen: &Seen<'_>, client: Client) -> Vec<Diagnostic> {
    let lines = Lines::new(seen.file.text(), client.encoding);
    seen.findings.iter().map(|finding| diagnostic(seen, finding, &lines, client)).collect()
}

/// One finding.
pub fn diagnostic(seen: &Seen<'_>, finding: &Finding, lines: &Lines<'_>, client: Client) -> Diagnostic {
    let data = Data { rule: finding.rule.id, fix: finding.fix.as_ref().map(|fix| fix_data(fix, lines)) };
    Diagnostic {
        range: lines.range(finding.place.span),
        severity: Some(match finding.level {
            Level::Error => DiagnosticSeverity::ERROR,
            Level::Warning => DiagnosticSeverity::WARNING,
            Level::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.rule.id.to_owned())),
        source: Some("dbctl".to_owned()),
        message: message(seen, finding),
        related_information: client.related.then(|| related(seen, finding, client)),
        data: serde_json::to_value(data).ok(),
        ..Diagnostic::default()
    }
}

/// What is wrong in the first line, then the facts and what to write instead.
fn message(seen: &Seen<'_>, finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    lines.extend(Some(finding.label.clone()).filter(|label| !label.is_empty()));
    lines.extend(report::diagnostic(finding, seen.files).notes);
    lines.extend(finding.helps.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn related(seen: &Seen<'_>, finding: &Finding, client: Client) -> Vec<DiagnosticRelatedInformation> {
    let places = finding.related.iter().filter_map(|related| {
        let file = seen.files.get(related.place.file?)?;
        let range: Range = Lines::new(file.text(), client.encoding).range(related.place.span);
        let location = Location::new(seen.uri_of(file.path())?, range);
        Some(DiagnosticRelatedInformation { location, message: related.text.clone() })
    });
    places.collect()
}

fn fix_data<'a>(fix: &'a Fix, lines: &Lines<'_>) -> FixData<'a> {
    FixData {
        title: &fix.title,
        safety: if fix.is_unsafe { "unsafe" } else { "safe" },
        edits: text_edits(&fix.edits, lines),
        adds: fix.adds.iter().map(|add| Added { name: &add.slug, text: &add.sql }).collect(),
    }
}

/// Edits as the protocol has them.
pub fn text_edits<'a>(edits: impl IntoIterator<Item = &'a Edit>, lines: &Lines<'_>) -> Vec<TextEdit> {
    edits.into_iter().map(|edit| TextEdit::new(lines.range(edit.span), edit.text.clone())).collect()
}
