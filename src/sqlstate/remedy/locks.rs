//! Waiting for others: lock timeouts, cancelled statements, deadlocks, serialization.

use super::failure::Failure;
use crate::text::quote_literal;

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    match failure.sqlstate() {
        "55P03" => lock_not_available(failure),
        "57014" if failure.says("lock timeout") => lock_not_available(failure),
        "57014" if failure.says("statement timeout") => vec![
            "give it more time: raise `statement_timeout` for this migration, or split it into smaller steps"
                .to_owned(),
            "change many rows in batches, in a migration marked `-- dbctl: no-transaction`".to_owned(),
        ],
        "57014" => vec!["someone cancelled the statement; run the command again when it may run".to_owned()],
        "40P01" => vec![
            "run the command again: the other session has what it waited for by now".to_owned(),
            "take locks in one order everywhere, and change one table a migration".to_owned(),
        ],
        "55006" => vec![
            "end the sessions that use it; see them with `select pid, usename, application_name, query from \
             pg_stat_activity;`"
                .to_owned(),
        ],
        _ => vec!["run the command again: another session changed the same rows at the same time".to_owned()],
    }
}

fn lock_not_available(failure: &Failure<'_>) -> Vec<String> {
    let holders = match failure.table() {
        Some(table) => format!(
            "see who holds it: `select a.pid, a.usename, a.state, a.query from pg_locks l join pg_stat_activity a using \
             (pid) where l.granted and l.relation = to_regclass({});`",
            quote_literal(&table)
        ),
        None => {
            "see who holds locks: `select pid, usename, state, query, pg_blocking_pids(pid) from pg_stat_activity;`"
                .to_owned()
        }
    };
    vec![
        holders,
        "run the command again when those sessions are done, or at a quiet hour; nothing waits behind dbctl meanwhile"
            .to_owned(),
        "or let it wait longer: raise `lock_timeout`; all who come after it wait as long".to_owned(),
    ]
}
