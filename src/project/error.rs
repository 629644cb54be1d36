//! What can be wrong with a project's files.

use std::io;

use camino::Utf8PathBuf;

use super::migrations;
use crate::text::{Source, Span};

/// A project that cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Which.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write `{path}`")]
    Write {
        /// Which.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder given with `-C` is not there.
    #[error("there is no folder `{path}`")]
    NoFolder {
        /// Which.
        path: Utf8PathBuf,
    },
    /// `dbctl.toml` is not valid.
    #[error("{message}")]
    Config {
        /// The file's text.
        source_text: Source,
        /// Where, if the parser says.
        span: Option<Span>,
        /// What is wrong.
        message: String,
    },
    /// A line of a `.env` file is not valid.
    #[error("entry {entry} of `{path}` is not `NAME=value`")]
    EnvFile {
        /// Which file.
        path: Utf8PathBuf,
        /// Which entry, from 1.
        entry: usize,
    },
    /// A path is not valid UTF-8.
    #[error("the path of the present folder is not valid UTF-8")]
    NotUtf8,
    /// A template is wrong: a bug.
    #[error("a template could not be filled in")]
    Template(#[from] minijinja::Error),
    /// The migrations folder cannot be used.
    #[error(transparent)]
    Migrations(#[from] migrations::Error),
}
