//! How the answer is shown.

use crate::commands::Cx;
use crate::diagnostic::{Diagnostic, Level};
use crate::error::Failure;
use crate::report::problem::{github, junit};
use crate::report::verify::{Require, Verified, Verify, cases};
use crate::terminal::Format;

/// Shows the answer in the form that was asked for.
pub fn show(cx: &Cx, answer: &Verify) -> Result<(), Failure> {
    let shown = match cx.terminal.options().format {
        Format::Junit => cx.terminal.print(&junit("dbctl verify", &cases(answer))),
        Format::Github => cx.terminal.print(&github(&cases(answer))),
        _ => cx.terminal.answer(answer),
    };
    // Whoever reads may have read enough; the exit code still tells.
    Ok(shown.or_else(|error| if error.is_closed() { Ok(()) } else { Err(error) })?)
}

/// Says what is wrong with a migration as soon as it is known; what is not required is a warning.
pub fn problem(cx: &Cx, migration: &Verified, diagnostic: &Diagnostic, required: &[Require]) {
    if cx.terminal.options().format != Format::Human {
        return;
    }
    let what = match diagnostic.code {
        "verify/idempotent" => Require::Idempotent,
        "verify/reversible" => Require::Reversible,
        _ => Require::Applies,
    };
    let level = if required.contains(&what) && !migration.is(what) { Level::Error } else { Level::Warning };
    cx.terminal.diagnostic(&Diagnostic { level, ..diagnostic.clone() });
}
