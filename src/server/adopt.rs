//! Takes over a server that runs already: two small files read, no connection and no process.

use super::cluster::log_file;
use super::launch::{SUPERUSER, port_of};
use super::postmaster::{Phase, Postmaster};
use super::state::State;
use super::{Error, Running, ServerSettings, Started};

/// The project's server where it runs, is ready and has its socket.
pub(super) fn adopt(settings: &ServerSettings) -> Result<Option<Running>, Error> {
    let Some(state) = State::read(settings)? else { return Ok(None) };
    let data_dir = state.data_dir(settings);
    let found = Postmaster::find(&data_dir)?.filter(|postmaster| {
        postmaster.phase == Phase::Ready && postmaster.is_in_place(&data_dir) && postmaster.has_socket()
    });
    Ok(found.map(|postmaster| describe(state, &postmaster, settings, Started::AlreadyRunning)))
}

/// What callers get to know about a running server.
pub(super) fn describe(state: State, postmaster: &Postmaster, settings: &ServerSettings, started: Started) -> Running {
    let data_dir = state.data_dir(settings);
    Running {
        socket_dir: postmaster.socket_dir.clone(),
        port: port_of(&state, postmaster),
        user: SUPERUSER.to_owned(),
        password: state.password.into(),
        host: "127.0.0.1",
        log_file: log_file(&data_dir),
        data_dir,
        pid: postmaster.pid,
        engine: state.engine,
        started,
    }
}
