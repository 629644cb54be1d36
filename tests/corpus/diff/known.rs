//! The cases that are known not to come out, each with its reason.

use super::Outcome;
use super::judge::Verdict;

/// Way, suite, case, and why.
const KNOWN: &[(&str, &str, &str, &str)] = &[];

/// Fails where a case does not come out that is not known, or comes out that is.
pub(super) fn check<'a>(outcomes: impl Iterator<Item = (&'static str, &'a Outcome)>) {
    let mut wrong = Vec::new();
    for (way, outcome) in outcomes {
        let known = KNOWN
            .iter()
            .find(|(in_way, suite, case, _)| *in_way == way && *suite == outcome.suite && *case == outcome.case);
        let comes_out = outcome.verdict <= Verdict::ColumnOrder && outcome.remade.data.is_empty();
        match (known, comes_out) {
            (None, false) => wrong.push(format!("{way} {}/{}: {:?}", outcome.suite, outcome.case, outcome.verdict)),
            (Some((.., why)), true) => {
                wrong.push(format!("{way} {}/{} comes out, though: {why}", outcome.suite, outcome.case));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
