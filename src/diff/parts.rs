//! A plan cut into parts that each run in one transaction, or outside of one.

use super::step::Step;
use crate::catalog::Kind;

/// Statements that run together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The statements, at least one.
    pub steps: &'a [Step],
    /// Whether they run in a transaction.
    pub in_transaction: bool,
}

/// Cuts statements into parts, in their order, with as few cuts as they allow.
///
/// What PostgreSQL refuses inside a transaction stands alone, so that a run that fails there has nothing half done before
/// it. Behind what has to be committed before it is used the transaction ends; several values of enums are committed
/// together.
pub fn parts(steps: &[Step]) -> Vec<Part<'_>> {
    let is_value = |step: &Step| step.commit_before_use && step.id.kind == Kind::Enum;
    let is_cut = |before: &Step, after: &Step| {
        before.outside_transaction
            || after.outside_transaction
            || before.commit_before_use && !(is_value(before) && is_value(after))
    };
    steps
        .chunk_by(|before, after| !is_cut(before, after))
        .map(|steps| Part { steps, in_transaction: !steps.iter().any(|step| step.outside_transaction) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Id;

    fn step(sql: &str) -> Step {
        let is_value = sql.starts_with("add value");
        let kind = if is_value { Kind::Enum } else { Kind::Table };
        Step {
            outside_transaction: sql.starts_with("concurrently"),
            commit_before_use: is_value || sql.starts_with("not valid"),
            ..Step::alter(&Id::new(kind, "public", "t"), sql)
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
        assert_eq!(cut(&["a", "not valid 1", "not valid 2", "b"]), "(a; not valid 1) (not valid 2) (b)");
    }
}
