//! What was proved of which content: `.dbctl/verified.json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{self, Readers};
use super::{Error, StateDir};
use crate::report::verify::Require;

const FORMAT: &str = "dbctl/verified/v1";

/// What was proved of a migration as it was written then, on what those before it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// The migration's version, as in the file name.
    pub version: String,
    /// SHA-256 of all texts up to its own.
    pub chain: String,
    /// SHA-256 of its down file; none where its way back was generated.
    pub down: Option<String>,
    /// What it was proved to be.
    pub holds: Vec<Require>,
    /// The run's id.
    pub run: String,
    /// When (UTC).
    pub at: Timestamp,
}

/// The record, by SHA-256 of the normalised text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proofs {
    format: String,
    migrations: BTreeMap<String, Proof>,
}

impl Proofs {
    /// Reads the record; one that does not exist yet is empty.
    pub fn load(state: &StateDir) -> Result<Self, Error> {
        let path = state.proofs_file();
        let Some(text) = files::read(&path)? else {
            return Ok(Self { format: FORMAT.to_owned(), migrations: BTreeMap::new() });
        };
        let proofs: Self =
            serde_json::from_str(&text).map_err(|source| Error::Damaged { path: path.clone(), source })?;
        if proofs.format == FORMAT {
            Ok(proofs)
        } else {
            Err(Error::UnknownFormat { path, found: proofs.format, expected: FORMAT })
        }
    }

    /// What was proved of a text on what came before it, with the down file that it has now.
    #[must_use]
    pub fn of(&self, sha256: &str, chain: &str, down: Option<&str>) -> Option<&Proof> {
        self.migrations.get(sha256).filter(|proof| proof.chain == chain && proof.down.as_deref() == down)
    }

    /// Adds what was proved, each with its SHA-256. The record is read again under a lock, so that two processes never lose
    /// each other's entries.
    pub fn record(state: &StateDir, entries: impl IntoIterator<Item = (String, Proof)>) -> Result<(), Error> {
        let _lock = files::lock(&state.lock_file())?;
        let mut proofs = Self::load(state)?;
        proofs.migrations.extend(entries);
        let path = state.proofs_file();
        let mut text = serde_json::to_string_pretty(&proofs).map_err(Error::encode(&path))?;
        text.push('\n');
        files::write(&path, text.as_bytes(), Readers::User)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_counts_for_the_same_text_on_the_same_ground_with_the_same_way_back() {
        let project = tempfile::tempdir().unwrap();
        let state = StateDir::create(project.path()).unwrap();
        let proof = Proof {
            version: "1".to_owned(),
            chain: "c".to_owned(),
            down: Some("d".to_owned()),
            holds: vec![Require::Applies],
            run: "r".to_owned(),
            at: "2026-11-22T10:31:00Z".parse().unwrap(),
        };
        Proofs::record(&state, [("s".to_owned(), proof.clone())]).unwrap();
        let proofs = Proofs::load(&state).unwrap();
        assert_eq!(proofs.of("s", "c", Some("d")), Some(&proof));
        assert_eq!(proofs.of("s", "other", Some("d")), None);
        assert_eq!(proofs.of("s", "c", None), None);
    }
}
