//! Folders that come to be whole or not at all.

use camino::Utf8Path;

use super::account::Account;
use super::{Error, lock};

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
    const UNFINISHED: &str = ".new-";
    fs_err::create_dir_all(folder)?;
    let target = folder.join(name);
    if target.exists() {
        return Ok(());
    }
    let _lock = lock::acquire(&folder.join("lock"), waits)?;
    if target.exists() {
        return Ok(());
    }
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_name().starts_with(UNFINISHED) {
            fs_err::remove_dir_all(entry.path())?;
        }
    }
    let scratch = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(folder)?;
    let scratch_path =
        Utf8Path::from_path(scratch.path()).ok_or_else(|| std::io::Error::other("a path is not UTF-8"))?;
    account.own(scratch_path)?;
    let made = scratch_path.join(name);
    fill(&made)?;
    sync(&made)?;
    fs_err::rename(&made, &target)?;
    Ok(())
}

/// Sees to it that a folder is on the disk.
#[cfg(target_os = "linux")]
pub(super) fn sync(folder: &Utf8Path) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(fs_err::File::open(folder)?.file())?)
}

/// Sees to it that a folder is on the disk.
#[cfg(not(target_os = "linux"))]
pub(super) fn sync(folder: &Utf8Path) -> std::io::Result<()> {
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
