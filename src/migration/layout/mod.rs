//! The layouts of migrations folders, and which one a folder has.
//!
//! A layout is one file here and one line in [`LAYOUTS`].

mod diesel;
mod numbered;
mod prisma;
mod recognise;
mod timestamped;
mod updown;

use std::fmt;

use camino::Utf8PathBuf;

use super::name::next_version;
use super::version::{Order, Version};

pub use recognise::{Listed, Listing, SameVersion, recognise};

/// All layouts; of two that fit a folder equally well the earlier one is taken.
pub static LAYOUTS: &[&Layout] =
    &[&timestamped::LAYOUT, &updown::LAYOUT, &numbered::LAYOUT, &diesel::LAYOUT, &prisma::LAYOUT];

/// How a tool arranges its migrations in a folder.
#[derive(Debug)]
pub struct Layout {
    /// A stable name: `timestamped`, `up-down`.
    pub id: &'static str,
    /// The tools that write it, as people know them.
    pub label: &'static str,
    /// A migration's files, as a pattern for people.
    pub shape: &'static str,
    /// By what its versions are ordered.
    pub order: Order,
    /// Whether each migration is a folder of its own.
    pub folders: bool,
    read: for<'a> fn(&'a Entry) -> Option<Found<'a>>,
    files: fn(&str) -> NewFiles,
}

impl Layout {
    /// The layout of a project that dbctl begins.
    pub const OWN: &'static Self = &timestamped::LAYOUT;

    /// The files of a new migration with the name `stem` (`VERSION_name`), relative to the folder.
    #[must_use]
    pub fn files(&self, stem: &str) -> NewFiles {
        (self.files)(stem)
    }

    /// By what its versions are ordered where several migrations may have one.
    #[must_use]
    pub fn order_with(&self, same: SameVersion) -> Order {
        match (self.order, same) {
            (Order::Number, SameVersion::ByName) => Order::Name,
            (order, _) => order,
        }
    }

    /// The version of a new migration, after one that was read in the same way: see [`next_version`].
    #[must_use]
    pub fn next_version(&self, now: jiff::civil::DateTime, newest: Option<&Version>, same: SameVersion) -> Version {
        next_version(now, newest, self.order_with(same))
    }
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Layout {}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label)
    }
}

/// The paths of a new migration, relative to the migrations folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFiles {
    /// The migration.
    pub up: Utf8PathBuf,
    /// What takes it back; `None` where the layout has no place for it.
    pub down: Option<Utf8PathBuf>,
}

/// What stands in a migrations folder: a file, or a folder with the names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// The names in it, if it is a folder.
    pub contents: Option<Vec<String>>,
}

impl Entry {
    /// A file.
    pub fn file(name: impl Into<String>) -> Self {
        Self { name: name.into(), contents: None }
    }

    /// A folder.
    pub fn folder(name: impl Into<String>, contents: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { name: name.into(), contents: Some(contents.into_iter().map(Into::into).collect()) }
    }

    /// Whether a migration can be in a folder of this name, so that its contents have to be listed.
    #[must_use]
    pub fn may_be_migration(name: &str) -> bool {
        name.starts_with(|c: char| c.is_ascii_digit())
    }

    fn has(&self, name: &str) -> bool {
        self.contents.iter().flatten().any(|found| found == name)
    }

    /// The path of a file in this folder, if it is there.
    fn path(&self, name: &str) -> Option<Utf8PathBuf> {
        self.has(name).then(|| Utf8PathBuf::from(&self.name).join(name))
    }
}

/// What a layout reads in one entry.
#[derive(Debug)]
struct Found<'a> {
    version: &'a str,
    name: &'a str,
    up: Option<Utf8PathBuf>,
    down: Option<Utf8PathBuf>,
    settings: Option<Utf8PathBuf>,
}

/// `DIGITS_name` in its parts; the name is empty where only digits stand.
fn digits_and_name(stem: &str) -> Option<(&str, &str)> {
    let (version, name) = stem.split_once('_').unwrap_or((stem, ""));
    (!version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())).then_some((version, name))
}

/// Reads `VERSION_name.sql` or `VERSION_name.down.sql`.
fn plain_file(entry: &Entry) -> Option<Found<'_>> {
    let stem = entry
        .name
        .strip_suffix(".sql")
        .filter(|stem| entry.contents.is_none() && stem.strip_suffix(".up").is_none())?;
    let path = Some(Utf8PathBuf::from(&entry.name));
    let (stem, up, down) = match stem.strip_suffix(".down") {
        Some(stem) => (stem, None, path),
        None => (stem, path, None),
    };
    let (version, name) = digits_and_name(stem)?;
    Some(Found { version, name, up, down, settings: None })
}

fn plain_files(stem: &str) -> NewFiles {
    NewFiles { up: format!("{stem}.sql").into(), down: Some(format!("{stem}.down.sql").into()) }
}
