//! What the rules promise each other: what one suggests is not what another finds.

use std::collections::BTreeSet;

use super::RULES;
use crate::lint::{Config, Finding, Group, Input, RuleConfig, example, fix, lint, parse_all};

/// What is only to be said once the fix is made: of a trigger for the column that is new, of policies that count from then on,
/// of a file whose only statement was one too many, of a check that a domain did not have.
const AFTERWARDS: &[(&str, &str)] = &[
    ("audit-columns", "updated-at-trigger"),
    ("duplicate-index", "empty-migration"),
    ("redundant-index", "empty-migration"),
    ("prefer-text", "domain-constraint"),
    ("rls-policy-disabled", "rls-unindexed-predicate"),
];

/// Every rule that is on by default, and this one.
fn config(id: &str) -> Config {
    let mut config = Config { timeouts_set: !id.contains("timeout"), ..Config::default() };
    let level = super::find(id).map(|rule| Some(rule.level));
    config.rules.insert(id.to_owned(), RuleConfig { level, ..RuleConfig::default() });
    config
}

fn findings(inputs: &[Input], config: &Config) -> Vec<Finding> {
    let mut inputs = inputs.to_vec();
    for input in &mut inputs {
        input.selected = true;
    }
    lint(&parse_all(inputs), config).findings
}

fn ids(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|it| it.rule.id).collect()
}

#[test]
fn a_fix_makes_no_finding_of_another_rule() {
    let mut wrong = Vec::new();
    for rule in RULES.iter() {
        let config = config(rule.id);
        for example in rule.bad {
            let mut inputs = example::inputs(example);
            let shown = inputs.len() - 1;
            let before = findings(&inputs, &config);
            let Some(fix) = before
                .iter()
                .filter(|it| it.rule.id == rule.id && it.place.file == Some(shown))
                .find_map(|it| it.fix.clone())
            else {
                continue;
            };
            let last = &mut inputs[shown];
            last.text = fix::apply(&last.text, &[&fix]).text.into();
            last.no_transaction = last.text.contains("-- dbctl: no-transaction");
            for (index, add) in fix.adds.iter().enumerate() {
                inputs.push(Input {
                    path: format!("2024010100001{index}_{}.sql", add.slug),
                    text: add.sql.as_str().into(),
                    version: Some(format!("2024010100001{index}")),
                    name: add.slug.clone(),
                    no_transaction: add.sql.contains("-- dbctl: no-transaction"),
                    down: None,
                    ..inputs[shown].clone()
                });
            }
            let after = findings(&inputs, &config);
            for id in ids(&after).difference(&ids(&before)).filter(|id| !AFTERWARDS.contains(&(rule.id, id))) {
                let said = after.iter().find(|it| it.rule.id == *id).map(|it| it.message.clone());
                wrong.push(format!("{}: {said:?} ({id}) after\n{fix:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_good_example_says_in_its_own_text_what_makes_it_good() {
    let last = |example: &'static str| example.rsplit("-- then\n").next().unwrap_or_default();
    let words = |text: &str| -> Vec<String> {
        crate::sql::significant(text).iter().map(|it| it.span.of(text).to_lowercase()).collect()
    };
    let mut same = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.group != Group::Hygiene) {
        for good in rule.good.iter().map(|good| last(good)) {
            let remarked = good.contains("--");
            if !remarked && rule.bad.iter().any(|bad| words(last(bad)) == words(good)) {
                same.push(format!("{}:\n{good}", rule.id));
            }
        }
    }
    assert!(same.is_empty(), "{}", same.join("\n\n"));
}
