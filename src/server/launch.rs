//! Starts the server on a cluster and waits until it takes connections.

use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8Path;

use super::cluster::Cluster;
use super::postmaster::{self, POLL, Phase, Postmaster};
use super::{Durability, Error, ServerSettings, log, port, socket, state::State, wire};

/// How long a start may take; recovery after a crash is in it.
pub(super) const START_LIMIT: Duration = Duration::from_mins(1);

/// How long the processes of a killed server may take to notice it and leave.
const LEAVE_LIMIT: Duration = Duration::from_secs(10);

/// The superuser of every cluster.
pub(super) const SUPERUSER: &str = "postgres";

/// What a server is told where the user says nothing else.
const DEFAULTS: [(&str, &str); 7] = [
    ("synchronous_commit", "on"),
    ("max_connections", "100"),
    ("shared_buffers", "64MB"),
    ("wal_level", "logical"),
    ("jit", "off"),
    ("log_min_messages", "warning"),
    ("password_encryption", "scram-sha-256"),
];

/// What a server is told whatever the user says: it is reached from this machine only, and its log is where dbctl
/// looks for it.
const FIXED: [(&str, &str); 4] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_permissions", "0700"),
    ("logging_collector", "off"),
    ("log_destination", "stderr"),
];

/// Why an attempt did not bring up a server.
enum Attempt {
    Ready(Postmaster),
    PortTaken,
    StillLeaving,
    Ended { tail: String },
    TooSlow { tail: String },
}

/// Starts the server; the state file gets the port before anybody can see it.
pub(super) fn launch(cluster: &mut Cluster, settings: &ServerSettings) -> Result<Postmaster, Error> {
    let socket_dir = socket::prepare(&cluster.data_dir, cluster.account)?;
    let begin = Instant::now();
    if cluster.state.port == 0 || !port::is_free(cluster.state.port) {
        cluster.state.port = port::choose()?;
    }
    loop {
        cluster.state.write(settings)?;
        postmaster::disarm_left_over(&cluster.data_dir)?;
        match attempt(cluster, settings, &socket_dir)? {
            Attempt::Ready(postmaster) => {
                let socket = postmaster::socket_path(&socket_dir, postmaster.port);
                // At every start, so that the recorded password is the right one whatever a crash or a statement of
                // the user's did to it.
                wire::set_password(&socket, SUPERUSER, &cluster.state.password)?;
                return Ok(postmaster);
            }
            Attempt::PortTaken if begin.elapsed() < START_LIMIT => cluster.state.port = port::choose()?,
            Attempt::StillLeaving if begin.elapsed() < LEAVE_LIMIT => std::thread::sleep(POLL * 20),
            Attempt::PortTaken | Attempt::StillLeaving => return Err(failed(cluster, String::new())),
            Attempt::Ended { tail } => return Err(failed(cluster, tail)),
            Attempt::TooSlow { tail } => {
                let seconds = START_LIMIT.as_secs();
                return Err(Error::StartTimeout { seconds, log_file: cluster.log_file(), tail });
            }
        }
    }
}

/// Waits for a server that somebody else started.
pub(super) fn wait_until_ready(cluster: &Cluster) -> Result<Option<Postmaster>, Error> {
    let begin = Instant::now();
    while let Some(postmaster) = Postmaster::find(&cluster.data_dir)? {
        if postmaster.phase == Phase::Ready {
            return Ok(Some(postmaster));
        }
        if begin.elapsed() > START_LIMIT {
            let (seconds, log_file) = (START_LIMIT.as_secs(), cluster.log_file());
            let tail = log::tail(&log::since(&log_file, 0));
            return Err(Error::StartTimeout { seconds, log_file, tail });
        }
        std::thread::sleep(POLL);
    }
    Ok(None)
}

fn failed(cluster: &Cluster, tail: String) -> Error {
    Error::StartFailed { version: cluster.state.engine.version.clone(), log_file: cluster.log_file(), tail }
}

fn attempt(cluster: &Cluster, settings: &ServerSettings, socket_dir: &Utf8Path) -> Result<Attempt, Error> {
    let (log_file, from) = log::open(&cluster.log_file())?;
    let log_file = log_file.into_file();
    let data_dir = &cluster.data_dir;
    let program = cluster.state.engine.bin_dir.join("postgres");
    let mut command = cluster.account.command(&program, data_dir);
    command.args(["-D", data_dir.as_str()]);
    let port = cluster.state.port.to_string();
    let place = [("port", port.as_str()), ("unix_socket_directories", socket_dir.as_str())];
    let users = settings.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let throwaway: &[(&str, &str)] = match settings.durability {
        Durability::Durable => &[("fsync", "on"), ("full_page_writes", "on")],
        Durability::Throwaway => &[("fsync", "off"), ("full_page_writes", "off")],
    };
    // The last word on a setting counts.
    let settings = DEFAULTS.into_iter().chain(throwaway.iter().copied()).chain(users).chain(FIXED).chain(place);
    for (name, value) in settings {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // A group of its own keeps the terminal's Ctrl-C away from it.
    command.stdout(log_file.try_clone()?).stderr(log_file).stdin(Stdio::null()).process_group(0);
    let mut child = command.spawn().map_err(|error| Error::Spawn { program: program.clone(), source: error })?;
    let begin = Instant::now();
    loop {
        let found = Postmaster::read(data_dir)?.filter(|found| found.pid == child.id() && found.phase == Phase::Ready);
        if let Some(postmaster) = found {
            reap_in_background(child);
            return Ok(Attempt::Ready(postmaster));
        }
        if child.try_wait()?.is_some() {
            return Ok(diagnose(&log::since(&cluster.log_file(), from)));
        }
        if begin.elapsed() > START_LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(Attempt::TooSlow { tail: log::tail(&log::since(&cluster.log_file(), from)) });
        }
        std::thread::sleep(POLL);
    }
}

/// Sorts a failed start by what the server wrote; its messages are in English, because it runs with `LC_ALL=C`.
fn diagnose(written: &str) -> Attempt {
    if written.contains("could not create any TCP/IP sockets") {
        Attempt::PortTaken
    } else if written.contains("pre-existing shared memory block") {
        Attempt::StillLeaving
    } else {
        Attempt::Ended { tail: log::tail(written) }
    }
}

/// Collects the exit status once the server ends, should dbctl live that long: a process whose status nobody collects
/// looks alive.
fn reap_in_background(mut child: Child) {
    std::thread::spawn(move || child.wait());
}

/// The state of a server that runs, as it is given to callers.
pub(super) fn port_of(state: &State, postmaster: &Postmaster) -> u16 {
    if postmaster.port == 0 { state.port } else { postmaster.port }
}
