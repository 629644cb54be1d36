//! Files against ledger: where each migration stands, and what keeps a run from starting.

use super::ledger::{Ledger, Partial, Row};
use crate::migration::Migration;
use crate::report::{Checksum, MigrationState};

/// One migration and where it stands in one database.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// refinery's version.
    pub key: i64,
    /// The file; none where it is missing.
    pub file: Option<&'a Migration>,
    /// The history row; none where it is not applied.
    pub row: Option<&'a Row>,
    /// What an earlier run left unfinished.
    pub partial: Option<&'a Partial>,
    /// Where it stands.
    pub state: MigrationState,
    /// How the file compares with what was applied, by checksum alone: `Changed` may turn out to be `Comments` once
    /// the applied text is at hand.
    pub checksum: Checksum,
}

impl Item<'_> {
    /// The version as people know it.
    #[must_use]
    pub fn version(&self) -> &str {
        match (self.file, self.row, self.partial) {
            (Some(file), _, _) => file.version.text(),
            (None, Some(row), _) => &row.version,
            (None, None, Some(partial)) => &partial.version,
            (None, None, None) => "",
        }
    }

    /// The name as people know it.
    #[must_use]
    pub fn name(&self) -> &str {
        match (self.file, self.row, self.partial) {
            (Some(file), _, _) => &file.name,
            (None, Some(row), _) => &row.name,
            (None, None, Some(partial)) => &partial.name,
            (None, None, None) => "",
        }
    }

    /// `20240131093000_create_users`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}_{}", self.version(), self.name())
    }

    /// Whether a run would apply it.
    #[must_use]
    pub fn is_to_apply(&self) -> bool {
        matches!(self.state, MigrationState::Pending | MigrationState::Late | MigrationState::Partial)
    }
}

/// Compares the files of a folder with the ledger of a database, in the order of the versions.
#[must_use]
pub fn resolve<'a>(files: &'a [Migration], ledger: &'a Ledger) -> Vec<Item<'a>> {
    let newest = ledger.newest().map(|row| row.key);
    let mut items: Vec<Item<'a>> = files
        .iter()
        .map(|file| {
            let key = file.version.key();
            let row = ledger.row(key);
            let partial = ledger.partial(key);
            let checksum = row.map_or(Checksum::None, |row| compare(file, row));
            let state = match (row, partial) {
                (_, Some(partial)) if !partial.is_undone() => MigrationState::Partial,
                (Some(_), _) if checksum == Checksum::Changed => MigrationState::Changed,
                (Some(_), _) => MigrationState::Applied,
                (None, _) if newest.is_some_and(|newest| newest > key) => MigrationState::Late,
                (None, _) => MigrationState::Pending,
            };
            Item { key, file: Some(file), row, partial, state, checksum }
        })
        .collect();
    let known: std::collections::BTreeSet<i64> = items.iter().map(|item| item.key).collect();
    let missing = ledger.rows.iter().filter(|row| !known.contains(&row.key)).map(|row| Item {
        key: row.key,
        file: None,
        row: Some(row),
        partial: ledger.partial(row.key),
        state: MigrationState::Missing,
        checksum: Checksum::Missing,
    });
    items.extend(missing);
    let applied: std::collections::BTreeSet<i64> = items.iter().map(|item| item.key).collect();
    let left = ledger.partial.iter().filter(|partial| !partial.is_undone());
    let orphans = left.filter(|partial| !applied.contains(&partial.key)).map(|partial| Item {
        key: partial.key,
        file: None,
        row: None,
        partial: Some(partial),
        state: MigrationState::Missing,
        checksum: Checksum::Missing,
    });
    items.extend(orphans);
    items.sort_by_key(|item| item.key);
    items
}

/// A row that dbctl did not write has only refinery's checksum, which covers name and text.
fn compare(file: &Migration, row: &Row) -> Checksum {
    let same = match &row.sha256 {
        Some(sha256) => *sha256 == file.checksum.as_str(),
        None => file.refinery().is_ok_and(|migration| migration.checksum() == row.checksum),
    };
    if same { Checksum::Ok } else { Checksum::Changed }
}
