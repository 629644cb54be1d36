//! Says how the project's server stands; starts and changes nothing.

use camino::Utf8PathBuf;

use super::adopt::adopt;
use super::cluster::log_file;
use super::state::State;
use super::{Engine, Error, Running, ServerSettings};

/// How the project's server stands.
#[derive(Debug, Clone)]
pub enum Status {
    /// The project has none.
    Absent,
    /// Its data are there and no server takes connections on them.
    Stopped(Stopped),
    /// It runs.
    Running(Running),
}

/// A server that could be started.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// The data directory.
    pub data_dir: Utf8PathBuf,
    /// The engine that made the data.
    pub engine: Engine,
    /// The server's log.
    pub log_file: Utf8PathBuf,
}

/// Says how the project's server stands.
///
/// # Errors
/// Where its files cannot be read.
pub fn status(settings: &ServerSettings) -> Result<Status, Error> {
    if let Some(running) = adopt(settings)? {
        return Ok(Status::Running(running));
    }
    let Some(state) = State::read(settings)? else { return Ok(Status::Absent) };
    let data_dir = state.data_dir(settings);
    Ok(Status::Stopped(Stopped { log_file: log_file(&data_dir), data_dir, engine: state.engine }))
}
