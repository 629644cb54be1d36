//! Every example of every rule is SQL that runs, or fails as its rule says.

use dbctl::lint::rules::RULES;

use super::reasons::{failures, not_tried};
use super::{Bench, inputs, none_wrong};

#[test]
fn examples_run_or_fail_as_their_rule_says() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for rule in RULES.iter() {
        let expected = failures(rule.id);
        let mut failed = false;
        let examples = rule.bad.iter().map(|text| (true, *text)).chain(rule.good.iter().map(|text| (false, *text)));
        for (bad, text) in examples.filter(|(_, text)| not_tried(rule.id, text).is_none()) {
            let outcome = bench.try_out(&inputs(text), |_| ());
            let what = match &outcome {
                Err(failure) if bad && expected.contains(&failure.code.as_str()) => {
                    failed = true;
                    continue;
                }
                Err(failure) => failure.to_string(),
                Ok(()) => continue,
            };
            let kind = if bad { "bad" } else { "good" };
            wrong.push(format!("{}, a {kind} example: {what} in\n{text}", rule.id));
        }
        if !failed && !expected.is_empty() {
            wrong.push(format!("{}: no bad example fails with {expected:?}", rule.id));
        }
    }
    none_wrong(&wrong);
}
