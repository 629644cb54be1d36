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

/// What is wrong with a migration; what is not required is a warning.
pub fn judged(migration: &Verified, diagnostic: Diagnostic, required: &[Require]) -> Diagnostic {
    let what = match diagnostic.code {
        "verify/idempotent" => Require::Idempotent,
        "verify/reversible" => Require::Reversible,
        _ => Require::Applies,
    };
    let level = if required.contains(&what) && !migration.is(what) { Level::Error } else { Level::Warning };
    Diagnostic { level, ..diagnostic }
}

/// Says what is wrong, to people; machines have it in the answer.
pub fn problems(cx: &Cx, answer: &Verify, said: Vec<Diagnostic>) {
    if cx.terminal.options().format != Format::Human {
        return;
    }
    for mut diagnostic in said {
        let of = |it: &&Verified| diagnostic.title.contains(&format!("`{}_{}`", it.version, it.name));
        let migration = answer.migrations.iter().find(of);
        let guarded = migration.and_then(|it| it.idempotent.guarded.as_ref());
        let fails = migration.is_some_and(|it| it.idempotent.failure.is_some());
        if let Some(sql) = guarded.filter(|_| fails && diagnostic.code == "verify/idempotent") {
            // The statement as it can stand in the file is better than what helps where it fails for the first time.
            diagnostic.helps = vec![format!("write:\n{sql};")];
        }
        cx.terminal.diagnostic(&diagnostic);
    }
}
