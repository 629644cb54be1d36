//! One throw-away PostgreSQL for all tests, shared by all test processes, and gone when the last of them is.
//!
//! Every process holds a shared lock for as long as it lives and starts or adopts the same server. A small shell that
//! outlives them takes the lock alone once nobody holds it, and destroys the server with dbctl itself. Where there is
//! no `flock` program the server stays, and the next run adopts it.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use dbctl::server::{Durability, ServerSettings, start};

/// Waits for the end of all users, gives the next one two seconds to come, and ends the server under the lock.
const REAPER: &str = r#"
exec 8>reaper.lock 9>users.lock
flock --nonblock 8 || exit 0
until flock --exclusive 9 && flock --unlock 9 && sleep 2 && flock --nonblock --exclusive 9; do sleep 1; done
exec "$0" -C . db destroy --yes
"#;

struct Server {
    url: String,
    /// Held while this process lives.
    _users: Option<File>,
}

/// The URL of a database on the server.
pub(super) fn url(database: &str) -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let mut url = url::Url::parse(&SERVER.get_or_init(obtain).url).expect("DBCTL_TEST_DATABASE_URL is a URL");
    url.set_path(database);
    url.into()
}

fn obtain() -> Server {
    if let Ok(url) = std::env::var("DBCTL_TEST_DATABASE_URL") {
        return Server { url, _users: None };
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("server");
    fs_err::create_dir_all(&folder).unwrap();
    // Without a file of its own the folder would be taken for a part of the project around it.
    fs_err::write(folder.join("dbctl.toml"), "").unwrap();
    let users = File::create(folder.join("users.lock")).unwrap();
    users.lock_shared().unwrap();
    reap_later(&folder);
    let settings = engine_settings(&Utf8PathBuf::from_path_buf(folder.canonicalize().unwrap()).unwrap());
    let running = start(&settings, &mut |_| ()).unwrap_or_else(|error| panic!("{error}\n{}", error.hints().join("\n")));
    Server { url: running.url("postgres"), _users: Some(users) }
}

/// A throw-away server of a folder, made of the PostgreSQL that the environment asks for.
pub(crate) fn engine_settings(folder: &Utf8Path) -> ServerSettings {
    let path = |name: &str| std::env::var(name).ok().map(Utf8PathBuf::from);
    ServerSettings {
        archive: path("DBCTL_PG_ARCHIVE"),
        cache_dir: path("DBCTL_CACHE_DIR"),
        hide_system: std::env::var("DBCTL_LOCAL_ENGINE").as_deref() == Ok("bundle"),
        durability: Durability::Throwaway,
        ..ServerSettings::new(folder, folder.join(".dbctl"))
    }
}

#[expect(clippy::zombie_processes, reason = "it outlives this process: nobody is there to wait")]
fn reap_later(folder: &Path) {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(REAPER).arg(env!("CARGO_BIN_EXE_dbctl")).current_dir(folder);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    shell.spawn().unwrap();
}
