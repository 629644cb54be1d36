//! The server against real PostgreSQL: whatever engine this machine has, or the bundle with
//! `DBCTL_LOCAL_ENGINE=bundle`.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::process::{Pid, Signal};
use tempfile::TempDir;

use super::launch::SUPERUSER;
use super::state::State;
use super::*;

/// A project that removes its server when the test ends.
struct Project {
    settings: ServerSettings,
    _dir: TempDir,
}

impl Project {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        let mut settings = ServerSettings::new(path.clone(), path.join(".dbctl"));
        settings.hide_system = std::env::var("DBCTL_LOCAL_ENGINE").is_ok_and(|engine| engine == "bundle");
        settings.durability = Durability::Throwaway;
        Self { settings, _dir: dir }
    }

    fn start(&self) -> Running {
        start(&self.settings, &mut |_| ()).unwrap()
    }

    fn state(&self) -> State {
        State::read(&self.settings).unwrap().unwrap()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let removed = destroy(&self.settings);
        assert!(std::thread::panicking() || removed.is_ok(), "{removed:?}");
    }
}

fn sql(running: &Running, statement: &str) -> std::io::Result<()> {
    wire::run(&postmaster::socket_path(&running.socket_dir, running.port), SUPERUSER, statement)
}

fn kill(pid: u32) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, Signal::KILL).unwrap();
}

