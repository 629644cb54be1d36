//! Why the state directory could not be read or written.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::sum::SumProblem;

/// What was tried on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Making a folder.
    CreateFolder,
    /// Writing a file.
    Write,
    /// Reading a file.
    Read,
    /// Listing a folder.
    List,
    /// Taking a lock.
    Lock,
    /// Removing a file.
    Remove,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CreateFolder => "create the folder",
            Self::Write => "write",
            Self::Read => "read",
            Self::List => "list",
            Self::Lock => "lock",
            Self::Remove => "remove",
        })
    }
}

/// What can go wrong with dbctl's own files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("could not {operation} `{}`: {source}", path.display())]
    Io {
        /// What was tried.
        operation: Operation,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A value could not be written as JSON.
    #[error("could not write `{}` as JSON: {source}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What the encoder says.
        source: serde_json::Error,
    },
    /// A file does not say what it should.
    #[error("`{}` is damaged: {source}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the decoder says, with line and column.
        source: serde_json::Error,
    },
    /// A file is of a format that this version does not know.
    #[error("`{}` has the format `{found}`, but this dbctl reads `{expected}`", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// The format it names.
        found: String,
        /// The format that is read.
        expected: &'static str,
    },
    /// A line of `dbctl.sum` cannot be read.
    #[error("`{}:{line}`: {problem}", path.display())]
    Sum {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: SumProblem,
    },
    /// The report's template failed, which is a bug.
    #[error("could not fill in the report's template: {source}")]
    Template {
        /// What the template engine says.
        source: minijinja::Error,
    },
    /// No run has that name.
    #[error("there is no run `{id}` in `{}`", path.display())]
    NoSuchRun {
        /// What was asked for.
        id: String,
        /// The folder of the runs.
        path: PathBuf,
    },
    /// More than one run has that name.
    #[error("`{id}` is the beginning of {} runs: {}", folders.len(), folders.join(", "))]
    AmbiguousRun {
        /// What was asked for.
        id: String,
        /// The runs' folders.
        folders: Vec<String>,
    },
}

impl Error {
    pub(super) fn io(operation: Operation, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { operation, path, source }
    }

    pub(super) fn encode(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Encode { path, source }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Io { path, source, .. } => io_hint(path, source.kind()).into_iter().collect(),
            Self::Damaged { path, .. } if path.ends_with("gate.json") => vec![format!(
                "remove `{}` and run `dbctl migrate --local`: what passes there is recorded anew",
                path.display()
            )],
            Self::Damaged { path, .. } => vec![format!("restore `{}` or remove it", path.display())],
            Self::UnknownFormat { .. } => vec!["it was written by another version of dbctl: use that one".to_owned()],
            Self::Sum { problem, .. } => vec![problem.hint().to_owned()],
            Self::NoSuchRun { .. } => vec!["`dbctl runs list` shows what there is".to_owned()],
            Self::AmbiguousRun { .. } => vec!["give more of its name".to_owned()],
            Self::Encode { .. } | Self::Template { .. } => vec!["this is a bug in dbctl: please report it".to_owned()],
        }
    }
}

fn io_hint(path: &Path, kind: ErrorKind) -> Option<String> {
    let folder = path.parent().unwrap_or(path).display();
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Some(format!("free space on the disk that holds `{folder}`"))
        }
        ErrorKind::ReadOnlyFilesystem => Some(format!("`{folder}` is on a read-only file system: mount it writable")),
        ErrorKind::PermissionDenied => {
            Some(format!("`ls -ld {folder}` shows whose it is; run dbctl as that user or change its owner"))
        }
        _ => None,
    }
}
