//! `dbctl lint`: what is wrong with the migrations, `dbctl/lint/v1`, and every form it is written in.
//!
//! [`LintView::new`] makes the document of what a run has found; each of [`json`], [`sarif()`], [`github()`], [`gitlab()`], [`junit()`],
//! [`gcc()`] and [`markdown()`] is a pure function from it to the whole answer, with a line end at its end (nothing at all where
//! there is nothing to say in `github` and `gcc`). The human form is made of [`diagnostic`], one a finding, [`closing`], the
//! sentence at the end, and [`Statistic`], a row a rule.
//!
//! ```text
//! let report = lint(&files, &config);                           // crate::lint
//! let applied = baseline::apply(&baseline, &files, &config, report.findings);
//! let view = LintView::new(&Seen { files: &files, findings: &applied.findings,
//!                                  ignored: report.silenced.len(), frozen: applied.frozen });
//! terminal.print(&sarif(&view));
//! for finding in &applied.findings { terminal.diagnostic(&diagnostic(finding, &files)); }
//! terminal.print(&closing(&view));                              // no line end
//! ```
//!
//! Lines, columns and characters count from 1, bytes from 0; ends are one past the last.

mod gcc;
mod github;
mod gitlab;
mod human;
mod junit;
mod markdown;
#[cfg(test)]
mod sample;
mod sarif;
#[cfg(test)]
mod sarif_schema;
#[cfg(test)]
mod tests;
mod view;

pub use gcc::gcc;
pub use github::github;
pub(super) use github::{data as workflow_data, property as workflow_property};
pub use gitlab::gitlab;
pub use human::{closing, diagnostic};
pub(super) use junit::escape;
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;
pub use view::{
    EditView, FindingView, FixView, LintView, NewFileView, Place, Region, RelatedView, Seen, Statistic, Summary, json,
};

/// A text on one line and without control characters.
fn line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

/// A text without control characters but line ends.
fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => '\n',
        c if c.is_control() && c.is_whitespace() => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(shown).collect()
}
