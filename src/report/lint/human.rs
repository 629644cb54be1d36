//! For people: a diagnostic a finding, and the sentence at the end.

use super::{LintView, Summary};
use crate::diagnostic::Diagnostic;
use crate::lint::{Finding, Fix, LintFile};
use crate::risk::LockMode;
use crate::text::count;

/// A finding as a diagnostic: the clause, the places that explain it, the lock and whom it blocks, and what to write.
pub fn diagnostic(finding: &Finding, files: &[LintFile]) -> Diagnostic {
    let source = |file: Option<usize>| file.and_then(|file| files.get(file)).map(|file| &file.source);
    let mut diagnostic = Diagnostic {
        code: finding.rule.id,
        level: finding.level,
        title: finding.message.clone(),
        labels: Vec::new(),
        notes: Vec::new(),
        helps: finding.helps.clone(),
        causes: Vec::new(),
    };
    if let Some(source) = source(finding.place.file) {
        diagnostic = diagnostic.at(source, finding.place.span, &finding.label);
    }
    if let Some(lock) = finding.lock {
        diagnostic = diagnostic.note(lock_note(lock, finding.object.as_deref()));
    }
    for related in &finding.related {
        diagnostic = match source(related.place.file) {
            Some(source) => diagnostic.see(source, related.place.span, &related.text),
            None => diagnostic.note(&related.text),
        };
    }
    diagnostic.notes.extend(finding.notes.iter().cloned());
    if let Some(fix) = &finding.fix {
        diagnostic = diagnostic.help(fix_help(fix));
    }
    diagnostic.help(format!("`dbctl explain {}` says more", finding.rule.id))
}

/// What a lock costs: ``takes SHARE on `public.orders`: blocks INSERT, UPDATE and DELETE, not reads``.
pub(super) fn lock_note(lock: LockMode, object: Option<&str>) -> String {
    let on = object.map(|object| format!(" on `{object}`")).unwrap_or_default();
    format!("takes {lock}{on}: {}", lock.blocks())
}

fn fix_help(fix: &Fix) -> String {
    let flag = if fix.is_unsafe { "--unsafe-fixes" } else { "--fix" };
    format!("`dbctl lint {flag}` can do it: {}", fix.title)
}

/// The sentence at the end: `12 errors, 3 warnings in 4 of 18 files; 2 ignored by comments, 40 frozen by the baseline.`
pub fn closing(view: &LintView) -> String {
    let summary = &view.summary;
    let mut text = found(summary);
    let mut hidden = Vec::new();
    if summary.ignored > 0 {
        hidden.push(format!("{} ignored by comments", summary.ignored));
    }
    if summary.frozen > 0 {
        hidden.push(format!("{} frozen by the baseline", summary.frozen));
    }
    if !hidden.is_empty() {
        text.push_str("; ");
        text.push_str(&hidden.join(", "));
    }
    text.push('.');
    let fixes = match (summary.fixable, summary.unsafely_fixable) {
        (0, 0) => None,
        (safe, 0) => Some(format!(" {safe} can be mended with `--fix`.")),
        (0, needs_look) => Some(format!(" {needs_look} can be mended with `--unsafe-fixes`.")),
        (safe, needs_look) => {
            Some(format!(" {safe} can be mended with `--fix`, {needs_look} more with `--unsafe-fixes`."))
        }
    };
    text.push_str(&fixes.unwrap_or_default());
    text
}

fn found(summary: &Summary) -> String {
    let kinds = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info")];
    let counts: Vec<String> =
        kinds.into_iter().filter(|(number, _)| *number > 0).map(|(number, noun)| count(number, noun)).collect();
    if counts.is_empty() {
        return format!("Nothing found in {}", count(summary.files, "file"));
    }
    // What touches a selected file may stand in another one.
    let files = summary.files.max(summary.files_with_findings);
    format!("{} in {} of {}", counts.join(", "), summary.files_with_findings, count(files, "file"))
}
