//! The password file, by libpq's rules.
//!
//! <https://www.postgresql.org/docs/current/libpq-pgpass.html>

use std::io;
use std::path::Path;

use secrecy::SecretString;

/// What a line has to match; a `*` in the file matches anything.
pub(super) struct Wanted<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// The first matching line's password; `Err` says why a file that is there was not read.
pub(super) fn read(path: &Path, wanted: &Wanted<'_>) -> Result<Option<SecretString>, String> {
    let metadata = match fs_err::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("the password file was not read: {error}")),
    };
    if !metadata.is_file() {
        return Err(format!("the password file `{}` is not a plain file and was not read", path.display()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(format!(
                "the password file `{0}` can be read by others and was ignored; run `chmod 0600 {0}`",
                path.display()
            ));
        }
    }
    let content = fs_err::read(path).map_err(|error| format!("the password file was not read: {error}"))?;
    Ok(find(&String::from_utf8_lossy(&content), wanted))
}

fn find(content: &str, wanted: &Wanted<'_>) -> Option<SecretString> {
    let port = wanted.port.to_string();
    content.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).find_map(|line| {
        let mut rest = line;
        for value in [wanted.host, &port, wanted.database, wanted.user] {
            let (field, behind) = split_field(rest)?;
            if field != "*" && unescape(field) != value {
                return None;
            }
            rest = behind;
        }
        (!rest.is_empty()).then(|| unescape(rest).into())
    })
}

/// Splits at the first colon that no backslash escapes.
fn split_field(line: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b':' if !escaped => return Some((&line[..at], &line[at + 1..])),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            text.extend(characters.next());
        } else {
            text.push(character);
        }
    }
    text
}
