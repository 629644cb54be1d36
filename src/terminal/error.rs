//! Why the answer could not be written.

use std::io;

/// What can go wrong while stdout is written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The reader is gone (`dbctl status | head`): the process ends silently with success.
    #[error("standard output was closed")]
    Closed,
    /// Writing failed otherwise, such as on a full disk.
    #[error("the answer could not be written to standard output: {source}")]
    Write {
        /// What the system says.
        source: io::Error,
    },
    /// The answer could not be made into JSON.
    #[error("the answer could not be written as JSON: {source}")]
    Encode {
        /// What the encoder says.
        source: serde_json::Error,
    },
}

impl Error {
    /// Whether nobody reads any more, which is no failure.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed)
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Write { source } }
    }
}

impl From<serde_json::Error> for Error {
    fn from(source: serde_json::Error) -> Self {
        Self::Encode { source }
    }
}
