//! A project in a temporary folder, and the real program run in it with a clean environment.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::{Database, Output};

/// The user's variables that a run keeps: where programs and caches are, and which PostgreSQL is meant.
const KEPT: [&str; 7] =
    ["PATH", "HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "DBCTL_CACHE_DIR", "DBCTL_LOCAL_ENGINE", "DBCTL_PG_ARCHIVE"];

/// Whether the tests run as root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A project; its managed server, where it has one, goes with the value.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Project {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::Builder::new().prefix("dbctl-test-").tempdir().unwrap(), variables: Vec::new() }
    }

    /// A folder with a `dbctl.toml` that says nothing, and a migrations folder.
    pub(crate) fn new() -> Self {
        let project = Self::empty().file("dbctl.toml", "");
        fs_err::create_dir(project.path("migrations")).unwrap();
        project
    }

    /// A project whose local database is this one.
    pub(crate) fn with_local(database: &Database) -> Self {
        Self::new().variable("DBCTL_LOCAL_URL", &database.url)
    }

    /// A project with these two databases.
    pub(crate) fn with_both(local: &Database, remote: &Database) -> Self {
        Self::with_local(local).variable("DATABASE_URL", &remote.url)
    }

    /// The same with a variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    /// The same with a migration: `VERSION_name` and its SQL.
    pub(crate) fn up(self, stem: &str, sql: &str) -> Self {
        self.file(&format!("migrations/{stem}.sql"), sql)
    }

    /// The same with a migration's down file.
    pub(crate) fn down(self, stem: &str, sql: &str) -> Self {
        self.file(&format!("migrations/{stem}.down.sql"), sql)
    }

    /// Writes a file, and its folder.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).unwrap()
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs_err::remove_file(self.path(path)).unwrap();
    }

    /// A path in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Every file in it, also the hidden ones.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files_under(self.folder.path())
    }

    /// The run folders, oldest first.
    pub(crate) fn runs(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs_err::read_dir(self.path(".dbctl/runs")) else { return Vec::new() };
        let mut runs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        runs.sort();
        runs
    }

    /// The command line of dbctl, made ready; words are separated by blanks.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dbctl"));
        command.args(words.split_whitespace()).current_dir(self.folder.path()).env_clear();
        command.envs(KEPT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        // Neither the user's passwords nor his settings of PostgreSQL are to be found.
        command.env("PGPASSFILE", "/dev/null").env("PGSERVICEFILE", "/dev/null").env("PGSYSCONFDIR", "/nonexistent");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs dbctl; words are separated by blanks.
    pub(crate) fn dbctl(&self, words: &str) -> Output {
        self.command(words).output().unwrap().into()
    }

    /// Runs dbctl with one more word, blanks and all.
    pub(crate) fn dbctl_with(&self, words: &str, last: &str) -> Output {
        self.command(words).arg(last).output().unwrap().into()
    }

    /// Starts dbctl and does not wait for it.
    pub(crate) fn begin(&self, words: &str) -> Process {
        Process(self.command(words).spawn().unwrap())
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if self.path(".dbctl/local/state.json").exists() {
            self.dbctl("db destroy --yes");
        }
    }
}

/// dbctl under way.
pub(crate) struct Process(Child);

impl Process {
    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Kills it and waits for its end.
    pub(crate) fn kill(mut self) {
        self.signal(Signal::KILL);
        self.0.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn end(self) -> Output {
        self.0.wait_with_output().unwrap().into()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }
}

/// Every file under a folder.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_under(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}
