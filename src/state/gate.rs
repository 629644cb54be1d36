//! The local gate: which contents have passed a green local run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{self, Readers};
use super::{Error, StateDir};

const FORMAT: &str = "dbctl/gate/v1";

/// When and where a content passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateEntry {
    /// The migration's version, as in the file name.
    pub version: String,
    /// The run's id.
    pub run: String,
    /// When (UTC).
    pub at: Timestamp,
}

/// The record, `.dbctl/gate.json`, by SHA-256 of the normalised text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    format: String,
    passed: BTreeMap<String, GateEntry>,
}

impl Gate {
    /// Reads the record; one that does not exist yet is empty.
    pub fn load(state: &StateDir) -> Result<Self, Error> {
        let path = state.gate_file();
        let Some(text) = files::read(&path)? else {
            return Ok(Self { format: FORMAT.to_owned(), passed: BTreeMap::new() });
        };
        let gate: Self = serde_json::from_str(&text).map_err(|source| Error::Damaged { path: path.clone(), source })?;
        if gate.format == FORMAT {
            Ok(gate)
        } else {
            Err(Error::UnknownFormat { path, found: gate.format, expected: FORMAT })
        }
    }

    /// Whether this exact content has passed.
    #[must_use]
    pub fn passed(&self, sha256: &str) -> bool {
        self.passed.contains_key(sha256)
    }

    /// Adds contents that have passed, each with its SHA-256, and answers the whole record.
    ///
    /// The record is read again under a lock, so that two processes never lose each other's entries, and written only
    /// where it changes.
    pub fn record(state: &StateDir, entries: impl IntoIterator<Item = (String, GateEntry)>) -> Result<Self, Error> {
        let _lock = files::lock(&state.lock_file())?;
        let mut gate = Self::load(state)?;
        // Migrations with the same text share an entry: the last one has it.
        let entries: BTreeMap<String, GateEntry> = entries.into_iter().collect();
        if entries.iter().all(|(sha256, entry)| gate.passed.get(sha256) == Some(entry)) {
            return Ok(gate);
        }
        gate.passed.extend(entries);
        let path = state.gate_file();
        let mut text = serde_json::to_string_pretty(&gate).map_err(Error::encode(&path))?;
        text.push('\n');
        files::write(&path, text.as_bytes(), Readers::User)?;
        Ok(gate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: usize) -> (String, GateEntry) {
        let at = "2026-11-21T10:31:00Z".parse().unwrap();
        (format!("sha{n}"), GateEntry { version: n.to_string(), run: "r".to_owned(), at })
    }

    #[test]
    fn remembers_what_passed() {
        let project = tempfile::tempdir().unwrap();
        let state = StateDir::create(project.path()).unwrap();
        assert!(!Gate::load(&state).unwrap().passed("sha1"));
        Gate::record(&state, [entry(1)]).unwrap();
        let gate = Gate::load(&state).unwrap();
        assert!(gate.passed("sha1"));
        assert!(!gate.passed("sha2"));
        assert_eq!(gate.passed["sha1"].version, "1");
    }

    #[test]
    fn loses_no_entry_when_many_write_at_once() {
        let project = tempfile::tempdir().unwrap();
        let state = StateDir::create(project.path()).unwrap();
        std::thread::scope(|scope| {
            for n in 0..16 {
                let state = &state;
                scope.spawn(move || Gate::record(state, [entry(n)]).unwrap());
            }
        });
        let gate = Gate::load(&state).unwrap();
        assert!((0..16).all(|n| gate.passed(&format!("sha{n}"))));
    }

    #[test]
    fn refuses_a_damaged_record_and_one_of_another_version() {
        let project = tempfile::tempdir().unwrap();
        let state = StateDir::create(project.path()).unwrap();
        std::fs::write(state.gate_file(), "{").unwrap();
        let error = Gate::load(&state).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
        assert!(error.hints()[0].contains("dbctl migrate --local"));
        std::fs::write(state.gate_file(), r#"{"format":"dbctl/gate/v9","passed":{}}"#).unwrap();
        assert!(matches!(Gate::load(&state), Err(Error::UnknownFormat { .. })));
    }
}
