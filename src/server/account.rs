//! The account under which the server runs: never root, which `initdb` and `postgres` refuse.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use camino::Utf8Path;

use super::Error;

/// Who may run servers for root, in this order; the names are those of the packages and of the operating systems.
const CANDIDATES: [&str; 3] = ["postgres", "_postgres", "nobody"];

/// The account that owns a cluster and runs its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
    /// Whether dbctl is root and has to become this account.
    switch: bool,
}

/// Whether dbctl runs as root.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The user under which dbctl runs.
pub(super) fn euid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether the path is there and belongs to this user.
pub(super) fn owns(path: &Utf8Path) -> bool {
    fs_err::symlink_metadata(path).is_ok_and(|meta| meta.uid() == euid())
}

impl Account {
    /// The account for a new cluster.
    pub(super) fn for_new_cluster() -> Result<Self, Error> {
        if !is_root() {
            return Ok(Self { uid: euid(), gid: rustix::process::getegid().as_raw(), switch: false });
        }
        let passwd = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
        let found = CANDIDATES.iter().find_map(|name| entry(&passwd, name));
        let (uid, gid) = found.ok_or(Error::NoServerAccount { candidates: CANDIDATES.join("`, `") })?;
        Ok(Self { uid, gid, switch: true })
    }

    /// The account that owns a cluster which is there: PostgreSQL starts for nobody else.
    pub(super) fn of_cluster(data_dir: &Utf8Path) -> Result<Self, Error> {
        let owner = fs_err::metadata(data_dir)?;
        if is_root() {
            return Ok(Self { uid: owner.uid(), gid: owner.gid(), switch: true });
        }
        if owner.uid() != euid() {
            return Err(Error::OtherOwner { path: data_dir.to_owned(), owner: owner.uid(), user: euid() });
        }
        Self::for_new_cluster()
    }

    /// The user's number.
    pub(super) fn uid(self) -> u32 {
        self.uid
    }

    /// A command that runs under this account, in `folder`, with an environment that nothing of the user's leaks
    /// into: neither locale nor time zone nor `PG*` variables.
    pub(super) fn command(self, program: &Utf8Path, folder: &Utf8Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").env("TZ", "UTC");
        command.stdin(Stdio::null());
        if self.switch {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a path to the account where dbctl is root.
    pub(super) fn own(self, path: &Utf8Path) -> std::io::Result<()> {
        if self.switch { std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }
}

/// Gives what root wrote into a user's folder to that folder's owner, so that the user can still read it.
pub(super) fn give_to_owner_of_folder(path: &Utf8Path) -> std::io::Result<()> {
    if !is_root() {
        return Ok(());
    }
    let Some(parent) = path.parent() else { return Ok(()) };
    let owner = fs_err::metadata(parent)?;
    std::os::unix::fs::chown(path, Some(owner.uid()), Some(owner.gid()))
}

/// User and group of a name in the text of `/etc/passwd`.
fn entry(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = passwd.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    let uid = fields.nth(2)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some((uid, gid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_user_and_group_of_a_name() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\npostgres:x:104:109::/var/lib/postgresql:/bin/sh\n";
        assert_eq!(entry(passwd, "postgres"), Some((104, 109)));
        assert_eq!(entry(passwd, "nobody"), None);
        assert_eq!(entry("nobody:*:-2:-2:x", "nobody"), None);
    }
}
