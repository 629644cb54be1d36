//! The server's log file.

use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;

use camino::Utf8Path;
use fs_err::File;

use super::account;

/// A log that is larger is set aside at the next start.
const LARGE: u64 = 8 * 1024 * 1024;

/// How many lines an error shows.
const SHOWN_LINES: usize = 20;

/// Opens the log for appending; gives it and its length, from which this start's lines follow.
pub(super) fn open(path: &Utf8Path) -> std::io::Result<(File, u64)> {
    if fs_err::metadata(path).is_ok_and(|meta| meta.len() > LARGE) {
        fs_err::rename(path, path.with_extension("log.1"))?;
    }
    let mut options = fs_err::OpenOptions::new();
    options.options_mut().create(true).append(true).mode(0o600);
    let file = options.open(path)?;
    account::give_to_owner_of_folder(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// What was written after `from`.
pub(super) fn since(path: &Utf8Path, from: u64) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

/// The last lines of a text, indented for an error message.
pub(super) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let shown = &lines[lines.len().saturating_sub(SHOWN_LINES)..];
    shown.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
