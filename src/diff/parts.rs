//! A plan cut into parts that each run in one transaction, or outside of one.

use super::step::Step;

/// Statements that run together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The statements, at least one.
    pub steps: &'a [Step],
    /// Whether they run in a transaction.
    pub in_transaction: bool,
}

/// Cuts statements into parts, in their order, with as few cuts as PostgreSQL allows.
///
/// What PostgreSQL refuses inside a transaction stands alone, so that a run that fails there has nothing half done before
/// it, and so does what wants a transaction of its own. Values of an enum that are used later have their transaction
/// end behind them.
pub fn parts(steps: &[Step]) -> Vec<Part<'_>> {
    let is_alone = |step: &Step| step.outside_transaction || step.own_transaction;
    let is_cut = |before: &Step, after: &Step| {
        is_alone(before) || is_alone(after) || before.commit_before_use && !after.commit_before_use
    };
    steps
        .chunk_by(|before, after| !is_cut(before, after))
        .map(|steps| Part { steps, in_transaction: !steps.iter().any(|step| step.outside_transaction) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Id, Kind};

    fn step(sql: &str) -> Step {
        let step = Step::alter(&Id::new(Kind::Table, "public", "t"), sql);
        Step {
            outside_transaction: sql.starts_with("concurrently"),
            commit_before_use: sql.starts_with("add value"),
            own_transaction: sql.starts_with("validate"),
            ..step
        }
    }

    fn cut(sqls: &[&str]) -> String {
        let steps: Vec<Step> = sqls.iter().map(|sql| step(sql)).collect();
        let show = |part: &Part<'_>| {
            let sqls: Vec<&str> = part.steps.iter().map(|step| step.sql.as_str()).collect();
            format!("{}({})", if part.in_transaction { "" } else { "no-tx" }, sqls.join("; "))
        };
        parts(&steps).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_can_run_in_one_transaction_does() {
        assert_eq!(cut(&[]), "");
        assert_eq!(cut(&["a", "b"]), "(a; b)");
    }

    #[test]
    fn what_a_transaction_refuses_stands_alone() {
        assert_eq!(
            cut(&["a", "concurrently 1", "concurrently 2", "b", "c"]),
            "(a) no-tx(concurrently 1) no-tx(concurrently 2) (b; c)"
        );
    }

    #[test]
    fn values_are_committed_together_before_their_use() {
        assert_eq!(cut(&["a", "add value 1", "add value 2", "b"]), "(a; add value 1; add value 2) (b)");
        assert_eq!(cut(&["a", "validate", "b"]), "(a) (validate) (b)");
    }
}
