//! Where things are in the state directory.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Error;
use super::files::{self, Readers};
use crate::report::short_run;

/// The folder's name beside `dbctl.toml`.
pub const NAME: &str = ".dbctl";

/// The state directory of a project: `.dbctl/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir {
    root: PathBuf,
}

impl StateDir {
    /// Names the state directory of a project without touching it: one that does not exist reads as empty.
    #[must_use]
    pub fn open(project: &Path) -> Self {
        Self { root: project.join(NAME) }
    }

    /// Makes the state directory where it is missing, private to the user and ignored by git.
    pub fn create(project: &Path) -> Result<Self, Error> {
        let state = Self::open(project);
        files::create_folder(&state.root)?;
        files::create_folder(&state.runs())?;
        let ignore = state.root.join(".gitignore");
        if !ignore.exists() {
            files::write(&ignore, b"*\n", Readers::User)?;
        }
        Ok(state)
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The folder of the runs.
    pub(super) fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// The file whose lock guards read-modify-write.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// The record of what was proved.
    pub(super) fn proofs_file(&self) -> PathBuf {
        self.root.join("verified.json")
    }

    /// The folder of what trials have shown.
    pub(super) fn trials(&self) -> PathBuf {
        self.root.join("trials")
    }

    /// The record of the local gate.
    pub(super) fn gate_file(&self) -> PathBuf {
        self.root.join("gate.json")
    }
}

/// A run's folder, relative to the project.
pub(super) fn shown(folder: &str) -> String {
    format!("{NAME}/runs/{folder}")
}

/// The name of a run's folder: when it began (UTC), and the end of its id, which is random where the beginning of an
/// id is the time again.
pub(super) fn run_folder(started_at: Timestamp, id: &str) -> String {
    format!("{}-{}", started_at.strftime("%Y%m%dT%H%M%SZ"), short_run(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_a_private_folder_that_git_ignores_and_makes_it_once() {
        let project = tempfile::tempdir().unwrap();
        let state = StateDir::create(project.path()).unwrap();
        assert_eq!(std::fs::read_to_string(state.path().join(".gitignore")).unwrap(), "*\n");
        std::fs::write(state.path().join(".gitignore"), "mine\n").unwrap();
        StateDir::create(project.path()).unwrap();
        assert_eq!(std::fs::read_to_string(state.path().join(".gitignore")).unwrap(), "mine\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(state.path()), 0o700);
            assert_eq!(mode(&state.runs()), 0o700);
        }
    }

    #[test]
    fn names_the_folder_by_time_and_the_random_end_of_the_id() {
        let at = "2024-01-31T09:30:00Z".parse().unwrap();
        assert_eq!(run_folder(at, "018d5f2e-1c00-7abc-8def-0123456789ab"), "20240131T093000Z-456789ab");
    }

    #[test]
    fn says_where_and_why_it_could_not_be_made() {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join(NAME), "a file").unwrap();
        let error = StateDir::create(project.path()).unwrap_err();
        assert!(error.to_string().starts_with("could not create the folder `"), "{error}");
    }
}
