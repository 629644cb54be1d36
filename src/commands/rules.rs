//! `dbctl rules`: every rule of lint.

use clap::Args;

use super::Cx;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::rules::RULES;
use crate::lint::{Group, Rule};
use crate::project::lint::unknown_rules;
use crate::report::{RuleList, RulePage, rules_markdown};
use crate::terminal::Format;

/// Flags of `dbctl rules`.
#[derive(Debug, Clone, Args)]
pub struct RulesArgs {
    /// Only the rules of this group or profile, or whose id holds this word
    #[arg(value_name = "WORD")]
    pub word: Option<String>,
}

/// Runs the command.
pub fn run(cx: &Cx, args: &RulesArgs) -> Result<Exit, Failure> {
    let list = list(|rule| {
        let word = args.word.as_deref().unwrap_or_default();
        word.is_empty() || rule.group.word() == word || rule.profile.word() == word || rule.id.contains(word)
    });
    if let Some(word) = args.word.as_deref().filter(|_| list.rules.is_empty()) {
        let diagnostic =
            Diagnostic::error("lint/unknown-rule", unknown_rules(word)).help("`dbctl rules` lists them all, by group");
        return Err(Failure::new(Exit::Usage, diagnostic));
    }
    match cx.terminal.options().format {
        Format::Markdown => cx.terminal.print(&rules_markdown(&list))?,
        _ => cx.terminal.answer(&list)?,
    }
    Ok(Exit::Ok)
}

/// The rules by group and id.
pub fn list(wanted: impl Fn(&Rule) -> bool) -> RuleList {
    let in_group = |group: Group| RULES.iter().copied().filter(move |rule| rule.group == group);
    let rules = Group::ALL.into_iter().flat_map(in_group).filter(|rule| wanted(rule)).map(RulePage::new).collect();
    RuleList { format: "dbctl/rules/v1", rules }
}
