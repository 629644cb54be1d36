//! Why the local server cannot be had, and what mends it.

use std::io;

use camino::Utf8PathBuf;

use super::engine::{Look, Rejected};

/// A failure of the managed local server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No PostgreSQL was found and none could be fetched.
    #[error("found no PostgreSQL for the local database; looked at:{}", listed(looked))]
    NoEngine {
        /// Every place with what was wrong there.
        looked: Vec<Look>,
    },
    /// The installation that the configuration names does not do.
    #[error("the pinned PostgreSQL `{path}` cannot be used: {why}")]
    Pinned {
        /// The path as it was given.
        path: Utf8PathBuf,
        /// Why not.
        why: Rejected,
    },
    /// The archive that `DBCTL_PG_ARCHIVE` names cannot be unpacked.
    #[error("the archive `{path}` cannot be unpacked: {source}")]
    Archive {
        /// The archive.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The bundle was unpacked and does not run.
    #[error("the bundle in `{path}` cannot be used: {why}")]
    Bundle {
        /// Its folder.
        path: Utf8PathBuf,
        /// Why not.
        why: Rejected,
    },
    /// A package is not the one that was pinned.
    #[error("the package `{package}` is refused: its SHA-256 is `{found}`, expected `{expected}`")]
    Checksum {
        /// The package with its version.
        package: String,
        /// The pinned hash.
        expected: String,
        /// The hash of what was fetched.
        found: String,
    },
    /// The binaries that made the project's data are gone, and no others of that major version are here.
    #[error(
        "the local data in `{data_dir}` need PostgreSQL {major}, which is no longer in `{bin_dir}`; looked at:{}",
        listed(looked)
    )]
    EngineGone {
        /// The major version that the data need.
        major: u16,
        /// Where it was.
        bin_dir: Utf8PathBuf,
        /// The data.
        data_dir: Utf8PathBuf,
        /// Every place with what was wrong there.
        looked: Vec<Look>,
    },
    /// The data directory that the state file names is not there.
    #[error("the local data `{data_dir}` that `{state_file}` names are not there")]
    DataGone {
        /// The data directory.
        data_dir: Utf8PathBuf,
        /// The file that names it.
        state_file: Utf8PathBuf,
    },
    /// Root runs dbctl and there is no account to run the server.
    #[error("PostgreSQL refuses to run as root, and none of the accounts `{candidates}` is in /etc/passwd")]
    NoServerAccount {
        /// The names that were looked for.
        candidates: String,
    },
    /// The user's number has no name, which `initdb` needs.
    #[error("`initdb` cannot make a cluster: user {uid} has no entry in /etc/passwd")]
    NamelessUser {
        /// The user's number.
        uid: u32,
    },
    /// A file or folder belongs to someone else.
    #[error("`{path}` belongs to user {owner}, and this is user {user}")]
    OtherOwner {
        /// The path.
        path: Utf8PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who asks.
        user: u32,
    },
    /// The folder for the socket is not safe to use.
    #[error("the socket folder `{path}` is not used: {why}")]
    SocketDir {
        /// The folder.
        path: Utf8PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// `initdb` failed.
    #[error("`{program}` failed: {output}")]
    Initdb {
        /// The program with its path.
        program: Utf8PathBuf,
        /// What it wrote.
        output: String,
    },
    /// A program cannot be run.
    #[error("`{program}` cannot be run: {source}")]
    Spawn {
        /// The program with its path.
        program: Utf8PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The server ended before it was ready.
    #[error("the local PostgreSQL {version} ended while it started; its log `{log_file}` ends with:\n{tail}")]
    StartFailed {
        /// Its version.
        version: String,
        /// Its log.
        log_file: Utf8PathBuf,
        /// The last lines of this start.
        tail: String,
    },
    /// The server was not ready in time.
    #[error("the local PostgreSQL was not ready after {seconds} s; its log `{log_file}` ends with:\n{tail}")]
    StartTimeout {
        /// How long was waited.
        seconds: u64,
        /// Its log.
        log_file: Utf8PathBuf,
        /// The last lines of this start.
        tail: String,
    },
    /// The server runs but does not answer as it should.
    #[error("the local server does not answer on its socket: {reason}")]
    Answer {
        /// What it said, or what failed.
        reason: String,
    },
    /// The server did not end in time.
    #[error("the local server (process {pid}) did not stop within {seconds} s")]
    StopTimeout {
        /// Its process.
        pid: u32,
        /// How long was waited.
        seconds: u64,
    },
    /// The state file cannot be understood.
    #[error("the state file `{path}` cannot be read: {why}")]
    State {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A folder that was to be removed is not one of dbctl's clusters.
    #[error("`{path}` is not removed: {why}")]
    NotOurs {
        /// The folder.
        path: Utf8PathBuf,
        /// What does not fit.
        why: &'static str,
    },
    /// A file operation failed; the message names the path.
    #[error("the local server's files: {0}")]
    Io(#[from] io::Error),
}

impl Error {
    /// What mends it: one line each, the simplest first.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let hints: &[&str] = match self {
            Self::NoEngine { .. } => &[
                "install PostgreSQL: `apt-get install postgresql`, `dnf install postgresql-server` or `brew install postgresql@18`",
                "use a server that you have: `[local] url` in dbctl.toml or DBCTL_LOCAL_URL",
                "without a network: make an archive elsewhere with `dbctl db bundle` and name it in DBCTL_PG_ARCHIVE",
            ],
            Self::Pinned { .. } => {
                &["set `[local] postgres` in dbctl.toml to a folder with `bin/postgres` and `bin/initdb`, or remove it"]
            }
            Self::Archive { .. } | Self::Bundle { .. } => {
                &["make it anew with `dbctl db bundle`, on a machine of the same kind"]
            }
            Self::Checksum { .. } => &["see whether a mirror or proxy changes packages"],
            Self::EngineGone { major, .. } => {
                return vec![
                    format!("install PostgreSQL {major} again; the data are untouched"),
                    "or begin anew: `dbctl db destroy` removes the local data".to_owned(),
                ];
            }
            Self::DataGone { .. } => &["begin anew: `dbctl db destroy`, then `dbctl db start`"],
            Self::NoServerAccount { .. } => &["make an account: `useradd --system postgres`", "or run dbctl as a user"],
            Self::NamelessUser { .. } => &[
                "add the user to /etc/passwd",
                "or use a server that you have: `[local] url` in dbctl.toml or DBCTL_LOCAL_URL",
            ],
            Self::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                &["run dbctl as the user who started the local database"]
            }
            Self::OtherOwner { .. } => &["run dbctl as the user who started the local database"],
            Self::SocketDir { .. } => &["remove that folder, or set XDG_RUNTIME_DIR to a folder of yours"],
            Self::StartFailed { .. } | Self::StartTimeout { .. } => {
                &["if the data are beyond repair, `dbctl db destroy` removes them and the next start makes new ones"]
            }
            Self::StopTimeout { .. } => &["`dbctl db stop --immediate` does not wait for sessions"],
            Self::State { .. } => &["if it is damaged, remove `.dbctl/local` and begin anew"],
            Self::NotOurs { .. } => &["remove it by hand if it is yours"],
            Self::Initdb { .. } | Self::Spawn { .. } | Self::Answer { .. } | Self::Io(_) => &[],
        };
        hints.iter().map(|&hint| hint.to_owned()).collect()
    }
}

fn listed(looked: &[Look]) -> String {
    looked.iter().fold(String::new(), |list, look| list + "\n  " + &look.to_string())
}
