//! The folder of the Unix socket: short, private to the server's account, and checked before it is used.
//!
//! Whoever can open the socket is superuser without a password, so the folder is all the protection there is.

use std::fs::DirBuilder;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};

use camino::{Utf8Path, Utf8PathBuf};

use super::account::{self, Account};
use super::{Error, ServerSettings};

/// The folder for the server of a data directory, made where it is missing and emptied of what a crash left.
pub(super) fn prepare(data_dir: &Utf8Path, account: Account) -> Result<Utf8PathBuf, Error> {
    let parent = ServerSettings::socket_parent();
    // Root's parent lets the server's account through; a user's own is as private as the folder itself.
    make(&parent, if account::is_root() { 0o755 } else { 0o700 })?;
    check(&parent, account::euid(), 0o022)?;
    let folder = parent.join(short_name(data_dir));
    make(&folder, 0o700)?;
    if account::is_root() && fs_err::symlink_metadata(&folder)?.is_dir() {
        account.own(&folder)?;
    }
    check(&folder, account.uid(), 0o077)?;
    for entry in fs_err::read_dir(&folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(".s.PGSQL.") {
            fs_err::remove_file(entry.path())?;
        }
    }
    Ok(folder)
}

/// Eight hexadecimal digits of the hash of a path.
pub(super) fn short_name(path: &Utf8Path) -> String {
    use sha2::Digest;
    hex::encode(&sha2::Sha256::digest(path.as_str().as_bytes())[..4])
}

fn make(folder: &Utf8Path, mode: u32) -> io::Result<()> {
    let parent = folder.parent().filter(|parent| !parent.exists());
    if let Some(parent) = parent {
        fs_err::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(mode).create(folder) {
        // What the umask took away is given back.
        Ok(()) => fs_err::set_permissions(folder, PermissionsExt::from_mode(mode)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(io::Error::new(error.kind(), format!("failed to make folder `{folder}`: {error}"))),
    }
}

/// Refuses what is not a folder of `owner` without the permissions of `forbidden`.
fn check(folder: &Utf8Path, owner: u32, forbidden: u32) -> Result<(), Error> {
    let meta = fs_err::symlink_metadata(folder)?;
    let why = if meta.is_symlink() {
        "it is a symbolic link"
    } else if !meta.is_dir() {
        "it is not a folder"
    } else if meta.uid() != owner {
        "it belongs to another user"
    } else if meta.mode() & forbidden != 0 {
        "others can get into it"
    } else {
        return Ok(());
    };
    Err(Error::SocketDir { path: folder.to_owned(), why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_symbolic_link_and_an_open_folder() {
        let dir = tempfile::tempdir().unwrap();
        let base = Utf8Path::from_path(dir.path()).unwrap();
        let (open, link) = (base.join("open"), base.join("link"));
        make(&open, 0o777).unwrap();
        fs_err::os::unix::fs::symlink(&open, &link).unwrap();
        assert!(check(&open, account::euid(), 0o022).is_err());
        assert!(check(&link, account::euid(), 0o022).is_err());
        assert!(check(&open, account::euid() + 1, 0).is_err());
    }
}
