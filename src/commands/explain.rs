//! `dbctl explain RULE`: what a rule finds, why that hurts, and what to write instead.

use clap::Args;

use super::Cx;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::rules;
use crate::project::lint::unknown_rule;
use crate::report::{RulePage, rule_markdown};
use crate::terminal::Format;

/// Flags of `dbctl explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// The rule's id, as it stands in brackets behind `error` or `warning`
    #[arg(value_name = "RULE")]
    pub rule: String,
}

/// Runs the command.
pub fn run(cx: &Cx, args: &ExplainArgs) -> Result<Exit, Failure> {
    let Some(rule) = rules::find(&args.rule) else {
        let diagnostic =
            Diagnostic::error("lint/unknown-rule", unknown_rule(&args.rule)).help("`dbctl rules` lists them all");
        return Err(Failure::new(Exit::Usage, diagnostic));
    };
    let page = RulePage::new(rule);
    match cx.terminal.options().format {
        Format::Markdown => cx.terminal.print(&rule_markdown(&page))?,
        _ => cx.terminal.answer(&page)?,
    }
    Ok(Exit::Ok)
}
