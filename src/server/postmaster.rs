//! The running server, as PostgreSQL's own `postmaster.pid` tells it.
//!
//! The file outlives a crash, and its process number may by then be anybody's: it counts only where the process is a
//! PostgreSQL server on the very data directory. The lines are those of PostgreSQL's `src/include/utils/pidfile.h`.

use std::io::ErrorKind;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::io::Errno;
use rustix::process::{Pid, Signal};

/// How often a waiting dbctl looks again.
pub(super) const POLL: Duration = Duration::from_millis(5);

/// Where a server stands between start and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It starts, perhaps recovering from a crash.
    Starting,
    /// It takes connections.
    Ready,
    /// It shuts down.
    Stopping,
}

/// What `postmaster.pid` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Postmaster {
    /// The process.
    pub(super) pid: u32,
    /// The data directory as the server was told it.
    data_dir: Utf8PathBuf,
    /// The port; 0 while it is not known.
    pub(super) port: u16,
    /// The folder of the socket; empty while it is not known.
    pub(super) socket_dir: Utf8PathBuf,
    /// Where it stands.
    pub(super) phase: Phase,
}

impl Postmaster {
    /// The server that runs on the data directory; `None` also where the file is left over from a crash.
    pub(super) fn find(data_dir: &Utf8Path) -> std::io::Result<Option<Self>> {
        let found = Self::read(data_dir)?;
        Ok(found.filter(|postmaster| postmaster.is_alive() && postmaster.runs_on(data_dir)))
    }

    /// What the file says, true or not.
    pub(super) fn read(data_dir: &Utf8Path) -> std::io::Result<Option<Self>> {
        match fs_err::read_to_string(data_dir.join("postmaster.pid")) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let line = |number: usize| lines.get(number - 1).copied().unwrap_or("");
        Some(Self {
            pid: line(1).parse().ok().filter(|&pid| pid > 0)?,
            data_dir: line(2).into(),
            port: line(4).parse().unwrap_or(0),
            socket_dir: line(5).into(),
            phase: match line(8) {
                "ready" | "standby" => Phase::Ready,
                "stopping" => Phase::Stopping,
                _ => Phase::Starting,
            },
        })
    }

    /// Whether something listens on its socket.
    pub(super) fn answers(&self) -> bool {
        UnixStream::connect(socket_path(&self.socket_dir, self.port)).is_ok()
    }

    /// Whether the path that it was started on still leads to its data: it opens some files by that path, and fails
    /// where the project was moved meanwhile.
    pub(super) fn is_in_place(&self, data_dir: &Utf8Path) -> bool {
        self.data_dir == data_dir
            || self.data_dir.canonicalize().is_ok_and(|path| data_dir.canonicalize().is_ok_and(|own| path == own))
    }

    /// Whether its socket is where it was; somebody's cleaning of old files may have removed it.
    pub(super) fn has_socket(&self) -> bool {
        std::fs::symlink_metadata(socket_path(&self.socket_dir, self.port))
            .is_ok_and(|found| found.file_type().is_socket())
    }

