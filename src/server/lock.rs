//! File locks: one dbctl at a time works on a server or on a shared folder.

use std::fs::File;

use camino::Utf8Path;

use super::account;

/// Whether nobody has the lock at this moment.
pub(super) fn is_free(path: &Utf8Path) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock_shared().is_ok())
}

/// Takes the lock file, waiting for whoever has it; the lock ends with the file or with the process.
///
/// `waits` is called once when somebody else has it. The file stays: removing it would let two processes hold two
/// different files of one name.
pub(super) fn acquire(path: &Utf8Path, waits: impl FnOnce()) -> std::io::Result<File> {
    let new = !path.exists();
    let file = fs_err::OpenOptions::new().create(true).write(true).truncate(false).open(path)?.into_file();
    if new {
        account::give_to_owner_of_folder(path)?;
    }
    if file.try_lock().is_err() {
        waits();
        file.lock()?;
    }
    Ok(file)
}
