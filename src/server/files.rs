//! Folders that come to be whole or not at all.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::account::Account;
use super::{Error, lock};

/// How the names of folders begin that are not finished; whoever holds the lock that goes with them may remove them.
pub(super) const UNFINISHED: &str = ".new-";

/// Removes the folders that begin with `prefix`, which a crash left; the caller holds the lock.
pub(super) fn remove_unfinished(folder: &Utf8Path, prefix: &str) -> io::Result<()> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_name().starts_with(prefix) {
            fs_err::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// A temporary folder that goes with its guard.
pub(super) fn scratch_in(folder: &Utf8Path, prefix: &str) -> io::Result<(TempDir, Utf8PathBuf)> {
    let scratch = tempfile::Builder::new().prefix(prefix).tempdir_in(folder)?;
    let path = Utf8PathBuf::from_path_buf(scratch.path().to_owned());
    Ok((scratch, path.map_err(|_| io::Error::other("a path is not UTF-8"))?))
}

/// Makes `folder/name` through `fill`, in a temporary place beside it that is renamed at the end.
///
/// Several processes may ask at the same moment: one makes it, the others wait and find it. What a crash left in the
/// temporary places is removed, which the lock makes safe.
pub(super) fn make_once(
    folder: &Utf8Path,
    name: &str,
    account: Account,
    waits: impl FnOnce(),
    fill: impl FnOnce(&Utf8Path) -> Result<(), Error>,
) -> Result<(), Error> {
    fs_err::create_dir_all(folder)?;
    let target = folder.join(name);
    if target.exists() {
        return Ok(());
    }
    let _lock = lock::acquire(&folder.join("lock"), waits)?;
    if target.exists() {
        return Ok(());
    }
    remove_unfinished(folder, UNFINISHED)?;
    let (_scratch, scratch) = scratch_in(folder, UNFINISHED)?;
    account.own(&scratch)?;
    let made = scratch.join(name);
    fill(&made)?;
    sync(&made)?;
    fs_err::rename(&made, &target)?;
    Ok(())
}

/// Sees to it that a folder is on the disk.
#[cfg(target_os = "linux")]
pub(super) fn sync(folder: &Utf8Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs_err::File::open(folder)?.file())?)
}

/// Sees to it that a folder is on the disk.
#[cfg(not(target_os = "linux"))]
pub(super) fn sync(folder: &Utf8Path) -> io::Result<()> {
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            sync(entry.path())?;
        } else if kind.is_file() {
            // Not `sync_all`, which on macOS empties the drive's own cache for every single file.
            rustix::fs::fsync(fs_err::File::open(entry.path())?.file())?;
        }
    }
    Ok(())
}
