//! The migrations of a project, read: their texts, checksums and directives.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::checksum::{Checksum, normalise};
use super::directive::{Approval, Directives};
use super::error::FileError;
use super::layout::{Layout, Listed};
use super::name::refinery_name;
use super::version::{UnknownVersion, Version};
use crate::text::Source;

/// The line of `templates/down.sql.j2` that says so.
const UNWRITTEN: &str = "-- Until a statement stands below, the migration counts as one that cannot be taken back.";

/// All migrations of a folder, oldest first.
#[derive(Debug, Clone)]
pub struct Set {
    /// The folder's layout.
    pub layout: &'static Layout,
    /// The migrations by version.
    pub migrations: Vec<Migration>,
}

impl Set {
    /// The migration of a version.
    #[must_use]
    pub fn get(&self, version: &Version) -> Option<&Migration> {
        let at = self.migrations.binary_search_by(|migration| migration.version.cmp(version)).ok()?;
        self.migrations.get(at)
    }

    /// The migration of a key.
    #[must_use]
    pub fn by_key(&self, key: i64) -> Option<&Migration> {
        let at = self.migrations.binary_search_by_key(&key, |migration| migration.version.key()).ok()?;
        self.migrations.get(at)
    }

    /// The migration that a person means; see [`Version::parse_user`].
    pub fn find(&self, input: &str) -> Result<&Migration, UnknownVersion> {
        let known = self.migrations.iter().map(|migration| (&migration.version, migration.name.as_str()));
        let version = Version::parse_user(input, known)?;
        self.get(&version).ok_or(UnknownVersion::Unknown { input: input.to_owned(), similar: None })
    }

    /// A SHA-256 for each migration of its text and of all before it, by key: what it runs on is as much a part of what is
    /// known of it as its own text.
    #[must_use]
    pub fn chains(&self) -> BTreeMap<i64, String> {
        let mut chain = String::new();
        let mut chains = BTreeMap::new();
        for migration in &self.migrations {
            let text = format!("{chain} {} {}", migration.version, migration.checksum);
            chain = Checksum::raw(text.as_bytes()).to_string();
            chains.insert(migration.version.key(), chain.clone());
        }
        chains
    }

    /// The highest version.
    #[must_use]
    pub fn newest(&self) -> Option<&Version> {
        self.migrations.last().map(|migration| &migration.version)
    }
}

/// One migration.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its version.
    pub version: Version,
    /// Its name, as in the file name.
    pub name: String,
    /// Its file, relative to the project.
    pub path: Utf8PathBuf,
    /// Its text as read, named by its path.
    pub source: Source,
    /// Of the normalised text.
    pub checksum: Checksum,
    /// Of the file's bytes.
    pub raw_checksum: Checksum,
    /// Why its file asks for no transaction, in words: the directive or the setting, and where it stands.
    pub no_transaction: Option<String>,
    /// What its file approves of itself.
    pub approvals: Vec<Approval>,
    /// What takes it back.
    pub down: Option<Down>,
}

/// The way back of a migration.
#[derive(Debug, Clone)]
pub struct Down {
    /// Its file, relative to the project.
    pub path: Utf8PathBuf,
    /// Its text as read, named by its path.
    pub source: Source,
    /// Of the normalised text.
    pub checksum: Checksum,
    /// Of the file's bytes.
    pub raw_checksum: Checksum,
    /// Why its file asks for no transaction, in words.
    pub no_transaction: Option<String>,
}

impl Migration {
    /// Whether it has a down file, and one that somebody has written, unless there is nothing to take back.
    #[must_use]
    pub fn is_reversible(&self) -> bool {
        let does_nothing = || crate::sql::significant(self.source.text()).is_empty();
        self.down.as_ref().is_some_and(|down| !down.is_unwritten() || does_nothing())
    }

