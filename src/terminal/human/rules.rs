//! How `dbctl rules` and `dbctl explain` look.

#![expect(clippy::format_push_string, reason = "a page is put together once, for a person")]

use comfy_table::Cell;

use super::Human;
use crate::report::{RuleList, RulePage, capitalised};
use crate::terminal::style::Role;
use crate::terminal::table::table;
use crate::text::count;

impl Human for RuleList {
    fn human(&self, width: Option<u16>) -> String {
        let rows = self.rules.iter().map(|page| {
            let role = match (page.opt_in, page.level) {
                (true, _) => Role::Dim,
                (_, "error") => Role::Error,
                (_, "warning") => Role::Warning,
                _ => Role::Plain,
            };
            let level = if page.opt_in { "off" } else { page.level };
            let fix = match page.fix {
                "no" => "-",
                "safe" => "--fix",
                _ => "--unsafe-fixes",
            };
            vec![
                Cell::new(page.id),
                role.cell(level),
                Cell::new(page.group),
                Cell::new(page.profile),
                Cell::new(fix),
                Cell::new(page.condition),
            ]
        });
        let headers = ["RULE", "LEVEL", "GROUP", "PROFILE", "FIX", "FINDS"];
        let rules = table(&headers, rows, 5, width);
        let closing =
            format!("{}; `dbctl explain RULE` says why and what to write instead.", count(self.rules.len(), "rule"));
        format!("{rules}\n{closing}\n")
    }
}

impl Human for RulePage {
    fn human(&self, _width: Option<u16>) -> String {
        let role = match self.level {
            "error" => Role::Error,
            "warning" => Role::Warning,
            _ => Role::Plain,
        };
        let off = if self.opt_in { ", off unless switched on" } else { "" };
        let mut text =
            format!("{} ({}{off}; {}, profile {})\n\n", role.paint(self.id), self.level, self.group, self.profile);
        let mut say = |title: &str, words: &str| {
            text.push_str(&format!("{}  {words}\n", Role::Help.paint(&format!("{title:8}"))))
        };
        say("Finds", &format!("{}.", capitalised(self.condition)));
        if let (Some(lock), Some(blocks)) = (self.lock, self.blocks) {
            say("Lock", &format!("{lock}: {blocks}."));
        }
        say("Why", &format!("{}.", capitalised(self.effect)));
        say("Instead", &format!("{}.", capitalised(self.remedy)));
        match self.fix {
            "safe" => say("Fix", "`dbctl lint --fix` mends it."),
            "unsafe" => say("Fix", "`dbctl lint --unsafe-fixes` mends it; look at what it wrote."),
            _ => {}
        }
        for (title, examples) in [("Bad", &self.bad), ("Good", &self.good)] {
            for example in examples {
                text.push_str(&format!("\n{}\n", Role::Help.paint(title)));
                for line in example.trim_end().lines() {
                    text.push_str(format!("    {line}").trim_end());
                    text.push('\n');
                }
            }
        }
        if !self.options.is_empty() {
            text.push_str(&format!("\n{}\n    [lint.rules.{}]\n", Role::Help.paint("Options"), self.id));
            for option in &self.options {
                text.push_str(&format!("    {} = {}  # {}\n", option.name, option.default, option.help));
            }
        }
        text.push_str(&format!(
            "\n{}\n    -- dbctl:ignore {}: why it is fine here\n",
            Role::Help.paint("To ignore one place"),
            self.id
        ));
        if !self.sources.is_empty() {
            text.push_str(&format!("\n{}\n", Role::Help.paint("Sources")));
            for source in self.sources {
                text.push_str(&format!("    {source}\n"));
            }
        }
        text
    }
}
