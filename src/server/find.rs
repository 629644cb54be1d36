//! Finds an engine: the installations of the machine first, then the bundle.

use std::fmt::Display;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use super::account::Account;
use super::bundle::{self, Bundles};
use super::engine::{Engine, Look, Origin};
use super::{Error, Progress, ServerSettings};

/// Folders that hold one folder a version, as packages and installers make them: parent and prefix of the name.
#[cfg(target_os = "macos")]
const VERSIONED: &[(&str, &str)] = &[
    ("/opt/homebrew/opt", "postgresql@"),
    ("/usr/local/opt", "postgresql@"),
    ("/Applications/Postgres.app/Contents/Versions", ""),
    ("/Library/PostgreSQL", ""),
];
/// Debian, Red Hat, SUSE, EDB, Homebrew.
#[cfg(not(target_os = "macos"))]
const VERSIONED: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/usr/lib", "postgresql"),
    ("/opt/PostgreSQL", ""),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@"),
];

/// Folders without a version in their name: built from source, Homebrew's newest.
#[cfg(target_os = "macos")]
const PLAIN: &[&str] = &["/opt/homebrew/bin", "/usr/local/bin", "/usr/local/pgsql/bin"];
#[cfg(not(target_os = "macos"))]
const PLAIN: &[&str] = &["/usr/local/bin", "/usr/local/pgsql/bin"];

/// A search under way: what it accepts and what it has seen.
pub(super) struct Search<'a> {
    settings: &'a ServerSettings,
    account: Account,
    /// Only this major version does: the data are there already.
    major: Option<u16>,
    looked: Vec<Look>,
    progress: &'a mut dyn FnMut(Progress),
}