    /// Makes a migration of the bytes of its files.
    ///
    /// `folder` is the migrations folder as it is shown; `settings` is the text of diesel's `metadata.toml`.
    pub fn new(
        folder: &Utf8Path,
        listed: Listed,
        up: Vec<u8>,
        down: Option<Vec<u8>>,
        settings: Option<&str>,
    ) -> Result<Self, FileError> {
        let setting = match (&listed.settings, settings) {
            (Some(path), Some(text)) => run_in_transaction(&folder.join(path), text)?,
            _ => None,
        };
        let path = folder.join(&listed.up);
        let raw_checksum = Checksum::raw(&up);
        let source = decode(&path, up)?;
        let down = match listed.down.zip(down) {
            Some((path, bytes)) => {
                let down = Down::new(beside(folder, &path), bytes)?;
                let no_transaction = down.no_transaction.or_else(|| setting.clone());
                Some(Down { no_transaction, ..down })
            }
            None => None,
        };
        Ok(Self {
            version: listed.version,
            name: listed.name,
            path,
            checksum: Checksum::normalised_beside(&raw_checksum, source.text()),
            raw_checksum,
            no_transaction: asked(&source)?.or(setting),
            approvals: Directives::read(&source)?.approvals,
            source,
            down,
        })
    }

    /// Whether it asks for no transaction with this text in place of the one that was read.
    #[must_use]
    pub fn is_without_transaction(&self, text: &Source) -> bool {
        let is_directed = |text: &Source| asked(text).is_ok_and(|directive| directive.is_some());
        // What its own text does not ask for, the settings beside it do.
        is_directed(text) || self.no_transaction.is_some() && !is_directed(&self.source)
    }

    /// The text that its checksum stands for.
    #[must_use]
    pub fn normalised(&self) -> String {
        normalise(self.source.text())
    }

    /// The name by which refinery knows it; see [`refinery_name`].
    #[must_use]
    pub fn refinery_name(&self) -> String {
        refinery_name(&self.version, &self.name)
    }

    /// The migration as refinery knows it, with the normalised text.
    pub fn refinery(&self) -> Result<refinery::Migration, refinery::Error> {
        refinery::Migration::unapplied(&self.refinery_name(), &self.normalised())
    }

    /// The same without an order: refinery applies a version older than the newest applied one in no other way.
    pub fn refinery_unversioned(&self) -> Result<refinery::Migration, refinery::Error> {
        refinery::Migration::unapplied(&self.refinery_name().replacen('V', "U", 1), &self.normalised())
    }
}

impl Down {
    /// Makes a way back of the bytes of its file, or of what would stand in it.
    pub fn new(path: Utf8PathBuf, bytes: Vec<u8>) -> Result<Self, FileError> {
        let raw_checksum = Checksum::raw(&bytes);
        let source = decode(&path, bytes)?;
        let no_transaction = asked(&source)?;
        let checksum = Checksum::normalised_beside(&raw_checksum, source.text());
        Ok(Self { path, source, checksum, raw_checksum, no_transaction })
    }

    /// Whether it is the template that nobody has filled in. A file that somebody left without a statement counts:
    /// there are migrations that need nothing to be taken back.
    #[must_use]
    pub fn is_unwritten(&self) -> bool {
        Self::is_template(self.source.text())
    }

    /// The same of a text in place of the one that was read.
    #[must_use]
    pub fn is_template(text: &str) -> bool {
        text.contains(UNWRITTEN) && crate::sql::significant(text).is_empty()
    }

    /// The text that its checksum stands for.
    #[must_use]
    pub fn normalised(&self) -> String {
        normalise(self.source.text())
    }
}

/// A path as from a folder, which may lead to a folder beside it.
#[must_use]
pub fn beside(folder: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    match path.strip_prefix("..") {
        Ok(path) => folder.parent().unwrap_or(Utf8Path::new("..")).join(path),
        Err(_) => folder.join(path),
    }
}

/// The text of a file's bytes, which are UTF-8 without NUL.
pub fn decode(path: &Utf8Path, bytes: Vec<u8>) -> Result<Source, FileError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = bytes.get(..offset).unwrap_or(bytes);
        let looks_like = match bytes {
            [0xff, 0xfe, ..] => "UTF-16LE",
            [0xfe, 0xff, ..] => "UTF-16BE",
            _ if bytes.contains(&0) => return FileError::NotText { path: path.to_string() },
            _ => "ISO-8859-1",
        };
        let line = before.split(|byte| *byte == b'\n').count();
        FileError::NotUtf8 { path: path.to_string(), offset, line, looks_like }
    })?;
    if let Some((before, _)) = text.split_once('\0') {
        return Err(FileError::NulByte { path: path.to_string(), line: before.split('\n').count() });
    }
    Ok(Source::new(path.as_str(), text))
}

