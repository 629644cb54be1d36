//! What is printed of judged cases.

use std::io::Write;

use super::judge::Verdict;
use super::tour::{Outcome, by_suite};

/// Prints what passed, by suite, and names what did not: past cargo's capture, which keeps what passing tests print.
pub(super) fn print(outcomes: &[Outcome]) {
    let mut text = String::new();
    for (suite, ways) in by_suite(outcomes) {
        for (name, ways) in ways {
            let at_least = |verdict: &Verdict| ways.iter().filter(|(_, way)| way.verdict <= *verdict).count();
            let count = |of: &dyn Fn(&super::tour::Way) -> usize| ways.iter().map(|(_, way)| of(way)).sum::<usize>();
            text.push_str(&format!(
                "diff {suite} {name}: {} cases, {} exact, {} but for the order of columns, {} but for owners, grants and \
                 comments; made again under their names: {} tables and columns, {} other objects; {} left to do\n",
                ways.len(),
                at_least(&Verdict::Exact),
                at_least(&Verdict::ColumnOrder),
                at_least(&Verdict::Extras),
                count(&|way| way.remade.data.len()),
                count(&|way| way.remade.others.len()),
                count(&|way| way.left.len()),
            ));
            for (case, way) in ways {
                match &way.verdict {
                    Verdict::Exact => {}
                    Verdict::ColumnOrder => text.push_str(&format!("  {case}: the order of columns\n")),
                    Verdict::Extras => text.push_str(&format!("  {case}: owners, grants or comments\n")),
                    Verdict::Differs(how) => text.push_str(&format!("  {case}: differs\n{how}")),
                    Verdict::Fails(said) => text.push_str(&format!("  {case}: fails: {said}\n")),
                }
                if !way.remade.data.is_empty() {
                    text.push_str(&format!("  {case}: made again: {}\n", way.remade.data.join(", ")));
                }
                if !way.remade.others.is_empty() && std::env::var_os("DBCTL_TEST_DIFF_REMADE").is_some() {
                    text.push_str(&format!("  {case}: made again: {}\n", way.remade.others.join(", ")));
                }
                if !way.left.is_empty() {
                    text.push_str(&format!("  {case}: left to do: {}\n", way.left.join("; ")));
                }
            }
        }
    }
    for outcome in outcomes {
        if let Some(said) = &outcome.unloaded {
            text.push_str(&format!("diff {} {}: does not load on this server: {said}\n", outcome.suite, outcome.case));
        }
    }
    write!(std::io::stderr(), "{text}").ok();
}
