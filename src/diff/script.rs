//! A plan as a script that psql runs.

use super::Plan;
use super::parts::{Part, parts};
use super::step::{Step, Verb};
use crate::catalog::Kind;
use crate::risk::HazardKind;

/// Lets a routine name in its body what is made after it.
const LAZY_BODIES: &str = "check_function_bodies = off;\n";

/// The statements, each with its semicolon. Where one transaction cannot hold them all, each that there is begins and ends
/// in the script.
pub fn script(plan: &Plan) -> String {
    let mut text = String::new();
    for left in &plan.left {
        text.push_str(&format!("-- stays: {} {}\n", one_line(&left.id.to_string()), one_line(&left.text)));
    }
    for kept in &plan.kept {
        text.push_str(&format!("-- left out: {}\n", one_line(&kept.text)));
    }
    let parts = parts(&plan.steps);
    if parts.len() > 1 {
        text.push_str(&format!(
            "-- Runs in {} parts: one transaction cannot hold all of it, or would keep others waiting.\n\
             -- Run it by itself, without a transaction around it: psql -X -v ON_ERROR_STOP=1 -f FILE\n",
            parts.len()
        ));
    }
    if makes_routines(&plan.steps) {
        text.push_str(&format!("set {LAZY_BODIES}"));
    }
    text.push_str(&in_transactions(&parts));
    text
}

/// The statements of parts, with the transactions that several need.
pub fn in_transactions(parts: &[Part<'_>]) -> String {
    let mut text = String::new();
    for part in parts {
        let begins = parts.len() > 1 && part.in_transaction && part.steps.len() > 1;
        if parts.len() > 1 && !text.is_empty() {
            text.push('\n');
        }
        let statements = statements(part.steps);
        text.push_str(&if begins { format!("begin;\n{statements}commit;\n") } else { statements });
    }
    text
}

/// The statements of a part that is a file of its own.
pub fn alone(part: &Part<'_>) -> String {
    let statements = statements(part.steps);
    match (makes_routines(part.steps), part.in_transaction) {
        (true, true) => format!("set local {LAZY_BODIES}\n{statements}"),
        (true, false) => format!("set {LAZY_BODIES}\n{statements}"),
        (false, _) => statements,
    }
}

/// The statements, those marked that may fail, lose data, keep others waiting all the same, or meet what is left out of the
/// comparison; one that takes several lines stands apart from its neighbours.
pub fn statements(steps: &[Step]) -> String {
    let mut text = String::new();
    let mut was_long = false;
    for (at, step) in steps.iter().enumerate() {
        // What is left out of the comparison nobody meets but who runs the statement.
        let is_marked = |kind: HazardKind| match kind {
            HazardKind::MayFail | HazardKind::DataLoss => true,
            HazardKind::Untracked => !step.dependants.is_empty(),
            _ => false,
        };
        let marks = step.hazards.iter().filter(|hazard| is_marked(hazard.kind));
        let marks = marks.map(|it| format!("-- {}: {}\n", it.kind.word(), one_line(&it.text)));
        let blocks = step.still_blocks.iter().map(|text| format!("-- still blocks: {}\n", one_line(text)));
        let marks: Vec<String> = marks.chain(blocks).collect();
        let is_long = step.sql.contains('\n') || !marks.is_empty();
        if at > 0 && (is_long || was_long) {
            text.push('\n');
        }
        was_long = is_long;
        text.push_str(&marks.concat());
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    text
}

/// Whether a routine is made, whose body PostgreSQL would look at.
pub fn makes_routines(steps: &[Step]) -> bool {
    let is_made = |step: &Step| matches!(step.id.kind, Kind::Function | Kind::Procedure) && step.verb != Verb::Drop;
    steps.iter().any(is_made)
}

/// A text that a line end in a name does not lead out of its comment.
pub fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Id;

    fn step(sql: &str) -> Step {
        Step::alter(&Id::new(Kind::Table, "public", "t"), sql)
    }

    #[test]
    fn one_transaction_is_left_to_whoever_runs_it() {
        let lossy = step("drop table t")
            .hazard(HazardKind::DataLoss, "all rows of \"t\ndrop x\" are lost")
            .hazard(HazardKind::MayFail, "fails where it has rows");
        let plan = Plan { steps: vec![step("alter table a"), lossy, step("alter table b")], ..Plan::default() };
        assert_eq!(
            script(&plan),
            "alter table a;\n\n-- data loss: all rows of \"t drop x\" are lost\n-- may fail: fails where it has rows\ndrop table t;\n\nalter table b;\n"
        );
    }

    #[test]
    fn several_parts_begin_and_end_their_transactions() {
        let concurrently = Step { outside_transaction: true, ..step("create index concurrently i on t (a)") };
        let function = Step::create(&Id::new(Kind::Function, "public", "f"), "create function f()");
        let plan = Plan {
            steps: vec![step("alter table a"), step("alter table b"), concurrently, function],
            ..Plan::default()
        };
        let text = script(&plan);
        let (comment, rest) = text.split_at(text.find("set check").unwrap());
        assert!(comment.starts_with("-- Runs in 3 parts"));
        assert_eq!(
            rest,
            "set check_function_bodies = off;\nbegin;\nalter table a;\nalter table b;\ncommit;\n\n\
             create index concurrently i on t (a);\n\ncreate function f();\n"
        );
    }
}
