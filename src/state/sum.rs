//! `dbctl.sum`: one `version sha256` line a migration file, to be committed beside `dbctl.toml`.
//!
//! Two branches that add different files both add a line at the end, which git calls a conflict unless the file is
//! merged by union; the line that `dbctl init` writes into `.gitattributes` says so. A union may be out of order: any order is
//! read, and the next update sorts it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::Error;
use super::files::{self, Readers};

/// The file's name.
const NAME: &str = "dbctl.sum";

/// The first line, which never changes.
const HEADER: &str = "# dbctl.sum v1: the SHA-256 of each migration; commit this file";

/// How many hexadecimal digits a SHA-256 has.
const DIGITS: usize = 64;

/// What is wrong with a line of `dbctl.sum`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumProblem {
    /// A conflict marker of git.
    Conflict,
    /// A version that another line has already.
    Duplicate {
        /// The version.
        version: String,
        /// The line that has it, from 1.
        first: usize,
    },
    /// Not `version sha256`.
    Malformed,
}

impl fmt::Display for SumProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => f.write_str("a merge conflict that is not resolved"),
            Self::Duplicate { version, first } => {
                write!(f, "version `{version}` stands in line {first} already, with another checksum")
            }
            Self::Malformed => f.write_str("not a version and a SHA-256"),
        }
    }
}

impl SumProblem {
    /// What a person can do about it.
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Conflict => "keep the lines of both sides and remove the markers",
            Self::Duplicate { .. } => {
                "keep the line of the file that is in the folder; two files cannot share a version"
            }
            Self::Malformed => "restore the line, or remove the file: the next local run writes it anew",
        }
    }
}

/// The versions and checksums, sorted by version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SumFile {
    entries: Vec<(String, String)>,
}

impl SumFile {
    /// Makes the content from versions and checksums in any order.
    #[must_use]
    pub fn new(entries: &[(String, String)]) -> Self {
        let mut entries = entries.to_vec();
        entries.sort_by(|(a, _), (b, _)| by_version(a, b));
        Self { entries }
    }

    /// Reads the file's text; `path` is for the message.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let mut entries: Vec<(String, String)> = Vec::new();
        let mut seen: HashMap<&str, (&str, usize)> = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let problem = |problem| Error::Sum { path: path.to_owned(), line: index + 1, problem };
            let line = line.trim();
            if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker)) {
                return Err(problem(SumProblem::Conflict));
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((version, sha256)) = entry(line) else { return Err(problem(SumProblem::Malformed)) };
            let (other, first) = *seen.entry(version).or_insert((sha256, index + 1));
            if other != sha256 {
                return Err(problem(SumProblem::Duplicate { version: version.to_owned(), first }));
            }
            if first == index + 1 {
                entries.push((version.to_owned(), sha256.to_owned()));
            }
        }
        Ok(Self::new(&entries))
    }

    /// The file's text.
    #[must_use]
    pub fn format(&self) -> String {
        let lines = self.entries.iter().map(|(version, sha256)| format!("{version} {sha256}\n"));
        format!("{HEADER}\n{}", lines.collect::<String>())
    }

    /// The checksum of a version.
    #[must_use]
    pub fn get(&self, version: &str) -> Option<&str> {
        self.entries.iter().find(|(other, _)| other == version).map(|(_, sha256)| sha256.as_str())
    }

    /// The versions and their checksums, sorted by version.
    #[must_use]
    pub fn entries(&self) -> &[(String, String)] {
        &self.entries
    }

    /// Where the file of a project is.
    #[must_use]
    pub fn path(project: &Path) -> PathBuf {
        project.join(NAME)
    }

    /// Reads a project's file; none where it does not exist.
    pub fn load(project: &Path) -> Result<Option<Self>, Error> {
        let path = Self::path(project);
        files::read(&path)?.map(|text| Self::parse(&path, &text)).transpose()
    }

    /// Makes a project's file say exactly these versions and checksums; answers whether it had to be written.
    ///
    /// A file that cannot be read is not overwritten: it may hold somebody's unresolved merge.
    pub fn update(project: &Path, entries: &[(String, String)]) -> Result<bool, Error> {
        let path = Self::path(project);
        let wanted = Self::new(entries).format();
        let Some(text) = files::read(&path)? else {
            return files::write(&path, wanted.as_bytes(), Readers::Project).map(|()| true);
        };
        // A checkout with CRLF line ends says the same.
        if text == wanted || text.replace("\r\n", "\n") == wanted {
            return Ok(false);
        }
        Self::parse(&path, &text)?;
        files::write(&path, wanted.as_bytes(), Readers::Project).map(|()| true)
    }
}