fn asked(source: &Source) -> Result<Option<String>, FileError> {
    let directive = Directives::read(source)?.no_transaction;
    Ok(directive.map(|found| format!("`{}` in line {}", found.written, source.position(found.span.start).line)))
}

/// Reads diesel's `run_in_transaction`. <https://docs.rs/diesel_migrations/latest/diesel_migrations/struct.TomlMetadata.html>
fn run_in_transaction(path: &Utf8Path, text: &str) -> Result<Option<String>, FileError> {
    let table: toml::Table = toml::from_str(text)
        .map_err(|error| FileError::Settings { path: path.to_string(), why: error.message().to_owned() })?;
    match table.get("run_in_transaction") {
        None | Some(toml::Value::Boolean(true)) => Ok(None),
        Some(toml::Value::Boolean(false)) => Ok(Some(format!("`run_in_transaction = false` in `{path}`"))),
        Some(_) => Err(FileError::Settings {
            path: path.to_string(),
            why: "`run_in_transaction` is neither true nor false".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{Entry, recognise};
    use super::*;

    fn read(up: &[u8], settings: Option<&str>) -> Result<Migration, String> {
        let entry = Entry::folder("20240131093000_a-b", ["up.sql", "down.sql", "metadata.toml"]);
        let listed = recognise(&[entry], super::super::layout::SameVersion::Refuse).unwrap().migrations.remove(0);
        Migration::new("migrations".into(), listed, up.to_vec(), Some(b"select 2;".to_vec()), settings)
            .map_err(|error| format!("{error}; {}", error.hints().join("; ")))
    }

    #[test]
    fn holds_what_the_files_say() {
        let migration = read("\u{feff}-- dbctl: no-transaction\r\nselect 'ü';".as_bytes(), None).unwrap();
        assert_eq!(migration.path, "migrations/20240131093000_a-b/up.sql");
        assert_eq!(migration.no_transaction.as_deref(), Some("`-- dbctl: no-transaction` in line 1"));
        assert_eq!(migration.refinery_name(), "V2024013109300000005__a_b");
        assert_eq!(crate::sql::split(migration.source.text()).unwrap().len(), 1);
        assert_eq!(migration.down.unwrap().no_transaction, None);
        assert_ne!(migration.checksum, migration.raw_checksum);
    }

    #[test]
    fn refuses_a_nul_byte() {
        assert!(read(b"select 1;\nselect '\0';", None).unwrap_err().contains("a NUL byte in line 2"));
    }

    #[test]
    fn knows_its_own_template() {
        assert!(include_str!("../../templates/down.sql.j2").contains(UNWRITTEN));
    }

    #[test]
    fn reads_diesels_settings() {
        let migration = read(b"select 1;", Some("run_in_transaction = false")).unwrap();
        let why = "`run_in_transaction = false` in `migrations/20240131093000_a-b/metadata.toml`";
        assert_eq!(migration.no_transaction.as_deref(), Some(why));
        assert_eq!(migration.down.unwrap().no_transaction.as_deref(), Some(why));
        assert_eq!(read(b"", Some("a = 1")).unwrap().no_transaction, None);
        assert!(read(b"", Some("run_in_transaction = 1")).unwrap_err().contains("neither"));
        assert!(read(b"", Some("=")).unwrap_err().contains("is not readable"));
    }

    #[test]
    fn names_the_byte_that_is_no_utf8() {
        assert_eq!(
            read(b"select 1;\n-- caf\xe9\n", None).unwrap_err(),
            "`migrations/20240131093000_a-b/up.sql` is not valid UTF-8 at byte 16 (line 2); it looks like ISO-8859-1: \
             `iconv -f ISO-8859-1 -t UTF-8 'migrations/20240131093000_a-b/up.sql' > new.sql`"
        );
        assert!(read(b"\xff\xfes\0", None).unwrap_err().contains("UTF-16LE"));
    }
}
