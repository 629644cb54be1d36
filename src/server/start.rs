//! Starts the project's server, or finds it running.

use super::adopt::{adopt, describe};
use super::cluster::{Cluster, make_local_dir};
use super::launch::{launch, wait_until_ready};
use super::postmaster::{Phase, Postmaster};
use super::state::State;
use super::stop::{StopMode, end};
use super::{Error, Progress, Running, ServerSettings, Started, lock};

/// Makes sure that the project's server runs: adopts it, starts it, or makes it from nothing.
///
/// Any number of processes may call this at the same moment; they get the same server. The server outlives dbctl.
///
/// # Errors
/// Where no PostgreSQL can be had, or it does not start; [`Error::hints`] says what mends it.
pub fn start(settings: &ServerSettings, progress: &mut dyn FnMut(Progress)) -> Result<Running, Error> {
    let lock_file = settings.local_dir().join("lock");
    if let Some(state) = State::read(settings)? {
        state.claim(settings)?;
    }
    // While somebody starts or stops it, what is seen of the server says nothing yet.
    if let Some(running) = adopt(settings)?
        && lock::is_free(&lock_file)
    {
        return Ok(running);
    }
    make_local_dir(settings)?;
    let _lock = lock::acquire(&lock_file, || progress(Progress::WaitingForOther))?;
    if let Some(running) = adopt(settings)? {
        return Ok(running);
    }
    let (mut cluster, started) = match State::read(settings)? {
        Some(state) => (Cluster::open(state, settings, progress)?, Started::Started),
        None => (Cluster::create(settings, progress)?, Started::Initialised),
    };
    if let Some(postmaster) = settle(&cluster, progress)? {
        return Ok(describe(cluster.state, &postmaster, settings, Started::AlreadyRunning));
    }
    progress(Progress::Starting { version: cluster.state.engine.version.clone() });
    let postmaster = launch(&mut cluster, settings)?;
    Ok(describe(cluster.state, &postmaster, settings, started))
}

/// Waits for a server that is on its way up or down; a ready one that lost its socket or its path is stopped.
fn settle(cluster: &Cluster, progress: &mut dyn FnMut(Progress)) -> Result<Option<Postmaster>, Error> {
    let Some(postmaster) = Postmaster::find(&cluster.data_dir)? else { return Ok(None) };
    if postmaster.phase == Phase::Starting
        && let Some(ready) = wait_until_ready(cluster)?
        && ready.answers()
    {
        return Ok(Some(ready));
    }
    if postmaster.phase == Phase::Ready {
        progress(Progress::Restarting);
    }
    end(&postmaster, &cluster.data_dir, StopMode::Fast)?;
    Ok(None)
}
