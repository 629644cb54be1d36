//! An engine: PostgreSQL binaries that run here, and where they come from.

use std::fmt;
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::account::Account;

/// The oldest major version that dbctl works with.
const OLDEST_MAJOR: u16 = 14;

/// Where an engine comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The configuration names it.
    Pinned,
    /// A folder of `PATH`.
    Path,
    /// `pg_config --bindir`.
    PgConfig,
    /// A place where packages install it.
    Packaged,
    /// The archive that `DBCTL_PG_ARCHIVE` names.
    Archive,
    /// The archive compiled into this dbctl.
    CompiledIn,
    /// The bundle that a package client fetched.
    Fetched,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pinned => "pinned in the configuration",
            Self::Path => "found on PATH",
            Self::PgConfig => "found through pg_config",
            Self::Packaged => "installed on this machine",
            Self::Archive => "unpacked from DBCTL_PG_ARCHIVE",
            Self::CompiledIn => "compiled into dbctl",
            Self::Fetched => "fetched bundle",
        })
    }
}

/// PostgreSQL binaries that run on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// The folder with `initdb` and `postgres`.
    pub bin_dir: Utf8PathBuf,
    /// The version, such as `15.18`.
    pub version: String,
    /// The major version, such as 15.
    pub major: u16,
    /// Where it comes from.
    pub origin: Origin,
    /// Extensions that a whole bundle has and this one lacks, because a package client was missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {} in {} ({})", self.version, self.bin_dir, self.origin)?;
        if !self.lacks.is_empty() {
            write!(f, ", without the extensions {}", self.lacks.join(", "))?;
        }
        Ok(())
    }
}

/// A place that was looked at for an engine, and what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The place: a path, a program, a package client.
    pub place: String,
    /// What was there, or why it does not do.
    pub verdict: String,
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.verdict)
    }
}

/// Why a folder is no engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// A program is not there.
    #[error("no `{program}` in it")]
    Missing {
        /// The program.
        program: &'static str,
    },
    /// A program is there and does not run.
    #[error("`{program}` does not run: {why}")]
    Broken {
        /// The program.
        program: &'static str,
        /// What the system or the program said.
        why: String,
    },
    /// The version is too old.
    #[error("PostgreSQL {version} is older than {OLDEST_MAJOR}")]
    TooOld {
        /// Its version.
        version: String,
    },
}

impl Engine {
    /// Runs the programs of a folder, under the account that will run them, to see whether they make an engine.
    pub(super) fn probe(bin_dir: &Utf8Path, origin: Origin, account: Account) -> Result<Self, Rejected> {
        let version = program_version(bin_dir, "postgres", account)?;
        program_version(bin_dir, "initdb", account)?;
        let major = major_of(&version)
            .ok_or_else(|| Rejected::Broken { program: "postgres", why: format!("`--version` says `{version}`") })?;
        if major < OLDEST_MAJOR {
            return Err(Rejected::TooOld { version });
        }
        Ok(Self { bin_dir: bin_dir.to_owned(), version, major, origin, lacks: Vec::new() })
    }

    /// The same engine as its binaries are now: a minor upgrade changes the version, not the major one.
    pub(super) fn refreshed(&self, account: Account) -> Option<Self> {
        let version = program_version(&self.bin_dir, "postgres", account).ok()?;
        (major_of(&version) == Some(self.major)).then(|| Self { version, ..self.clone() })
    }

    /// The path of a program of this engine, where it has it.
    #[must_use]
    pub fn program(&self, name: &str) -> Option<Utf8PathBuf> {
        Some(self.bin_dir.join(name)).filter(|path| path.is_file())
    }
}

/// The version that a program of the folder prints: `15.18` of `postgres (PostgreSQL) 15.18 (Debian …)`.
fn program_version(bin_dir: &Utf8Path, program: &'static str, account: Account) -> Result<String, Rejected> {
    let broken = |why: String| Rejected::Broken { program, why };
    let path = bin_dir.join(program);
    let output = match account.command(&path, Utf8Path::new("/")).arg("--version").output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound && !path.exists() => {
            return Err(Rejected::Missing { program });
        }
        Err(error) => return Err(broken(error.to_string())),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(broken(said.lines().next().unwrap_or("it fails without a word").to_owned()));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split_once("(PostgreSQL)").and_then(|(_, rest)| rest.split_whitespace().next());
    version.map(ToOwned::to_owned).ok_or_else(|| broken(format!("`--version` says `{}`", said.trim())))
}

/// The major version: `15` of `15.18`, `19` of `19devel`.
fn major_of(version: &str) -> Option<u16> {
    let digits = version.find(|c: char| !c.is_ascii_digit()).map_or(version, |end| &version[..end]);
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_major_versions() {
        assert_eq!(major_of("15.18"), Some(15));
        assert_eq!(major_of("19devel"), Some(19));
        assert_eq!(major_of("beta"), None);
    }

    #[test]
    fn says_where_an_engine_comes_from() {
        let engine = Engine {
            bin_dir: "/usr/lib/postgresql/15/bin".into(),
            version: "15.18".into(),
            major: 15,
            origin: Origin::Packaged,
            lacks: Vec::new(),
        };
        assert_eq!(engine.to_string(), "PostgreSQL 15.18 in /usr/lib/postgresql/15/bin (installed on this machine)");
    }
}