    /// Sends it a signal; a process that is gone is no error.
    pub(super) fn signal(&self, signal: Signal) -> std::io::Result<()> {
        let Some(pid) = self.as_pid() else { return Ok(()) };
        match rustix::process::kill_process(pid, signal) {
            Ok(()) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until it no longer runs on the data directory; `false` where it still does after `limit`.
    pub(super) fn wait_for_end(&self, data_dir: &Utf8Path, limit: Duration) -> std::io::Result<bool> {
        let begin = Instant::now();
        while Self::find(data_dir)?.is_some_and(|now| now.pid == self.pid) {
            if begin.elapsed() > limit {
                return Ok(false);
            }
            std::thread::sleep(POLL);
        }
        Ok(true)
    }

    fn as_pid(&self) -> Option<Pid> {
        i32::try_from(self.pid).ok().and_then(Pid::from_raw)
    }

    /// Whether the process number is in use, by whomever.
    fn is_alive(&self) -> bool {
        self.as_pid().is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(Errno::SRCH))
    }

    /// Whether the process is a server on `data_dir`: by name, and by its working directory, which a server never
    /// leaves and which is right even where the project was moved or copied. A container without the right to see
    /// that of other accounts still shows the command line.
    #[cfg(target_os = "linux")]
    fn runs_on(&self, data_dir: &Utf8Path) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        // Not equal: a wrapped program (Nix) is called `.postgres-wrapped`.
        if !field("Name:").contains("postgres") {
            return false;
        }
        // A killed server first has the signal (the ninth bit), then loses its command line, and only then its
        // socket and its working directory.
        let signals = u64::from_str_radix(field("SigPnd:"), 16).unwrap_or(0);
        let line = std::fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        if signals & 0x100 != 0 || line.is_empty() {
            return false;
        }
        match std::fs::read_link(format!("/proc/{}/cwd", self.pid)) {
            // The system tells it without symbolic links.
            Ok(folder) => std::fs::canonicalize(data_dir).is_ok_and(|real| folder == real),
            Err(_) => line.split(|&byte| byte == 0).any(|argument| argument == data_dir.as_str().as_bytes()),
        }
    }

    /// Without `/proc`: the file was written for this directory, and something answers on the socket that it names,
    /// or the process is called `postgres`.
    #[cfg(not(target_os = "linux"))]
    fn runs_on(&self, data_dir: &Utf8Path) -> bool {
        self.data_dir == data_dir && (self.answers() || self.is_called_postgres())
    }

    #[cfg(not(target_os = "linux"))]
    fn is_called_postgres(&self) -> bool {
        let output = std::process::Command::new("ps").args(["-o", "comm=", "-p", &self.pid.to_string()]).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with("postgres"))
    }
}

/// The socket's file.
pub(super) fn socket_path(folder: &Utf8Path, port: u16) -> Utf8PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

/// Makes a left-over `postmaster.pid` harmless, whoever has its process number now.
///
/// PostgreSQL refuses to start while that number belongs to a process of the same user, unless it is its own parent's:
/// so dbctl, the parent, puts its own there. The other lines stay, and with them PostgreSQL's check that no process of
/// the crashed server still uses its shared memory, which removing the file would disable.
pub(super) fn disarm_left_over(data_dir: &Utf8Path) -> std::io::Result<()> {
    let path = data_dir.join("postmaster.pid");
    let text = match fs_err::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    match text.split_once('\n') {
        Some((_, rest)) => fs_err::write(&path, format!("{}\n{rest}", std::process::id())),
        // An empty file is left by a full disk; PostgreSQL refuses it, and there is nothing in it to keep.
        None => fs_err::remove_file(&path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "4711\n/p/.dbctl/local/data\n1700000000\n24001\n/tmp/dbctl-1/abcd\n127.0.0.1\n 1 2\nready   \n";

    #[test]
    fn reads_the_lines_of_a_ready_server() {
        let postmaster = Postmaster::parse(FILE).unwrap();
        assert_eq!((postmaster.pid, postmaster.port, postmaster.phase), (4711, 24001, Phase::Ready));
        assert_eq!(postmaster.socket_dir, "/tmp/dbctl-1/abcd");
    }

    #[test]
    fn takes_a_file_that_is_being_written_for_a_starting_server() {
        let postmaster = Postmaster::parse("4711\n/p/data\n").unwrap();
        assert_eq!((postmaster.port, postmaster.phase), (0, Phase::Starting));
        assert_eq!(Postmaster::parse(""), None);
    }

    #[test]
    fn does_not_believe_a_number_that_belongs_to_another_process() {
        let dir = tempfile::tempdir().unwrap();
        let data = Utf8Path::from_path(dir.path()).unwrap();
        let text =
            FILE.replacen("4711", &std::process::id().to_string(), 1).replace("/p/.dbctl/local/data", data.as_str());
        fs_err::write(data.join("postmaster.pid"), text).unwrap();
        assert_eq!(Postmaster::find(data).unwrap(), None);
    }
}
