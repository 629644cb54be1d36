//! Initialised clusters, kept one an engine, of which each project gets a copy: `initdb` takes half a second, a copy
//! a tenth of that.
//!
//! A template holds no secret (no password, no data), so that any user of the machine may copy it.

use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::process::Output;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::account::Account;
use super::engine::Engine;
use super::{Error, Progress, ServerSettings, files};

/// Who may connect: anyone who gets at the private socket, and whoever has the password on the loopback interface.
const PG_HBA: &str = "# written by dbctl\n\
    local all all trust\n\
    host all all 127.0.0.1/32 scram-sha-256\n";

/// Raised when templates are made differently.
const REVISION: &str = "1";

/// The template of an engine, initialised where there is none.
pub(super) fn obtain(
    settings: &ServerSettings,
    engine: &Engine,
    account: Account,
    progress: &mut dyn FnMut(Progress),
) -> Result<Utf8PathBuf, Error> {
    let folder = settings.shared_dir()?.join("templates");
    let name = name(engine);
    let template = folder.join(&name);
    if !template.exists() {
        progress(Progress::Initialising { version: engine.version.clone() });
    }
    files::make_once(
        &folder,
        &name,
        account,
        || progress(Progress::WaitingForOther),
        |data| {
            initdb(engine, account, data)?;
            fs_err::write(data.join("pg_hba.conf"), PG_HBA)?;
            Ok(open_up(data)?)
        },
    )?;
    Ok(template)
}

/// Copies a template to a data directory that is not there yet; the copy belongs to the account alone.
pub(super) fn copy(from: &Utf8Path, to: &Utf8Path, account: Account) -> io::Result<()> {
    fs_err::create_dir(to)?;
    fs_err::set_permissions(to, PermissionsExt::from_mode(0o700))?;
    for entry in from.read_dir_utf8()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(entry.path(), &target, account)?;
        } else {
            let mut options = fs_err::OpenOptions::new();
            options.options_mut().write(true).create_new(true).mode(0o600);
            let mut file = options.open(&target)?;
            io::copy(&mut fs_err::File::open(entry.path())?, &mut file)?;
            account.own(&target)?;
        }
    }
    account.own(to)
}

/// A name that changes with whatever changes the content.
fn name(engine: &Engine) -> String {
    let hash = Sha256::digest(format!("{REVISION}\n{}\n{}\n{PG_HBA}", engine.version, engine.bin_dir));
    format!("{}-{}", engine.version, hex::encode(&hash[..4]))
}

fn initdb(engine: &Engine, account: Account, data: &Utf8Path) -> Result<(), Error> {
    // From 17 on the server brings a UTF-8 locale of its own, the same on every system; before, the system's
    // `C.UTF-8` is as near as it gets, and macOS and old Linux systems have not even that.
    let locales: &[&[&str]] = if engine.major >= 17 {
        &[&["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    } else {
        &[&["--locale=C.UTF-8"], &["--locale=C"]]
    };
    let program = engine.bin_dir.join("initdb");
    let mut said = String::new();
    for locale in locales {
        let output = run_initdb(&program, account, data, locale)?;
        if output.status.success() {
            return Ok(());
        }
        said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !said.contains("locale") {
            break;
        }
    }
    if said.contains("could not look up effective user ID") {
        return Err(Error::NamelessUser { uid: account.uid() });
    }
    Err(Error::Initdb { program, output: said.trim().to_owned() })
}

fn run_initdb(program: &Utf8Path, account: Account, data: &Utf8Path, locale: &[&str]) -> Result<Output, Error> {
    let folder = data.parent().unwrap_or(data);
    let mut command = account.command(program, folder);
    command.args(["-D", data.as_str(), "-U", "postgres", "-A", "trust", "-E", "UTF8"]);
    // Small WAL segments make the copies small. The template itself is not worth syncing: its copies are synced.
    command
        .args(["--no-sync", "--no-instructions", "--wal-segsize=1"])
        .args(locale)
        .output()
        .map_err(|source| Error::Spawn { program: program.to_owned(), source })
}

/// Lets everybody read.
fn open_up(folder: &Utf8Path) -> io::Result<()> {
    fs_err::set_permissions(folder, PermissionsExt::from_mode(0o755))?;
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(entry.path())?;
        } else {
            fs_err::set_permissions(entry.path(), PermissionsExt::from_mode(0o644))?;
        }
    }
    Ok(())
}
