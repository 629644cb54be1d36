//! What a caller says about the server, and the places that follow from it.

use camino::{Utf8Path, Utf8PathBuf};
use etcetera::BaseStrategy;

use super::account;

/// The folder for everything that belongs to servers which root runs: the data have to be reachable by the
/// unprivileged account that owns them, which root's own cache folder is not.
const ROOT_DIR: &str = "/var/lib/dbctl";

/// Whether what is committed has to survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Yes: the project's own database.
    #[default]
    Durable,
    /// No: a shadow or a test, thrown away after use. `fsync` is off.
    Throwaway,
}

/// Where things live and what the user pinned; filled by the caller from its configuration and environment.
///
/// Of the environment this module itself reads only what tells where programs and a user's folders are (`PATH`,
/// `HOME`, `XDG_CACHE_HOME`, `XDG_RUNTIME_DIR`).
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The project's folder, canonical.
    pub project_dir: Utf8PathBuf,
    /// The project's private folder, absolute: `<project>/.dbctl`. The server belongs to this folder.
    pub state_dir: Utf8PathBuf,
    /// The installation that the user wants: its root or its `bin` folder.
    pub pinned: Option<Utf8PathBuf>,
    /// An archive of PostgreSQL's binaries, for machines without a network (`DBCTL_PG_ARCHIVE`).
    pub archive: Option<Utf8PathBuf>,
    /// Where fetched binaries and initialised clusters are kept, in place of the user's cache (`DBCTL_CACHE_DIR`).
    pub cache_dir: Option<Utf8PathBuf>,
    /// Leaves out the installations of the machine (`DBCTL_LOCAL_ENGINE=bundle`).
    pub hide_system: bool,
    /// Settings for the server on top of dbctl's own, as `name` and `value`.
    pub settings: Vec<(String, String)>,
    /// Whether commits have to survive a power cut.
    pub durability: Durability,
}

impl ServerSettings {
    /// The server of a project with nothing pinned.
    #[must_use]
    pub fn new(project_dir: impl Into<Utf8PathBuf>, state_dir: impl Into<Utf8PathBuf>) -> Self {
        Self {
            project_dir: project_dir.into(),
            state_dir: state_dir.into(),
            pinned: None,
            archive: None,
            cache_dir: None,
            hide_system: false,
            settings: Vec::new(),
            durability: Durability::Durable,
        }
    }

    /// The folder that holds the state file, and the data unless root runs dbctl.
    pub(super) fn local_dir(&self) -> Utf8PathBuf {
        self.state_dir.join("local")
    }

    /// The folder in which a new cluster gets its data directory and log.
    pub(super) fn new_cluster_dir(&self, id: &str) -> Utf8PathBuf {
        if account::is_root() { Utf8Path::new(ROOT_DIR).join("clusters").join(id) } else { self.local_dir() }
    }

    /// The folder for what projects share, made where it is missing.
    ///
    /// A user whose home cannot be written to (containers) gets it in the project.
    pub(super) fn shared_dir(&self) -> std::io::Result<Utf8PathBuf> {
        let dir = if let Some(dir) = &self.cache_dir {
            dir.clone()
        } else if account::is_root() {
            Utf8PathBuf::from(ROOT_DIR)
        } else {
            let cache = etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("dbctl"));
            match cache.and_then(|dir| Utf8PathBuf::from_path_buf(dir).ok()) {
                Some(dir) if fs_err::create_dir_all(&dir).is_ok() => dir,
                _ => self.state_dir.join("cache"),
            }
        };
        fs_err::create_dir_all(&dir)?;
        Ok(dir)
    }

    /// The folder that holds the folders of sockets: short, because a socket's path has room for 103 to 107 bytes.
    pub(super) fn socket_parent() -> Utf8PathBuf {
        if account::is_root() {
            return Utf8Path::new(ROOT_DIR).join("run");
        }
        let runtime = etcetera::choose_base_strategy().ok().and_then(|base| base.runtime_dir());
        match runtime.and_then(|dir| Utf8PathBuf::from_path_buf(dir).ok()) {
            // After `su` it may still be another user's.
            Some(dir) if account::owns(&dir) && dir.as_str().len() <= 60 => dir.join("dbctl"),
            _ => Utf8PathBuf::from(format!("/tmp/dbctl-{}", account::euid())),
        }
    }
}
