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

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const WANTED: Wanted<'_> = Wanted { host: "db.example.com", port: 5432, database: "app", user: "ann" };

    fn found(content: &str, wanted: &Wanted<'_>) -> Option<String> {
        find(content, wanted).map(|password| password.expose_secret().to_owned())
    }

    #[test]
    fn takes_the_first_line_that_matches() {
        let content = "# db.example.com:5432:app:ann:comment\n\ndb.example.com:5433:app:ann:port\n\
                       db.example.com:5432:*:bob:user\n*:*:*:ann:first\r\ndb.example.com:5432:app:ann:second\n";
        assert_eq!(found(content, &WANTED).as_deref(), Some("first"));
        assert_eq!(found("db.example.com:5432:app:ann", &WANTED), None);
        assert_eq!(found("db.example.com:5432:app:ann:", &WANTED), None);
    }

    #[test]
    fn unescapes_colons_and_backslashes() {
        assert_eq!(found("*:*:*:ann:a\\:b\\\\c:d", &WANTED).as_deref(), Some("a:b\\c:d"));
        let socket = Wanted { host: "/a:b", ..WANTED };
        assert_eq!(found("/a\\:b:*:*:*:x", &socket).as_deref(), Some("x"));
        assert_eq!(found("\\*:*:*:*:x", &WANTED), None, "an escaped star is a star");
    }

    #[cfg(unix)]
    #[test]
    fn ignores_a_file_that_others_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        assert!(read(&path, &WANTED).unwrap().is_none(), "a missing file is no fault");
        fs_err::write(&path, "*:*:*:*:canary").unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let warning = read(&path, &WANTED).unwrap_err();
        assert!(warning.contains("chmod 0600") && !warning.contains("canary"), "{warning}");
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(read(&path, &WANTED).unwrap().is_some());
        assert!(read(folder.path(), &WANTED).is_err(), "a folder is no password file");
    }
}
