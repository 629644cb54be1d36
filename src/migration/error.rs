//! Why a folder or a file of migrations is not usable.

use super::layout::Layout;
use super::version::VersionError;

/// Why a folder's layout is not clear.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Files of two layouts stand in one folder.
    #[error(
        "the folder mixes two layouts: {} ({first}), but {} ({second})",
        listed(.first_files, usize::MAX),
        listed(.second_files, usize::MAX)
    )]
    Mixed {
        /// The layout of most files.
        first: &'static Layout,
        /// Its files; where there are many, the first three.
        first_files: Vec<String>,
        /// The other.
        second: &'static Layout,
        /// All its files.
        second_files: Vec<String>,
    },
    /// Names that no layout has.
    #[error("{} of no known layout: {}", is_or_are(.files, "the file name is", "the file names are"), listed(.files, usize::MAX))]
    Unfit {
        /// The files.
        files: Vec<String>,
    },
    /// Several migrations have one version.
    #[error("{}", .groups.iter().map(|(version, files)| format!("version {version} is taken by {}", listed(files, usize::MAX))).collect::<Vec<_>>().join("; "))]
    Duplicates {
        /// Each version with its files.
        groups: Vec<(String, Vec<String>)>,
    },
    /// Files that take back a migration which is not there.
    #[error("{} no migration to take back: {}", is_or_are(.files, "the file has", "the files have"), listed(.files, usize::MAX))]
    DownWithoutUp {
        /// The files.
        files: Vec<String>,
    },
    /// Folders named like a migration without SQL in them.
    #[error("{} no migration in it: {}", is_or_are(.files, "the folder has", "each of these folders has"), listed(.files, usize::MAX))]
    EmptyFolder {
        /// The folders.
        files: Vec<String>,
    },
    /// Names that end behind the version.
    #[error("{} no name behind the version: {}", is_or_are(.files, "the file has", "the files have"), listed(.files, usize::MAX))]
    EmptyName {
        /// The files.
        files: Vec<String>,
    },
    /// Versions that cannot be kept in the history.
    #[error("{} a version that cannot be used: {}: {why}", is_or_are(.files, "the file has", "the files have"), listed(.files, usize::MAX))]
    Version {
        /// The files.
        files: Vec<String>,
        /// What is wrong with them.
        why: VersionError,
    },
    /// Versions of different lengths whose order the history could not keep.
    #[error("the order of {} is not clear: their versions have different lengths", listed(.files, usize::MAX))]
    Order {
        /// The files, in pairs of neighbours.
        files: Vec<String>,
    },
}

impl LayoutError {
    /// What mends it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let layouts = || super::layout::LAYOUTS.iter().map(|layout| format!("{layout}: `{}`", layout.shape));
        match self {
            Self::Mixed { .. } => vec!["keep one layout in a folder, or give each its own folder".to_owned()],
            Self::Unfit { .. } => {
                let mut hints = vec!["rename the file, or move it out of the migrations folder".to_owned()];
                hints.extend(layouts());
                hints
            }
            Self::Duplicates { .. } => {
                vec![
                    "give one of them a newer version, if it is not applied anywhere yet".to_owned(),
                    "or, for a history that is applied already: `same_version = \"by-name\"` under `[project]` in \
                     dbctl.toml, before dbctl's first run"
                        .to_owned(),
                ]
            }
            Self::DownWithoutUp { .. } => vec![
                "bring back its migration: `git checkout -- FILE`".to_owned(),
                "or remove the file, where the migration is applied nowhere".to_owned(),
            ],
            Self::EmptyFolder { .. } => vec!["remove the folder, or put its SQL into it".to_owned()],
            Self::EmptyName { .. } => vec!["rename it to `VERSION_what_it_does.sql`".to_owned()],
            Self::Version { .. } | Self::Order { .. } => {
                vec!["rename the file so that all versions have the same number of digits".to_owned()]
            }
        }
    }
}

/// Why a file cannot be read as a migration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The bytes are no UTF-8.
    #[error("`{path}` is not valid UTF-8 at byte {offset} (line {line})")]
    NotUtf8 {
        /// The file.
        path: String,
        /// The first wrong byte, from 0.
        offset: usize,
        /// Its line, from 1.
        line: usize,
        /// The encoding that the bytes look like.
        looks_like: &'static str,
    },
    /// A program, an archive, a picture.
    #[error("`{path}` is no text: it holds NUL bytes")]
    NotText {
        /// The file.
        path: String,
    },
    /// A byte that PostgreSQL takes in no text, and that texts in UTF-16 are full of.
    #[error("`{path}` holds a NUL byte in line {line}, and PostgreSQL takes none")]
    NulByte {
        /// The file.
        path: String,
        /// Its line, from 1.
        line: usize,
    },
    /// An approval without a reason.
    #[error("`{path}` approves `{name}` in line {line} without saying why")]
    AllowWithoutReason {
        /// The file.
        path: String,
        /// Its line, from 1.
        line: usize,
        /// What it approves.
        name: String,
    },
    /// A directive of dbctl that it does not know.
    #[error("`{path}` has an unknown directive `-- dbctl: {directive}` in line {line}{}", .similar.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    UnknownDirective {
        /// The file.
        path: String,
        /// Its line, from 1.
        line: usize,
        /// What stands behind `dbctl:`.
        directive: String,
        /// The most similar one, if one is.
        similar: Option<&'static str>,
    },
    /// A file of another tool that holds the way back as well.
    #[error("`{path}` holds both ways in one file, as {tool} writes it: the way back begins in line {line}")]
    DownSection {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The tool that reads such files.
        tool: &'static str,
    },
    /// The settings beside a migration are not readable.
    #[error("`{path}` is not readable: {why}")]
    Settings {
        /// The file.
        path: String,
        /// What the reader says.
        why: String,
    },
}

impl FileError {
    /// What mends it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NotUtf8 { path, looks_like, .. } => {
                vec![format!("it looks like {looks_like}: `iconv -f {looks_like} -t UTF-8 '{path}' > new.sql`")]
            }
            Self::NulByte { path, .. } => vec![
                "remove the byte; a text in UTF-16 without its mark is full of them: ".to_owned()
                    + &format!("`iconv -f UTF-16LE -t UTF-8 '{path}' > new.sql`"),
            ],
            Self::AllowWithoutReason { name, .. } => {
                vec![format!("write the reason behind it: `-- dbctl: allow {name} -- nobody reads it since 2.3`")]
            }
            Self::UnknownDirective { .. } => {
                vec!["known are `-- dbctl: no-transaction` and `-- dbctl: allow NAME -- reason`".to_owned()]
            }
            Self::DownSection { .. } => vec!["move the way back into a `.down.sql` file of the same name".to_owned()],
            Self::NotText { .. } | Self::Settings { .. } => Vec::new(),
        }
    }
}

fn is_or_are<'a>(files: &[String], one: &'a str, several: &'a str) -> &'a str {
    if files.len() == 1 { one } else { several }
}

/// The names in backticks, with `and` before the last; those behind `max` are only counted.
pub(super) fn listed(names: &[String], max: usize) -> String {
    let mut words: Vec<String> = names.iter().take(max).map(|name| format!("`{name}`")).collect();
    if names.len() > max {
        words.push(format!("{} more", names.len() - max));
    }
    match words.pop() {
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
        None => String::new(),
    }
}
