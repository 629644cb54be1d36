//! SARIF 2.1.0, which code scanning services read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use serde_json::{Value, json};

use super::human::lock_note;
use super::{FindingView, FixView, LintView, Place, Region, RelatedView};
use crate::diagnostic::Level;
use crate::lint::Rule;
use crate::text::percent_encode;

/// What paths are relative to; the name is the usual one.
const ROOT: &str = "%SRCROOT%";

/// The findings as a log.
pub fn sarif(view: &LintView) -> String {
    let mut rules: Vec<&Rule> = view.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let index = |rule: &Rule| rules.binary_search_by_key(&rule.id, |it| it.id).ok();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "dbctl",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true }],
            "originalUriBaseIds": { ROOT: { "description": { "text": "the project: the folder of dbctl.toml" } } },
            "columnKind": "unicodeCodePoints",
            "results": view.findings.iter().map(|finding| result(finding, index(finding.rule))).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let lock = rule.lock.map(|lock| format!("Lock: {}", lock_note(lock, None)));
    let text = |before: &str, code: fn(&str) -> String| {
        let mut parts =
            vec![format!("{before}Why{before}: {}", rule.effect), format!("{before}Instead{before}: {}", rule.remedy)];
        parts.extend(lock.clone());
        parts.extend(rule.bad.first().map(|sql| format!("{before}Bad{before}\n\n{}", code(sql))));
        parts.extend(rule.good.first().map(|sql| format!("{before}Good{before}\n\n{}", code(sql))));
        parts.extend(rule.sources.iter().map(|source| format!("<{source}>")));
        parts.join("\n\n")
    };
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.condition },
        "fullDescription": { "text": format!("{}: {}", rule.condition, rule.effect) },
        "help": {
            "text": text("", |sql| sql.trim_end().to_owned()),
            "markdown": text("**", |sql| format!("```sql\n{}\n```", sql.trim_end())),
        },
        "defaultConfiguration": { "enabled": !rule.opt_in, "level": level(rule.level) },
        "properties": { "tags": [rule.group.word(), rule.profile.word()] },
    })
}

fn result(finding: &FindingView, rule: Option<usize>) -> Value {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.lock.map(|lock| lock_note(lock, finding.object.as_deref())));
    lines.extend(finding.notes.iter().cloned());
    lines.extend(finding.helps.iter().map(|help| format!("help: {help}")));
    let mut place = location(&finding.place);
    if let Some(object) = &finding.object {
        place["logicalLocations"] = json!([{ "fullyQualifiedName": object }]);
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": level(finding.level),
        "message": { "text": lines.join("\n") },
        "locations": [place],
        "partialFingerprints": { "dbctl/v1": finding.fingerprint },
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = json!(rule);
    }
    if !finding.related.is_empty() {
        result["relatedLocations"] = finding.related.iter().map(related).collect();
    }
    // A log cannot say that a file is added under a name that is made when the fix is applied, and half a fix is none.
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.adds.is_empty() && !fix.edits.is_empty()) {
        result["fixes"] = json!([change(&finding.place, fix)]);
    }
    result
}

fn change(place: &Place, fix: &FixView) -> Value {
    let replacement = |(at, text): (&Region, &str)| {
        let mut replacement = json!({ "deletedRegion": region(at) });
        if !text.is_empty() {
            replacement["insertedContent"] = json!({ "text": text });
        }
        replacement
    };
    let edits = fix.edits.iter().map(|edit| (&edit.region, edit.text.as_str()));
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": artifact(&place.path),
            "replacements": edits.map(replacement).collect::<Vec<_>>(),
        }],
        "properties": { "safety": fix.safety },
    })
}

fn related(related: &RelatedView) -> Value {
    let mut place = location(&related.place);
    place["message"] = json!({ "text": related.text });
    place
}

fn location(place: &Place) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact(&place.path), "region": region(&place.region) } })
}

fn artifact(path: &str) -> Value {
    let segments: Vec<String> = path.split('/').map(percent_encode).collect();
    json!({ "uri": segments.join("/"), "uriBaseId": ROOT })
}

fn region(region: &Region) -> Value {
    json!({
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
        "charOffset": region.characters.start,
        "charLength": region.characters.end - region.characters.start,
        "byteOffset": region.span.start,
        "byteLength": region.span.end - region.span.start,
    })
}
