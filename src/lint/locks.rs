//! The locks that statements are known to take on tables in use, without a database.

use std::collections::BTreeMap;

use super::ask::lock::steps_of;
use super::config::Config;
use super::engine::play;
use super::file::LintFile;
use super::schema::Schema;
use crate::risk::LockMode;

/// What a statement keeps others waiting for, SHARE and stronger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLocks {
    /// The path of its file.
    pub path: String,
    /// Its number in the file, from 1.
    pub number: usize,
    /// The strongest lock on each table that was there before the file, by the table's name.
    pub locks: BTreeMap<String, LockMode>,
}

/// The statements of the selected files that lock tables in use.
pub fn locks(files: &[LintFile], config: &Config) -> Vec<StatementLocks> {
    let mut schema = Schema::new(config);
    let mut found = Vec::new();
    for file in files {
        if file.selected {
            let mut by_statement: BTreeMap<usize, BTreeMap<String, LockMode>> = BTreeMap::new();
            for step in steps_of(file, &schema, config) {
                for lock in &step.locks {
                    let locks = by_statement.entry(step.event.top).or_default();
                    let strongest = locks.entry(lock.name.to_string()).or_insert(lock.mode);
                    *strongest = lock.mode.max(*strongest);
                }
            }
            let of_file = |(top, locks)| StatementLocks { path: file.path().to_owned(), number: top + 1, locks };
            found.extend(by_statement.into_iter().map(of_file));
        }
        play(&mut schema, file);
    }
    found
}
