//! File locks: one dbctl at a time works on a server or on a shared folder.

use std::fs::File;

use camino::Utf8Path;

use super::account;

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
