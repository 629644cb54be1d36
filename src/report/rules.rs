//! `dbctl rules` and `dbctl explain`: the rules in their own words, `dbctl/rules/v1` and `dbctl/rule/v1`.

#![expect(clippy::format_push_string, reason = "a page is put together once, for a person")]

use serde::Serialize;

use crate::lint::{Fixable, Preset, Rule, example, level_word};

/// All rules, or those asked for.
#[derive(Debug, Clone, Serialize)]
pub struct RuleList {
    /// Always `dbctl/rules/v1`.
    pub format: &'static str,
    /// The rules, by group and id.
    pub rules: Vec<RulePage>,
}

/// One rule, explained.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulePage {
    /// Always `dbctl/rule/v1`.
    pub format: &'static str,
    /// The id.
    pub id: &'static str,
    /// What it is about, such as `locking`.
    pub group: &'static str,
    /// For whom: `postgres`, `supabase` or `conventions`.
    pub profile: &'static str,
    /// `error`, `warning` or `info`.
    pub level: &'static str,
    /// Whether it is off unless the configuration gives it a level.
    pub opt_in: bool,
    /// What is found.
    pub condition: &'static str,
    /// Why that hurts.
    pub effect: &'static str,
    /// What to write instead.
    pub remedy: &'static str,
    /// The lock it is about.
    pub lock: Option<&'static str>,
    /// Whom that lock keeps waiting.
    pub blocks: Option<&'static str>,
    /// `no`, `safe` (`--fix`) or `unsafe` (`--unsafe-fixes`).
    pub fix: &'static str,
    /// Its options.
    pub options: Vec<OptionPage>,
    /// Where the facts come from.
    pub sources: &'static [&'static str],
    /// Migrations in which it finds something; `-- then` stands between migrations.
    pub bad: Vec<String>,
    /// Migrations in which it finds nothing.
    pub good: Vec<String>,
}

/// An option of a rule.
#[derive(Debug, Clone, Serialize)]
pub struct OptionPage {
    /// Its name.
    pub name: &'static str,
    /// Its value when nothing is set, as TOML.
    pub default: String,
    /// What it does.
    pub help: &'static str,
}

impl RulePage {
    /// The page of a rule.
    pub fn new(rule: &Rule) -> Self {
        let options = rule.options.iter().map(|option| OptionPage {
            name: option.name,
            default: preset(option.preset),
            help: option.help,
        });
        let examples = |texts: &[&str]| texts.iter().map(|text| example::shown(text)).collect();
        Self {
            format: "dbctl/rule/v1",
            id: rule.id,
            group: rule.group.word(),
            profile: rule.profile.word(),
            level: level_word(rule.level),
            opt_in: rule.opt_in,
            condition: rule.condition,
            effect: rule.effect,
            remedy: rule.remedy,
            lock: rule.lock.map(crate::risk::LockMode::sql),
            blocks: rule.lock.map(crate::risk::LockMode::blocks),
            fix: match rule.fix {
                Fixable::No => "no",
                Fixable::Safe => "safe",
                Fixable::Unsafe => "unsafe",
            },
            options: options.collect(),
            sources: rule.sources,
            bad: examples(rule.bad),
            good: examples(rule.good),
        }
    }
}

fn preset(preset: Preset) -> String {
    match preset {
        Preset::Flag(value) => value.to_string(),
        Preset::Number(value) => value.to_string(),
        Preset::Text(value) => format!("\"{value}\""),
        Preset::List(values) => {
            let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// The table of the rules in markdown, a section a group; the README's is this one.
pub fn markdown(list: &RuleList) -> String {
    let mut text = String::new();
    let mut group = "";
    for page in &list.rules {
        if page.group != group {
            group = page.group;
            let gap = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!(
                "{gap}**{group}**\n\n| Rule | Level | Profile | Fix | Finds |\n|---|---|---|---|---|\n"
            ));
        }
        let level = if page.opt_in { "off" } else { page.level };
        let fix = match page.fix {
            "no" => "",
            "safe" => "`--fix`",
            _ => "`--unsafe-fixes`",
        };
        let finds = page.condition.replace('|', "\\|");
        text.push_str(&format!("| `{}` | {level} | {} | {fix} | {finds} |\n", page.id, page.profile));
    }
    text
}

/// The page of one rule in markdown.
pub fn page_markdown(page: &RulePage) -> String {
    let mut text = format!("# {}\n\n{}.\n\n", page.id, capitalised(page.condition));
    text.push_str(&format!("- Level: {}{}\n", page.level, if page.opt_in { ", off unless switched on" } else { "" }));
    text.push_str(&format!("- Group: {}, profile: {}\n", page.group, page.profile));
    if let (Some(lock), Some(blocks)) = (page.lock, page.blocks) {
        text.push_str(&format!("- Lock: {lock}, which {blocks}\n"));
    }
    match page.fix {
        "safe" => text.push_str("- Mended by `dbctl lint --fix`\n"),
        "unsafe" => text.push_str("- Mended by `dbctl lint --unsafe-fixes`\n"),
        _ => {}
    }
    text.push_str(&format!("\n**Why.** {}.\n\n**Instead.** {}.\n", capitalised(page.effect), capitalised(page.remedy)));
    for (title, examples) in [("Bad", &page.bad), ("Good", &page.good)] {
        text.push_str(&format!("\n## {title}\n"));
        for example in examples {
            text.push_str(&format!("\n```sql\n{}\n```\n", example.trim_end()));
        }
    }
    if !page.options.is_empty() {
        text.push_str(&format!("\n## Options\n\n```toml\n[lint.rules.{}]\n", page.id));
        for option in &page.options {
            text.push_str(&format!("{} = {}  # {}\n", option.name, option.default, option.help));
        }
        text.push_str("```\n");
    }
    if !page.sources.is_empty() {
        text.push_str("\n## Sources\n\n");
        for source in page.sources {
            text.push_str(&format!("- {source}\n"));
        }
    }
    text
}

/// A phrase as the beginning of a sentence; one that begins with code stays.
pub fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
