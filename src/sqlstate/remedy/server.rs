//! The server itself: connections, log-in, space, shutdown.

use super::failure::Failure;
use crate::text::quote_ident;

pub(super) fn remedy(failure: &Failure<'_>) -> Vec<String> {
    let name = failure.named(0).map_or_else(|| "NAME".to_owned(), quote_ident);
    match failure.sqlstate() {
        "53300" => vec![
            "close idle clients or wait; `select pid, usename, application_name, state from pg_stat_activity;` shows them"
                .to_owned(),
        ],
        "53100" => vec![
            "free space on the server's disk, or enlarge it, and run the command again".to_owned(),
            "see what is large: `select oid::regclass, pg_size_pretty(pg_total_relation_size(oid)) from pg_class order by \
             pg_total_relation_size(oid) desc limit 10;`"
                .to_owned(),
        ],
        "53200" if failure.error.hint.as_deref().is_some_and(|hint| hint.contains("max_locks_per_transaction")) => vec![
            "split the file: every table, index and sequence that one transaction touches takes a lock until its end"
                .to_owned(),
            "or, on a server of your own: `alter system set max_locks_per_transaction = 256;` and restart it".to_owned(),
        ],
        "53200" => vec!["lower `maintenance_work_mem` or `work_mem` for this migration, or split it".to_owned()],
        "57P01" | "57P02" | "57P03" => {
            vec!["wait until the server is up again, look at `dbctl status`, and run the command again".to_owned()]
        }
        "28P01" => vec![format!("check the password of {name}; in a URL its special characters have to be percent-encoded")],
        "28000" => vec![format!("check that the role {name} exists and may log in, and what `pg_hba.conf` allows it")],
        "3D000" => vec![format!("check the database's name, or create it: `create database {name};`")],
        _ => vec!["check the network to the server, look at `dbctl status`, and run the command again".to_owned()],
    }
}