fn mode(path: &Utf8Path) -> u32 {
    fs_err::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn starts_once_and_is_adopted_after() {
    let project = Project::new();
    assert!(matches!(status(&project.settings).unwrap(), Status::Absent));
    let first = project.start();
    let second = project.start();
    assert_eq!((first.started, second.started), (Started::Initialised, Started::AlreadyRunning));
    assert_eq!((first.pid, first.port), (second.pid, second.port));
    assert!(matches!(status(&project.settings).unwrap(), Status::Running(running) if running.pid == first.pid));
}

#[test]
fn keeps_data_port_and_password_over_a_stop() {
    let project = Project::new();
    let first = project.start();
    sql(&first, "create table kept ()").unwrap();
    assert!(stop(&project.settings, StopMode::Fast).unwrap());
    assert!(!stop(&project.settings, StopMode::Fast).unwrap());
    assert!(matches!(status(&project.settings).unwrap(), Status::Stopped(_)));
    let second = project.start();
    assert_eq!(second.started, Started::Started);
    assert_eq!(first.url("a b"), second.url("a b"));
    sql(&second, "drop table kept").unwrap();
}

#[test]
fn starts_again_after_the_server_was_killed() {
    let mut project = Project::new();
    project.settings.durability = Durability::Durable;
    let first = project.start();
    sql(&first, "create table kept ()").unwrap();
    kill(first.pid);
    std::thread::sleep(Duration::from_millis(50));
    let second = project.start();
    assert_ne!(first.pid, second.pid);
    sql(&second, "drop table kept").unwrap();
}

#[test]
fn knows_its_server_through_a_symbolic_link() {
    // Made first, so that it is still there when the project's end looks for its state.
    let elsewhere = tempfile::tempdir().unwrap();
    let project = Project::new();
    fs_err::set_permissions(elsewhere.path(), PermissionsExt::from_mode(0o755)).unwrap();
    fs_err::os::unix::fs::symlink(elsewhere.path(), &project.settings.state_dir).unwrap();
    let first = project.start();
    let data_dir = project.settings.project_dir.join("linked");
    fs_err::os::unix::fs::symlink(&first.data_dir, &data_dir).unwrap();
    let found = postmaster::Postmaster::find(&data_dir).unwrap();
    assert_eq!(found.map(|found| found.pid), Some(first.pid));
    assert_eq!(project.start().pid, first.pid);
}

#[test]
fn starts_over_a_pid_file_whose_number_is_another_process() {
    let project = Project::new();
    let first = project.start();
    stop(&project.settings, StopMode::Fast).unwrap();
    // A process of the very account that runs the server, which is what PostgreSQL itself stumbles over.
    let account = account::Account::of_cluster(&first.data_dir).unwrap();
    let mut other = account.command(Utf8Path::new("/bin/sleep"), Utf8Path::new("/")).arg("60").spawn().unwrap();
    let text = format!(
        "{}\n{}\n1700000000\n{}\n{}\n127.0.0.1\n 1 2\nready   \n",
        other.id(),
        first.data_dir,
        first.port,
        first.socket_dir
    );
    let pid_file = first.data_dir.join("postmaster.pid");
    fs_err::write(&pid_file, &text).unwrap();
    account.own(&pid_file).unwrap();
    assert!(matches!(status(&project.settings).unwrap(), Status::Stopped(_)));
    assert!(!stop(&project.settings, StopMode::Fast).unwrap());
    assert_eq!(project.start().started, Started::Started);
    assert!(other.try_wait().unwrap().is_none(), "the other process was touched");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn gives_one_server_to_all_who_start_it_at_once() {
    let project = Project::new();
    let running: Vec<Running> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| project.start())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(running.iter().all(|one| one.pid == running[0].pid));
    assert_eq!(running.iter().filter(|one| one.started == Started::Initialised).count(), 1);
}

#[test]
fn makes_a_lost_socket_folder_again() {
    let project = Project::new();
    let first = project.start();
    fs_err::remove_dir_all(&first.socket_dir).unwrap();
    let second = project.start();
    sql(&second, "select 1").unwrap();
    stop(&project.settings, StopMode::Fast).unwrap();
    fs_err::remove_dir_all(&second.socket_dir).unwrap();
    sql(&project.start(), "select 1").unwrap();
    assert_eq!(mode(&second.socket_dir), 0o700);
}

#[test]
fn takes_another_port_where_its_own_is_taken() {
    let project = Project::new();
    let first = project.start();
    stop(&project.settings, StopMode::Fast).unwrap();
    let _taken = TcpListener::bind(("127.0.0.1", first.port)).unwrap();
    let second = project.start();
    assert_ne!(first.port, second.port);
    assert_eq!(project.state().port, second.port);
}

#[test]
fn keeps_its_files_private() {
    let project = Project::new();
    let running = project.start();
    assert_eq!(mode(&State::file(&project.settings)), 0o600);
    assert_eq!(mode(&project.settings.local_dir()), 0o700);
    assert_eq!(mode(&running.data_dir), 0o700);
    assert_eq!(mode(&running.log_file), 0o600);
    let log = fs_err::read_to_string(&running.log_file).unwrap();
    assert!(!log.contains(&project.state().password));
}

#[test]
fn asks_for_the_password_on_the_loopback_interface() {
    let project = Project::new();
    let running = project.start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let connect = |url: String| runtime.block_on(tokio_postgres::connect(&url, tokio_postgres::NoTls)).map(|_| ());
    connect(running.url("postgres")).unwrap();
    let wrong = running.url("postgres").replacen(&project.state().password, "wrong", 1);
    assert!(connect(wrong).is_err());
}

#[test]
fn refuses_to_remove_a_folder_that_is_not_its_own() {
    let project = Project::new();
    let running = project.start();
    stop(&project.settings, StopMode::Fast).unwrap();
    let marker = running.data_dir.join("dbctl.json");
    let text = fs_err::read_to_string(&marker).unwrap();
    fs_err::write(&marker, text.replace(&project.state().id, "another")).unwrap();
    assert!(matches!(destroy(&project.settings), Err(Error::NotOurs { .. })));
    assert!(running.data_dir.join("PG_VERSION").is_file());
    fs_err::write(&marker, text).unwrap();
    destroy(&project.settings).unwrap();
    assert!(!running.data_dir.exists());
    assert!(matches!(status(&project.settings).unwrap(), Status::Absent));
}

#[test]
fn never_initialises_again_where_the_data_are_gone() {
    let project = Project::new();
    let running = project.start();
    stop(&project.settings, StopMode::Fast).unwrap();
    fs_err::remove_dir_all(&running.data_dir).unwrap();
    let error = start(&project.settings, &mut |_| ()).unwrap_err();
    assert!(matches!(error, Error::DataGone { .. }), "{error}");
}

#[test]
fn shows_the_log_of_a_start_that_failed() {
    let mut project = Project::new();
    project.settings.settings.push(("no_such_setting".into(), "1".into()));
    let error = start(&project.settings, &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("unrecognized configuration parameter \"no_such_setting\""), "{error}");
}

#[test]
fn refuses_a_pin_that_is_no_installation() {
    let mut project = Project::new();
    project.settings.pinned = Some(project.settings.project_dir.clone());
    let error = start(&project.settings, &mut |_| ()).unwrap_err();
    assert!(matches!(error, Error::Pinned { .. }), "{error}");
    assert!(!error.hints().is_empty());
}

#[test]
fn keeps_data_that_lost_their_state_file_and_stops_their_server() {
    let project = Project::new();
    let first = project.start();
    fs_err::remove_file(State::file(&project.settings)).unwrap();
    let mut kept = None;
    let second = start(&project.settings, &mut |step| {
        if let Progress::LeftOver { path } = step {
            kept = Some(path);
        }
    })
    .unwrap();
    assert_eq!(second.started, Started::Initialised);
    assert_ne!(first.pid, second.pid);
    let kept = kept.unwrap();
    assert!(kept.join("PG_VERSION").exists() || kept.join("data/PG_VERSION").exists());
    assert!(postmaster::Postmaster::find(&first.data_dir).unwrap().is_none_or(|found| found.pid != first.pid));
    fs_err::remove_dir_all(kept).unwrap();
}

#[test]
fn is_never_open_to_other_machines() {
    let mut project = Project::new();
    project.settings.settings = vec![("listen_addresses".into(), "*".into()), ("work_mem".into(), "7MB".into())];
    let running = project.start();
    let setting = |name: &str, value: &str| {
        let check = format!("do $$ begin assert current_setting('{name}') = '{value}'; end $$");
        sql(&running, &check).unwrap();
    };
    setting("listen_addresses", "127.0.0.1");
    setting("work_mem", "7MB");
    setting("fsync", "off");
    setting("wal_level", "logical");
}

/// Moves a project's private folder below itself, as moving the project does.
fn moved(project: &Project) -> ServerSettings {
    let target = project.settings.project_dir.join("moved");
    fs_err::create_dir(&target).unwrap();
    fs_err::rename(&project.settings.state_dir, target.join(".dbctl")).unwrap();
    ServerSettings { state_dir: target.join(".dbctl"), project_dir: target, ..project.settings.clone() }
}

#[test]
fn starts_again_where_the_project_was_moved_under_a_running_server() {
    let mut project = Project::new();
    sql(&project.start(), "create table kept ()").unwrap();
    project.settings = moved(&project);
    let second = project.start();
    // A new session reads files by their full path.
    sql(&second, "drop table kept").unwrap();
    assert_eq!(state::project_of(&second.data_dir).unwrap(), project.settings.project_dir);
}

#[test]
fn gives_a_copied_project_data_of_its_own() {
    let project = Project::new();
    let first = project.start();
    stop(&project.settings, StopMode::Fast).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
    let copied = std::process::Command::new("cp").arg("-a").arg(&project.settings.state_dir).arg(&path).status();
    assert!(copied.unwrap().success());
    let settings = ServerSettings { state_dir: path.join(".dbctl"), project_dir: path, ..project.settings.clone() };
    let copy = Project { settings, _dir: dir };
    let second = copy.start();
    assert_ne!(first.data_dir, second.data_dir);
    destroy(&copy.settings).unwrap();
    sql(&project.start(), "select 1").unwrap();
}

#[test]
fn finds_its_data_after_the_project_was_moved() {
    if account::is_root() {
        // Root's data do not lie in the project, and stay where they are.
        return;
    }
    let mut project = Project::new();
    let first = project.start();
    sql(&first, "create table kept ()").unwrap();
    stop(&project.settings, StopMode::Fast).unwrap();
    project.settings = moved(&project);
    sql(&project.start(), "drop table kept").unwrap();
}