fn entry(line: &str) -> Option<(&str, &str)> {
    let (version, sha256) = line.split_once(' ')?;
    let sha256 = sha256.trim_start();
    let hexadecimal = sha256.len() == DIGITS && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then_some((version, sha256))
}

/// Versions of digits by their number, whatever their length; others after them as text.
fn by_version(a: &str, b: &str) -> Ordering {
    let key = |version: &str| {
        let number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        let digits = version.trim_start_matches('0').len();
        (!number, if number { digits } else { 0 })
    };
    let text =
        |version: &str| if key(version).0 { version.to_owned() } else { version.trim_start_matches('0').to_owned() };
    key(a).cmp(&key(b)).then_with(|| text(a).cmp(&text(b))).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    fn sha(c: char) -> String {
        c.to_string().repeat(DIGITS)
    }

    fn entries(list: &[(&str, char)]) -> Vec<(String, String)> {
        list.iter().map(|(version, c)| ((*version).to_owned(), sha(*c))).collect()
    }

    fn parse(text: &str) -> Result<SumFile, String> {
        SumFile::parse(Path::new("dbctl.sum"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn sorts_by_number_and_reads_back_what_it_writes() {
        let sum =
            SumFile::new(&entries(&[("10", 'a'), ("9", 'b'), ("20240101000000", 'c'), ("0002", 'd'), ("x", 'e')]));
        let versions: Vec<&str> = sum.entries().iter().map(|(version, _)| version.as_str()).collect();
        assert_eq!(versions, ["0002", "9", "10", "20240101000000", "x"]);
        assert_eq!(parse(&sum.format()), Ok(sum.clone()));
        assert_eq!(sum.get("9"), Some(sha('b').as_str()));
        assert_eq!(sum.get("99"), None);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let (a, b) = (sha('a'), sha('b'));
        assert_eq!(
            parse(&format!("1 {a}\n\n1 {b}\n")),
            Err("`dbctl.sum:3`: version `1` stands in line 1 already, with another checksum".to_owned())
        );
        assert_eq!(
            parse(&format!("1 {a}\n<<<<<<< HEAD\n")),
            Err("`dbctl.sum:2`: a merge conflict that is not resolved".to_owned())
        );
        assert_eq!(parse("1 abc\n"), Err("`dbctl.sum:1`: not a version and a SHA-256".to_owned()));
        assert_eq!(parse(&format!("1 {a}\r\n1 {a}\r\n")).unwrap().entries().len(), 1, "the same line twice is no harm");
    }

    #[test]
    fn is_written_only_where_it_changes() {
        let project = tempfile::tempdir().unwrap();
        let path = SumFile::path(project.path());
        assert_eq!(SumFile::load(project.path()).unwrap(), None);
        assert!(SumFile::update(project.path(), &entries(&[("1", 'a')])).unwrap());
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        assert!(!SumFile::update(project.path(), &entries(&[("1", 'a')])).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert!(SumFile::update(project.path(), &entries(&[("1", 'b'), ("2", 'c')])).unwrap());
        assert_eq!(SumFile::load(project.path()).unwrap().unwrap().get("1"), Some(sha('b').as_str()));
        fs::write(&path, "=======\n").unwrap();
        assert!(SumFile::update(project.path(), &[]).is_err(), "somebody's merge is not overwritten");
    }

    #[test]
    fn merges_without_a_conflict_when_two_branches_add_files() {
        let project = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.current_dir(project.path()).args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "core.hooksPath=",
            ]);
            let output = git.args(arguments).output().unwrap();
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let commit = |list: &[(&str, char)]| {
            SumFile::update(project.path(), &entries(list)).unwrap();
            git(&["add", "."]);
            git(&["commit", "-q", "-m", "x"]);
        };
        git(&["init", "-q", "-b", "main"]);
        fs::write(project.path().join(".gitattributes"), "dbctl.sum merge=union\n").unwrap();
        commit(&[("1", 'a')]);
        git(&["checkout", "-q", "-b", "other"]);
        commit(&[("1", 'a'), ("2", 'b'), ("4", 'e')]);
        git(&["checkout", "-q", "main"]);
        commit(&[("1", 'a'), ("3", 'c'), ("4", 'e')]);
        git(&["merge", "-q", "-m", "m", "other"]);
        let merged = SumFile::load(project.path()).unwrap().unwrap();
        assert_eq!(merged, SumFile::new(&entries(&[("1", 'a'), ("2", 'b'), ("3", 'c'), ("4", 'e')])));
    }
}
