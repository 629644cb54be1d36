//! The answer of `dbctl lint` in every form.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::Cx;
use super::{Found, LintArgs};
use crate::error::Failure;
use crate::report::lint::{self as report, LintView, Seen};
use crate::terminal::{Format, render};

/// Writes what was found.
pub fn answer(cx: &Cx, args: &LintArgs, results: &[Found]) -> Result<(), Failure> {
    let views = results.iter().map(|found| {
        LintView::new(&Seen {
            files: &found.files,
            findings: &found.findings,
            ignored: found.ignored,
            frozen: found.frozen,
        })
    });
    let view = LintView::joined(views);
    let text = match cx.terminal.options().format {
        Format::Json => report::json(&view),
        Format::Jsonl => return Ok(cx.terminal.json_line(&view)?),
        Format::Sarif => report::sarif(&view),
        Format::Github => report::github(&view),
        Format::Gitlab => report::gitlab(&view),
        Format::Junit => report::junit(&view),
        Format::Gcc => report::gcc(&view),
        Format::Markdown => report::markdown(&view),
        Format::Human | Format::Sql => human(args, results, &view),
    };
    Ok(cx.terminal.print(&text)?)
}

/// Every finding in the style of rustc, or the counts, and a sentence at the end.
fn human(args: &LintArgs, results: &[Found], view: &LintView) -> String {
    let mut text = String::new();
    if args.statistics {
        text.push_str(&crate::terminal::statistics(&view.statistics));
    } else {
        let mut told = BTreeSet::new();
        for found in results {
            for finding in &found.findings {
                let mut diagnostic = report::diagnostic(finding, &found.files);
                if !told.insert(finding.rule.id) {
                    // Where a rule is explained needs to be said once.
                    diagnostic.helps.pop();
                }
                text.push_str(&render(&diagnostic, true));
                text.push_str("\n\n");
            }
        }
    }
    text.push_str(&report::closing(view));
    let ran: usize = results.iter().map(|found| found.left.ran).sum();
    if ran > 0 {
        let _never = write!(text, " {ran} more only in migrations that have run: name them (`dbctl lint --fix PATH`).");
    }
    let unselected: usize = results.iter().map(|found| found.left.unselected).sum();
    if unselected > 0 {
        let _never = write!(text, " {unselected} more only in files that are not selected.");
    }
    text.push('\n');
    text
}
