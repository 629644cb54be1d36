//! `.dbctl/local/state.json`: which data belong to the project, and what opens them.
//!
//! It holds only what stays true after a crash: never that a server runs.

use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::account;
use super::engine::Engine;
use super::{Error, ServerSettings};

const FORMAT: &str = "dbctl/local/v1";
const MARKER_FORMAT: &str = "dbctl/cluster/v1";

/// The marker inside a data directory that dbctl made.
const MARKER: &str = "dbctl.json";

/// The state file's content. It has no `Debug`, because it holds the password.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct State {
    format: String,
    /// Names the cluster; the marker inside the data has the same.
    pub(super) id: String,
    /// The data directory, relative to the state file's folder where it lies within, so that a project can be moved.
    data_dir: Utf8PathBuf,
    /// The engine that made the data.
    pub(super) engine: Engine,
    /// The port of the last start; a later start takes it again where it is free.
    pub(super) port: u16,
    /// The superuser's password.
    pub(super) password: String,
    /// When the data were made (RFC 3339, UTC).
    pub(super) created_at: String,
}

/// The marker's content.
#[derive(Serialize, Deserialize)]
struct Marker {
    format: String,
    id: String,
    project_dir: Utf8PathBuf,
}

impl State {
    /// The state of a cluster that was just made.
    pub(super) fn new(id: String, data_dir: Utf8PathBuf, engine: Engine, settings: &ServerSettings) -> Self {
        let data_dir = data_dir.strip_prefix(settings.local_dir()).map(Utf8Path::to_owned).unwrap_or(data_dir);
        Self {
            format: FORMAT.to_owned(),
            id,
            data_dir,
            engine,
            port: 0,
            password: uuid::Uuid::new_v4().simple().to_string(),
            created_at: jiff::Timestamp::now().to_string(),
        }
    }

    /// The state file's path.
    pub(super) fn file(settings: &ServerSettings) -> Utf8PathBuf {
        settings.local_dir().join("state.json")
    }

    /// Reads the state; `None` where the project has no cluster.
    pub(super) fn read(settings: &ServerSettings) -> Result<Option<Self>, Error> {
        let path = Self::file(settings);
        let text = match fs_err::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let state: Self =
            serde_json::from_str(&text).map_err(|error| Error::State { path: path.clone(), why: error.to_string() })?;
        if state.format == FORMAT {
            Ok(Some(state).filter(|state| !state.was_copied(settings)))
        } else {
            Err(Error::State { path, why: format!("its format is `{}`, this dbctl reads `{FORMAT}`", state.format) })
        }
    }

    /// Whether the state file came with a copy of a project whose data, lying elsewhere, stayed the original's.
    fn was_copied(&self, settings: &ServerSettings) -> bool {
        let other = if self.data_dir.is_absolute() { project_of(&self.data_dir) } else { None };
        let Some(other) = other.filter(|other| *other != settings.project_dir) else { return false };
        let Ok(inner) = settings.state_dir.strip_prefix(&settings.project_dir) else { return false };
        let theirs = Self::file(&ServerSettings::new(other.clone(), other.join(inner)));
        // One folder under two paths, as in a container, is no copy.
        let same = |a: &Utf8Path, b: &Utf8Path| match (fs_err::metadata(a), fs_err::metadata(b)) {
            (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
            _ => false,
        };
        let text = fs_err::read_to_string(&theirs).unwrap_or_default();
        let id = serde_json::from_str::<Self>(&text).ok().map(|state| state.id);
        id.as_ref() == Some(&self.id) && !same(&theirs, &Self::file(settings))
    }

    /// Tells the data which project they belong to, where that was moved.
    pub(super) fn claim(&self, settings: &ServerSettings) -> std::io::Result<()> {
        let data_dir = self.data_dir(settings);
        match project_of(&data_dir) {
            Some(project) if project != settings.project_dir => mark(&data_dir, &self.id, settings),
            _ => Ok(()),
        }
    }

    /// Writes the state whole or not at all, private to the user.
    pub(super) fn write(&self, settings: &ServerSettings) -> std::io::Result<()> {
        write_private(&Self::file(settings), self)
    }

    /// The data directory.
    pub(super) fn data_dir(&self, settings: &ServerSettings) -> Utf8PathBuf {
        settings.local_dir().join(&self.data_dir)
    }

    /// Refuses a data directory that dbctl did not make for this state.
    pub(super) fn check_is_ours(&self, data_dir: &Utf8Path) -> Result<(), Error> {
        let refuse = |why| Error::NotOurs { path: data_dir.to_owned(), why };
        if fs_err::symlink_metadata(data_dir).is_ok_and(|meta| meta.is_symlink()) {
            return Err(refuse("it is a symbolic link"));
        }
        if !data_dir.join("PG_VERSION").is_file() {
            return Err(refuse("it is not a PostgreSQL data directory"));
        }
        let marker = fs_err::read_to_string(data_dir.join(MARKER)).unwrap_or_default();
        match serde_json::from_str::<Marker>(&marker) {
            Ok(marker) if marker.format == MARKER_FORMAT && marker.id == self.id => Ok(()),
            Ok(_) => Err(refuse("it belongs to another project")),
            Err(_) => Err(refuse("dbctl did not make it")),
        }
    }
}

/// The project that a data directory belongs to, as its marker says.
pub(super) fn project_of(data_dir: &Utf8Path) -> Option<Utf8PathBuf> {
    let text = fs_err::read_to_string(data_dir.join(MARKER)).ok()?;
    serde_json::from_str::<Marker>(&text).ok().map(|marker| marker.project_dir)
}

/// Marks a data directory as dbctl's.
pub(super) fn mark(data_dir: &Utf8Path, id: &str, settings: &ServerSettings) -> std::io::Result<()> {
    let marker =
        Marker { format: MARKER_FORMAT.to_owned(), id: id.to_owned(), project_dir: settings.project_dir.clone() };
    write_private(&data_dir.join(MARKER), &marker)
}

/// Writes JSON to a temporary name, mode 0600, and renames it.
fn write_private(path: &Utf8Path, value: &impl Serialize) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, value)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    account::give_to_owner_of_folder(path)
}
