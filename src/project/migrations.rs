//! Reads a migrations folder from disk.

use std::io;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use camino::{Utf8Path, Utf8PathBuf};

use super::config::Platform;
use crate::migration::{Entry, FileError, LayoutError, Listed, Migration, SameVersion, Set, beside, recognise};

/// A thread is worth its start only where it reads some dozens of files.
const FEWEST_A_THREAD: usize = 100;

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
pub fn read(folder: &Utf8Path, shown_as: &Utf8Path, same: SameVersion) -> Result<Set, Error> {
    let at = Folder { path: folder, shown_as };
    let mut listing =
        recognise(&at.entries()?, same).map_err(|why| Error::Layout { folder: shown_as.to_owned(), why })?;
    if !listing.layout.folders {
        at.find_downs(&mut listing.migrations);
    }
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = listing.migrations.len().div_ceil(threads).max(FEWEST_A_THREAD);
    let migrations = thread::scope(|scope| {
        let mut parts = listing.migrations.chunks(share);
        let first = parts.next().unwrap_or_default();
        let others: Vec<_> = parts.map(|part| scope.spawn(|| at.migrations(part))).collect();
        let mut migrations = at.migrations(first)?;
        for part in others {
            migrations.extend(part.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok::<_, Error>(migrations)
    })?;
    Ok(Set { layout: listing.layout, migrations })
}

/// The folder beside the migrations folder in which down files may stand too.
///
/// A tool that takes every `N_name.sql` of its own folder for a migration, as Supabase's does, would run them there.
pub const ROLLBACKS: &str = "rollbacks";

/// Where the down file of a migration stands in [`ROLLBACKS`], as from the migrations folder.
#[must_use]
pub fn down_elsewhere(up: &Utf8Path) -> Option<Utf8PathBuf> {
    let stem = up.file_name()?.strip_suffix(".sql")?;
    let stem = stem.strip_suffix(".up").unwrap_or(stem);
    Some(Utf8Path::new("..").join(ROLLBACKS).join(format!("{stem}.down.sql")))
}

/// The down file of a new migration, or of one that has none, where it must not stand beside: Supabase's own tool would run it
/// as a migration. Files named `.up.sql` belong to tools that look beside them.
#[must_use]
pub fn down_apart(platform: Platform, up: &Utf8Path) -> Option<Utf8PathBuf> {
    let is_alone = up.components().count() == 1 && !up.as_str().ends_with(".up.sql");
    down_elsewhere(up).filter(|_| platform == Platform::Supabase && is_alone)
}

/// The text of one file.
pub fn read_text(path: &Utf8Path) -> Result<String, Error> {
    let bytes = fs_err::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::PermissionDenied => Error::Permission { path: path.to_owned() },
        _ => Error::Io { path: path.to_owned(), source },
    })?;
    Ok(crate::migration::decode(path, bytes)?.text().to_owned())
}

