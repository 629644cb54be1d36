//! A server that runs, and how to reach it.

use camino::Utf8PathBuf;
use secrecy::{ExposeSecret, SecretString};

use super::engine::Engine;
use crate::text::percent_encode;

/// What a start had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// Nothing: it ran already.
    AlreadyRunning,
    /// It started the server on the data that were there.
    Started,
    /// It made new data and started the server on them.
    Initialised,
}

/// A running server.
#[derive(Debug, Clone)]
pub struct Running {
    /// The folder of the Unix socket, which asks for no password and is private to the user.
    pub socket_dir: Utf8PathBuf,
    /// The port, of the socket and on the loopback interface.
    pub port: u16,
    /// The superuser: `postgres`.
    pub user: String,
    /// The superuser's password, needed on the loopback interface.
    pub password: SecretString,
    /// The loopback address.
    pub host: &'static str,
    /// The data directory.
    pub data_dir: Utf8PathBuf,
    /// The server's process.
    pub pid: u32,
    /// The binaries that run.
    pub engine: Engine,
    /// What had to be done.
    pub started: Started,
    /// The server's log.
    pub log_file: Utf8PathBuf,
}

impl Running {
    /// A URL with the password that any client on this machine can use.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let Self { user, host, port, password, .. } = self;
        format!("postgresql://{user}:{}@{host}:{port}/{}", password.expose_secret(), percent_encode(database))
    }
}
