//! Safe fixes: a mended example runs, and leaves the schema that the example leaves, unless another one is the rule's aim.

use dbctl::lint::rules::RULES;
use dbctl::lint::{Fixable, Input, NewMigration, Rule, fix};

use super::reasons::{MEANT, failures, not_tried};
use super::{Bench, findings, inputs, lower_case, none_wrong};
use crate::support::Client;

/// Everything that a schema has, a line each, without numbers that differ from run to run.
const CATALOG: &str = include_str!("catalog.sql");

/// The example with the rule's fixes applied until none is left, and the migrations that they add; nothing where the rule
/// offers none. Fixes that need a look are left out.
pub(super) fn fixed(rule: &Rule, inputs: &[Input], version: u32) -> Option<Vec<Input>> {
    let mut inputs = inputs.to_vec();
    let shown = inputs.len() - 1;
    let mut any = false;
    for _ in 0..10 {
        let (_, found) = findings(rule, &inputs, version);
        let fixes: Vec<_> = found
            .iter()
            .filter(|finding| finding.place.file.is_none_or(|file| file <= shown))
            .filter_map(|finding| finding.fix.as_ref().filter(|fix| !fix.is_unsafe))
            .collect();
        let done = fix::apply(&inputs[shown].text, &fixes);
        if done.applied.is_empty() {
            break;
        }
        any = true;
        inputs[shown].no_transaction = done.text.contains("-- dbctl: no-transaction");
        inputs[shown].text = done.text.into();
        for add in done.applied.iter().flat_map(|&at| &fixes[at].adds) {
            inputs.push(added(inputs.len(), add));
        }
    }
    any.then_some(inputs)
}

fn added(index: usize, add: &NewMigration) -> Input {
    Input {
        path: format!("2024010100001{index}_{}.sql", add.slug),
        text: add.sql.as_str().into(),
        version: Some(format!("2024010100001{index}")),
        name: add.slug.clone(),
        down: None,
        has_downs: true,
        no_transaction: add.sql.contains("-- dbctl: no-transaction"),
        selected: true,
    }
}

#[test]
fn safe_fixes_leave_the_same_schema() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.fix == Fixable::Safe) {
        let meant = MEANT.iter().any(|(id, _)| *id == rule.id);
        let mut differed = false;
        for text in rule.bad.iter().filter(|text| not_tried(rule.id, text).is_none()) {
            let before = inputs(text);
            let Some(after) = fixed(rule, &before, bench.version) else { continue };
            let shown = || {
                after[before.len() - 1..]
                    .iter()
                    .map(|input| input.text.as_ref())
                    .collect::<Vec<_>>()
                    .join("\n-- then\n")
            };
            let mut tell = |what: String| wrong.push(format!("{}: {what} in\n{}", rule.id, shown()));
            let new = match bench.try_out(&after, |session| state(session, &after)) {
                Ok(new) => new,
                Err(failure) => {
                    tell(format!("the fixed example fails: {failure}"));
                    continue;
                }
            };
            match bench.try_out(&before, |session| state(session, &before)) {
                Ok(old) if old != new => {
                    differed = true;
                    if !meant {
                        tell(format!("leaves another schema:\n{}", difference(&old, &new)));
                    }
                }
                Err(failure) if !failures(rule.id).contains(&failure.code.as_str()) => {
                    tell(format!("the example fails: {failure}"));
                }
                _ => {}
            }
        }
        if meant && !differed {
            wrong.push(format!("{}: its fixes are said to leave another schema, and leave the same", rule.id));
        }
    }
    none_wrong(&wrong);
}

/// What the catalogs hold; of the server's roles only those that the files name, as others come and go with other tests.
fn state(session: &Client, inputs: &[Input]) -> Vec<String> {
    let text = lower_case(inputs);
    let is_named = |line: &String| match line.strip_prefix("role ") {
        Some(role) => role.split(' ').next().is_some_and(|name| text.contains(&name.to_ascii_lowercase())),
        None => true,
    };
    session.values(CATALOG).into_iter().filter(is_named).collect()
}

fn difference(old: &[String], new: &[String]) -> String {
    let short = |line: &String| line.lines().next().unwrap_or_default().chars().take(160).collect::<String>();
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {}", short(line)));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {}", short(line)));
    gone.chain(come).collect::<Vec<_>>().join("\n")
}
