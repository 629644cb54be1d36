//! What a transaction does not allow.

use super::failure::{Failure, requote};

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    match failure.sqlstate() {
        "25001" if failure.says("cannot run inside") || failure.says("cannot be executed from") => vec![
            "put this statement into a migration of its own with `-- dbctl: no-transaction` in the first lines"
                .to_owned(),
        ],
        "25001" => vec!["write it as the first statement of the transaction, or leave it out".to_owned()],
        "25P02" => {
            vec!["mend the statement that failed before this one; PostgreSQL ignores all that follow it".to_owned()]
        }
        "25006" => vec![
            "connect to the primary server: a replica takes no writes".to_owned(),
            "see why with `show transaction_read_only;` and `select pg_is_in_recovery();`".to_owned(),
        ],
        "55P04" => {
            let label = failure.named(0).unwrap_or("the value");
            let kind = failure.error.message.rsplit(' ').next().unwrap_or_default();
            vec![
                format!(
                    "use `{label}` of {} in a later migration: a new value counts only after the commit",
                    requote(kind)
                ),
                "or mark the migration that adds it with `-- dbctl: no-transaction`".to_owned(),
            ]
        }
        _ => vec!["leave `commit` and `rollback` out: dbctl opens and ends the transaction".to_owned()],
    }
}