impl<'a> Search<'a> {
    /// Begins a search; with `major` only that version is accepted.
    pub(super) fn new(
        settings: &'a ServerSettings,
        account: Account,
        major: Option<u16>,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Self {
        Self { settings, account, major, looked: Vec::new(), progress }
    }

    /// The first engine that does, in the documented order.
    pub(super) fn run(mut self) -> Result<Engine, Error> {
        let engine = match self.pinned()? {
            Some(engine) => Some(engine),
            None => match self.installed() {
                Some(engine) => Some(engine),
                None => self.bundled()?,
            },
        };
        match engine {
            Some(engine) => {
                (self.progress)(Progress::Chosen(engine.clone()));
                Ok(engine)
            }
            None => Err(Error::NoEngine { looked: self.looked }),
        }
    }

    /// The pinned installation; one that does not do is an error, because the user asked for it by name.
    fn pinned(&mut self) -> Result<Option<Engine>, Error> {
        let Some(path) = self.settings.pinned.clone() else { return Ok(None) };
        let nested = path.join("bin");
        let bin_dir = if nested.join("postgres").exists() { nested } else { path.clone() };
        match Engine::probe(&bin_dir, Origin::Pinned, self.account) {
            Ok(engine) if self.accepts(&engine) => Ok(Some(engine)),
            Ok(engine) => {
                self.note(&path, format!("PostgreSQL {}, which cannot open the data", engine.version));
                Ok(None)
            }
            Err(why) => Err(Error::Pinned { path, why }),
        }
    }

    /// The first installation of the machine that does.
    fn installed(&mut self) -> Option<Engine> {
        if self.settings.hide_system {
            self.note("installations of this machine", "left out by DBCTL_LOCAL_ENGINE=bundle");
            return None;
        }
        let mut tried: Vec<Utf8PathBuf> = Vec::new();
        for (place, origin, folders) in places() {
            if folders.is_empty() {
                self.note(place, "no PostgreSQL there");
            }
            for folder in folders {
                let real = folder.canonicalize_utf8().unwrap_or_else(|_| folder.clone());
                if tried.contains(&real) {
                    continue;
                }
                tried.push(real);
                match Engine::probe(&folder, origin, self.account) {
                    Ok(engine) if self.accepts(&engine) => return Some(engine),
                    Ok(engine) => self.note(&folder, format!("PostgreSQL {}, not the version wanted", engine.version)),
                    Err(why) => self.note(&folder, why.to_string()),
                }
            }
        }
        None
    }

    /// The bundle, where it runs here.
    fn bundled(&mut self) -> Result<Option<Engine>, Error> {
        let mut looked = Vec::new();
        let found = Bundles::new(self.settings, self.account, self.progress)?.obtain(self.major, &mut looked)?;
        for look in looked {
            self.note(look.place, look.verdict);
        }
        let Some((folder, origin)) = found else { return Ok(None) };
        match bundle::engine_in(&folder, origin, self.account) {
            Ok(engine) if self.accepts(&engine) => return Ok(Some(engine)),
            Ok(engine) => self.note(&folder, format!("PostgreSQL {}, not the version wanted", engine.version)),
            Err(why) if origin == Origin::Archive => return Err(Error::Bundle { path: folder, why }),
            Err(why) => self.note(&folder, why.to_string()),
        }
        Ok(None)
    }

    fn accepts(&self, engine: &Engine) -> bool {
        self.major.is_none_or(|major| major == engine.major)
    }

    fn note(&mut self, place: impl Display, verdict: impl Into<String>) {
        let look = Look { place: place.to_string(), verdict: verdict.into() };
        (self.progress)(Progress::Looked(look.clone()));
        self.looked.push(look);
    }
}

/// Every place with the folders that it has here, in the order in which they are tried.
fn places() -> Vec<(String, Origin, Vec<Utf8PathBuf>)> {
    let mut places = vec![
        ("PATH".to_owned(), Origin::Path, on_path()),
        ("pg_config --bindir".to_owned(), Origin::PgConfig, from_pg_config().into_iter().collect()),
    ];
    for (parent, prefix) in VERSIONED {
        places.push((format!("{parent}/{prefix}*/bin"), Origin::Packaged, versions(parent, prefix)));
    }
    for folder in PLAIN {
        let there = Utf8Path::new(folder).join("postgres").exists();
        places.push(((*folder).to_owned(), Origin::Packaged, if there { vec![(*folder).into()] } else { Vec::new() }));
    }
    places
}

/// The folders of `PATH` with a `postgres` in them.
fn on_path() -> Vec<Utf8PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).filter_map(|folder| Utf8PathBuf::from_path_buf(folder).ok());
    folders.filter(|folder| folder.is_absolute() && folder.join("postgres").is_file()).collect()
}

/// What `pg_config` says; it may be there without a server (Debian's libpq-dev).
fn from_pg_config() -> Option<Utf8PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(Utf8PathBuf::from(folder.trim())).filter(|folder| output.status.success() && folder.is_absolute())
}

/// `<parent>/<prefix><version>/bin`, the highest version first.
fn versions(parent: &str, prefix: &str) -> Vec<Utf8PathBuf> {
    let Ok(entries) = fs_err::read_dir(parent) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<(u32, String)> = names
        .filter_map(|name| {
            let version = name.strip_prefix(prefix)?;
            let digits = version.find(|c: char| !c.is_ascii_digit()).map_or(version, |end| &version[..end]);
            Some((digits.parse().ok()?, name))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, name)| Utf8Path::new(parent).join(name).join("bin")).filter(|dir| dir.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_versions_as_numbers() {
        let dir = tempfile::tempdir().unwrap();
        let parent = Utf8Path::from_path(dir.path()).unwrap();
        for name in ["9.6", "16", "14", "notes", "17"] {
            fs_err::create_dir_all(parent.join(name).join("bin")).unwrap();
        }
        let found = versions(parent.as_str(), "");
        let names: Vec<_> = found.iter().map(|dir| dir.strip_prefix(parent).unwrap().as_str()).collect();
        assert_eq!(names, ["17/bin", "16/bin", "14/bin", "9.6/bin"]);
    }
}
