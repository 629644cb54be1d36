//! Reading and writing whole files: private, and never half written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::{Error, Operation};

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// The user alone.
    User,
    /// Whom the umask lets: the file is part of the project.
    Project,
}

#[cfg(unix)]
impl Readers {
    fn permissions(self) -> fs::Permissions {
        std::os::unix::fs::PermissionsExt::from_mode(match self {
            Self::User => 0o600,
            Self::Project => 0o666,
        })
    }
}

/// Makes a folder for the user alone; one that exists is left as it is.
pub(super) fn create_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map_err(Error::io(Operation::CreateFolder, path)),
    }
}

/// Writes a whole file: to a temporary name in the same folder, to the disk, then in its place.
pub(super) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dbctl-");
    #[cfg(unix)]
    builder.permissions(readers.permissions());
    let put = || -> io::Result<()> {
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    put().map_err(plain).map_err(Error::io(Operation::Write, path))
}

/// The error without the temporary file's name, which `tempfile` adds and which would mislead.
fn plain(error: io::Error) -> io::Error {
    if error.get_ref().is_some() { error.kind().into() } else { error }
}

/// Reads a whole file; none where it does not exist. Bytes that are no UTF-8 are replaced.
pub(super) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => {
            Ok(Some(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(Operation::Read, path)(error)),
    }
}

/// Opens a file that grows, for the user alone.
pub(super) fn append(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(Error::io(Operation::Write, path))
}

/// Opens or makes a lock file and waits for the lock; dropping the file gives it back.
pub(super) fn lock(path: &Path) -> Result<File, Error> {
    let file = append(path)?;
    file.lock().map_err(Error::io(Operation::Lock, path))?;
    Ok(file)
}