/// All SQL files below a folder, in the order of their paths.
pub fn sql_files(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Error> {
    let fail = |source| Error::Io { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs_err::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let Ok(path) = Utf8PathBuf::from_path_buf(entry.path()) else { continue };
        let hidden = path.file_name().is_some_and(|name| name.starts_with('.'));
        if entry.file_type().map_err(fail)?.is_dir() {
            if !hidden && path.file_name() != Some("node_modules") {
                files.extend(sql_files(&path)?);
            }
        } else if !hidden && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
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

    /// Finds the down files that stand in a folder beside this one; one that stands beside its migration counts first.
    fn find_downs(&self, migrations: &mut [Listed]) {
        if !beside(self.path, &Utf8Path::new("..").join(ROLLBACKS)).is_dir() {
            return;
        }
        for listed in migrations.iter_mut().filter(|listed| listed.down.is_none()) {
            listed.down = down_elsewhere(&listed.up).filter(|down| beside(self.path, down).is_file());
        }
    }

    fn names_in(&self, subfolder: &str) -> Result<Vec<String>, Error> {
        let error = |error| self.error(Utf8Path::new(subfolder), error);
        fs_err::read_dir(self.path.join(subfolder))
            .map_err(error)?
            .map(|entry| self.name(entry.map_err(error)?.file_name()))
            .collect()
    }

    fn migrations(&self, listed: &[Listed]) -> Result<Vec<Migration>, Error> {
        listed.iter().map(|listed| self.migration(listed.clone())).collect()
    }

    fn migration(&self, listed: Listed) -> Result<Migration, Error> {
        let up = self.bytes(&listed.up)?;
        let down = listed.down.as_ref().map(|path| self.bytes(path)).transpose()?;
        let settings = listed.settings.as_ref().map(|path| self.bytes(path)).transpose()?;
        let settings = settings.as_deref().map(String::from_utf8_lossy);
        Ok(Migration::new(self.shown_as, listed, up, down, settings.as_deref())?)
    }

    fn bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, Error> {
        let full = beside(self.path, path);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    fn refusal(path: &Utf8Path) -> String {
        read(path, "migrations".into(), SameVersion::Refuse).unwrap_err().to_string()
    }

    #[test]
    fn reads_files_in_order_and_follows_links() {
        let (_guard, path) = folder();
        fs_err::create_dir(path.join("seeds")).unwrap();
        fs_err::write(path.join("seeds/x.sql"), "select 3;").unwrap();
        fs_err::write(path.join("20240102000000_b.sql"), "select 2;").unwrap();
        fs_err::write(path.join("elsewhere"), "select 1;").unwrap();
        fs_err::os::unix::fs::symlink(path.join("elsewhere"), path.join("20240101000000_a.sql")).unwrap();
        let set = read(&path, "migrations".into(), SameVersion::Refuse).unwrap();
        let texts: Vec<&str> = set.migrations.iter().map(|migration| migration.source.text()).collect();
        assert_eq!(texts, ["select 1;", "select 2;"]);
        assert_eq!(set.migrations[0].path, "migrations/20240101000000_a.sql");
        assert_eq!(set.find("b").unwrap().version, *set.newest().unwrap());
    }

    #[test]
    fn finds_down_files_in_the_folder_beside() {
        let (_guard, path) = folder();
        let folder = path.join("supabase/migrations");
        for (name, text) in [
            ("migrations/20240101000000_a.sql", "select 1;"),
            ("migrations/20240102000000_b.sql", "select 2;"),
            ("migrations/20240102000000_b.down.sql", "select 3;"),
            ("rollbacks/20240101000000_a.down.sql", "select 4;"),
            ("rollbacks/20240102000000_b.down.sql", "select 5;"),
        ] {
            let file = path.join("supabase").join(name);
            fs_err::create_dir_all(file.parent().unwrap()).unwrap();
            fs_err::write(file, text).unwrap();
        }
        let set = read(&folder, "supabase/migrations".into(), SameVersion::Refuse).unwrap();
        let downs: Vec<_> = set.migrations.iter().map(|it| it.down.as_ref().unwrap()).collect();
        assert_eq!(downs[0].path, "supabase/rollbacks/20240101000000_a.down.sql");
        assert_eq!((downs[0].source.text(), downs[1].source.text()), ("select 4;", "select 3;"));
    }

    #[test]
    fn names_what_is_not_there() {
        let (_guard, path) = folder();
        assert_eq!(refusal(&path.join("none")), "there is no migrations folder `migrations`");
        fs_err::write(path.join("file"), "").unwrap();
        assert_eq!(refusal(&path.join("file")), "`migrations` is not a folder");
        fs_err::os::unix::fs::symlink("nowhere", path.join("1_a.sql")).unwrap();
        assert_eq!(refusal(&path), "`migrations/1_a.sql` is a link to a file that is not there");
    }

    #[test]
    fn passes_on_what_is_wrong_with_the_files() {
        let (_guard, path) = folder();
        fs_err::write(path.join("1_a.sql"), b"-- \xff").unwrap();
        assert_eq!(refusal(&path), "`migrations/1_a.sql` is not valid UTF-8 at byte 3 (line 1)");
        fs_err::write(path.join("1_b.sql"), "").unwrap();
        assert!(refusal(&path).starts_with("`migrations` is not usable as a migrations folder: version 1 is taken"));
    }
}
