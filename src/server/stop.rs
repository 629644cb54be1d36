//! Stops the project's server, and removes it.

use std::time::Duration;

use camino::Utf8Path;
use rustix::process::Signal;

use super::cluster::log_file;
use super::files::UNFINISHED;
use super::postmaster::Postmaster;
use super::state::State;
use super::{Error, ServerSettings, account, lock, socket};

/// How long a server may take to end.
const STOP_LIMIT: Duration = Duration::from_mins(1);

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopMode {
    /// Sessions are ended, their transactions rolled back, and everything is written.
    Fast,
    /// Nothing is waited for; the next start recovers as after a crash.
    Immediate,
}

/// Stops the server; says whether it ran.
///
/// # Errors
/// Where it belongs to somebody else or does not end.
pub fn stop(settings: &ServerSettings, mode: StopMode) -> Result<bool, Error> {
    if State::read(settings)?.is_none() {
        return Ok(false);
    }
    let _lock = lock::acquire(&settings.local_dir().join("lock"), || ())?;
    match State::read(settings)? {
        Some(state) => stop_on(&state.data_dir(settings), mode),
        None => Ok(false),
    }
}

/// Stops the server and removes its data; does nothing where the project has none.
///
/// # Errors
/// Where the data directory is not one that dbctl made for this project: then nothing is removed.
pub fn destroy(settings: &ServerSettings) -> Result<(), Error> {
    if State::read(settings)?.is_none() {
        return Ok(());
    }
    let _lock = lock::acquire(&settings.local_dir().join("lock"), || ())?;
    let Some(state) = State::read(settings)? else { return Ok(()) };
    let data_dir = state.data_dir(settings);
    if data_dir.exists() {
        state.check_is_ours(&data_dir)?;
        stop_on(&data_dir, StopMode::Immediate)?;
        // Under this name a removal that is cut short is finished by the next start.
        let doomed = data_dir.with_file_name(format!("{UNFINISHED}{}", state.id));
        fs_err::rename(&data_dir, &doomed)?;
        fs_err::remove_file(State::file(settings))?;
        fs_err::remove_dir_all(doomed)?;
    }
    let log = log_file(&data_dir);
    for file in [log.with_extension("log.1"), log, State::file(settings)] {
        if file.exists() {
            fs_err::remove_file(file)?;
        }
    }
    let folders = [
        Some(ServerSettings::socket_parent().join(socket::short_name(&data_dir))),
        data_dir.parent().filter(|_| account::is_root()).map(ToOwned::to_owned),
    ];
    for folder in folders.into_iter().flatten() {
        // Only where nothing is left in it; whatever is there is not dbctl's.
        fs_err::remove_dir(folder).ok();
    }
    Ok(())
}

fn stop_on(data_dir: &Utf8Path, mode: StopMode) -> Result<bool, Error> {
    let Some(postmaster) = Postmaster::find(data_dir)? else { return Ok(false) };
    end(&postmaster, data_dir, mode)?;
    Ok(true)
}

/// Ends a server and waits for its end.
pub(super) fn end(postmaster: &Postmaster, data_dir: &Utf8Path, mode: StopMode) -> Result<(), Error> {
    // <https://www.postgresql.org/docs/current/server-shutdown.html>
    postmaster.signal(match mode {
        StopMode::Fast => Signal::INT,
        StopMode::Immediate => Signal::QUIT,
    })?;
    if postmaster.wait_for_end(data_dir, STOP_LIMIT)? {
        return Ok(());
    }
    Err(Error::StopTimeout { pid: postmaster.pid, seconds: STOP_LIMIT.as_secs() })
}
