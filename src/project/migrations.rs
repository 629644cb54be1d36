//! Reads a migrations folder from disk.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::migration::{Entry, FileError, LayoutError, Migration, Set, recognise};

/// Why a migrations folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is not there.
    #[error("there is no migrations folder `{folder}`")]
    Missing {
        /// As it is shown.
        folder: Utf8PathBuf,
    },
    /// Something else than a folder stands there.
    #[error("`{folder}` is not a folder")]
    NotFolder {
        /// As it is shown.
        folder: Utf8PathBuf,
    },
    /// A file or folder may not be read.
    #[error("no permission to read `{path}`")]
    Permission {
        /// As it is shown.
        path: Utf8PathBuf,
    },
    /// A link leads nowhere.
    #[error("`{path}` is a link to a file that is not there")]
    BrokenLink {
        /// As it is shown.
        path: Utf8PathBuf,
    },
    /// A pipe, a socket or a device.
    #[error("`{path}` is not a regular file")]
    NotFile {
        /// As it is shown.
        path: Utf8PathBuf,
    },
    /// A name is no UTF-8.
    #[error("the name of a file in `{folder}` is not valid UTF-8: `{name}`")]
    Name {
        /// As it is shown.
        folder: Utf8PathBuf,
        /// The name with `�` for what is wrong.
        name: String,
    },
    /// The system refuses to read.
    #[error("`{path}` cannot be read")]
    Io {
        /// As it is shown.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The names are not clear.
    #[error("`{folder}` is not usable as a migrations folder: {why}")]
    Layout {
        /// As it is shown.
        folder: Utf8PathBuf,
        /// Why.
        why: LayoutError,
    },
    /// A file is not usable.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Error {
    /// What mends it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Layout { why, .. } => why.hints(),
            Self::File(error) => error.hints(),
            Self::Missing { .. } => vec!["`dbctl init` makes it".to_owned()],
            Self::Permission { path } => vec![format!("`chmod u+r '{path}'`, or run as the user who owns it")],
            Self::NotFolder { .. }
            | Self::NotFile { .. }
            | Self::BrokenLink { .. }
            | Self::Name { .. }
            | Self::Io { .. } => Vec::new(),
        }
    }
}

/// Reads the migrations in `folder`, which people see as `shown_as`. Links are followed.
pub fn read(folder: &Utf8Path, shown_as: &Utf8Path) -> Result<Set, Error> {
    let at = Folder { path: folder, shown_as };
    let listing = recognise(&at.entries()?).map_err(|why| Error::Layout { folder: shown_as.to_owned(), why })?;
    let mut migrations = Vec::with_capacity(listing.migrations.len());
    for listed in listing.migrations {
        let up = at.bytes(&listed.up)?;
        let down = listed.down.as_ref().map(|path| at.bytes(path)).transpose()?;
        let settings = listed.settings.as_ref().map(|path| at.bytes(path)).transpose()?;
        let settings = settings.as_deref().map(String::from_utf8_lossy);
        migrations.push(Migration::new(shown_as, listed, up, down, settings.as_deref())?);
    }
    Ok(Set { layout: listing.layout, migrations })
}

/// The folder on disk and its name for people.
struct Folder<'a> {
    path: &'a Utf8Path,
    shown_as: &'a Utf8Path,
}

impl Folder<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        let found = fs_err::read_dir(self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Missing { folder: self.shown_as.to_owned() },
            io::ErrorKind::NotADirectory => Error::NotFolder { folder: self.shown_as.to_owned() },
            _ => self.error(Utf8Path::new(""), error),
        })?;
        for entry in found {
            let entry = entry.map_err(|error| self.error(Utf8Path::new(""), error))?;
            let name = self.name(entry.file_name())?;
            let kind = entry.file_type().map_err(|error| self.error(Utf8Path::new(&name), error))?;
            // A link that leads nowhere is told of when it is read as a file.
            let is_folder = kind.is_dir() || kind.is_symlink() && self.path.join(&name).is_dir();
            if !is_folder {
                entries.push(Entry::file(name));
            } else if Entry::may_be_migration(&name) {
                let contents = self.names_in(&name)?;
                entries.push(Entry::folder(name, contents));
            }
        }
        Ok(entries)
    }

    fn names_in(&self, subfolder: &str) -> Result<Vec<String>, Error> {
        let error = |error| self.error(Utf8Path::new(subfolder), error);
        fs_err::read_dir(self.path.join(subfolder))
            .map_err(error)?
            .map(|entry| self.name(entry.map_err(error)?.file_name()))
            .collect()
    }

    fn bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, Error> {
        let full = self.path.join(path);
        // Reading a pipe would wait for ever.
        if fs_err::metadata(&full).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Error::NotFile { path: self.shown_as.join(path) });
        }
        fs_err::read(full).map_err(|error| self.error(path, error))
    }

    fn name(&self, name: std::ffi::OsString) -> Result<String, Error> {
        name.into_string()
            .map_err(|name| Error::Name { folder: self.shown_as.to_owned(), name: name.to_string_lossy().into_owned() })
    }

    fn error(&self, path: &Utf8Path, source: io::Error) -> Error {
        let is_link = self.path.join(path).is_symlink();
        let path = if path.as_str().is_empty() { self.shown_as.to_owned() } else { self.shown_as.join(path) };
        match source.kind() {
            io::ErrorKind::PermissionDenied => Error::Permission { path },
            io::ErrorKind::NotFound if is_link => Error::BrokenLink { path },
            _ => Error::Io { path, source },
        }
    }
}
