//! What a schema is taken from, as the command line says it.

use std::fmt;
use std::str::FromStr;

/// What a schema is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The migrations, replayed, up to a version or all.
    Migrations(Option<String>),
    /// The local database.
    Local,
    /// A configured database; `remote` is one.
    Target(String),
    /// A database by its URL.
    Url(String),
    /// A SQL file, or a folder of them.
    File(String),
    /// A saved catalog.
    Snapshot(String),
    /// SQL that a command prints, by the command's name.
    Command(String),
    /// Nothing.
    Empty,
}

/// Why a word is no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no source of a schema: it may be migrations, migrations@VERSION, local, remote, target:NAME, url:URL, \
     file:PATH, snapshot:PATH, command:NAME or empty"
)]
pub struct UnknownSource(String);

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(word: &str) -> Result<Self, UnknownSource> {
        if word.starts_with("postgres://") || word.starts_with("postgresql://") {
            return Ok(Self::Url(word.to_owned()));
        }
        let unknown = || UnknownSource(word.split("://").next().unwrap_or_default().to_owned());
        let some = |text: &str| if text.is_empty() { Err(unknown()) } else { Ok(text.to_owned()) };
        match word.split_once(':') {
            Some(("target", name)) => some(name).map(Self::Target),
            Some(("url", url)) => some(url).map(Self::Url),
            Some(("file", path)) => some(path).map(Self::File),
            Some(("snapshot", path)) => some(path).map(Self::Snapshot),
            Some(("command", name)) => some(name).map(Self::Command),
            Some(_) => Err(unknown()),
            None => match word.split_once('@') {
                Some(("migrations", version)) => some(version).map(|version| Self::Migrations(Some(version))),
                Some(_) => Err(unknown()),
                None => match word {
                    "migrations" => Ok(Self::Migrations(None)),
                    "local" => Ok(Self::Local),
                    "remote" => Ok(Self::Target("remote".to_owned())),
                    "empty" => Ok(Self::Empty),
                    _ => Err(unknown()),
                },
            },
        }
    }
}

impl fmt::Display for Source {
    /// As the command line says it; of a URL only where it leads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Migrations(None) => formatter.write_str("migrations"),
            Self::Migrations(Some(version)) => write!(formatter, "migrations@{version}"),
            Self::Local => formatter.write_str("local"),
            Self::Target(name) if name == "remote" => formatter.write_str("remote"),
            Self::Target(name) => write!(formatter, "target:{name}"),
            Self::Url(url) => match address(url) {
                Some(address) => write!(formatter, "url:{address}"),
                None => formatter.write_str("url"),
            },
            Self::File(path) => write!(formatter, "file:{path}"),
            Self::Snapshot(path) => write!(formatter, "snapshot:{path}"),
            Self::Command(name) => write!(formatter, "command:{name}"),
            Self::Empty => formatter.write_str("empty"),
        }
    }
}

/// Host, port and database of a URL in which each is where it should be; none where a secret might be taken for one.
fn address(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    let (authority, database) = rest.split_once('/')?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let port = host.rsplit_once(':').filter(|_| !host.ends_with(']')).map_or("0", |(_, port)| port);
    let is_plain = |text: &str, more: &str| text.chars().all(|c| c.is_alphanumeric() || more.contains(c));
    let is_whole = url.matches('@').count() <= 1 && port.chars().all(|c| c.is_ascii_digit());
    (is_whole && is_plain(host, ".-_:[]") && is_plain(database, ".-_")).then(|| format!("{host}/{database}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sources_and_come_back() {
        for word in [
            "migrations",
            "migrations@20240101000000",
            "local",
            "remote",
            "target:eu",
            "file:a.sql",
            "command:orm",
            "empty",
        ] {
            assert_eq!(word.parse::<Source>().map(|it| it.to_string()).as_deref(), Ok(word));
        }
    }

    #[test]
    fn a_url_is_never_repeated() {
        for (url, shown) in [
            ("postgres://a:secret@b/c", "url:b/c"),
            ("url:postgres://a:secret@b:5432/c?password=secret", "url:b:5432/c"),
            ("postgres://a:secret/x@b/c", "url"),
            ("postgres://a:x?secret@b/c", "url"),
            ("postgres://a:secret#@b/c", "url:b/c"),
            ("postgres://a:se@cret@b/c", "url"),
            ("url:host=b password=secret", "url"),
        ] {
            assert_eq!(url.parse::<Source>().map(|it| it.to_string()).as_deref(), Ok(shown), "{url}");
        }
        for word in ["mysql://a:secret@b", "secret:x", "target:", "here"] {
            let error = word.parse::<Source>().map_err(|error| error.to_string());
            assert!(error.is_err_and(|text| !text.contains("@b")), "{word}");
        }
    }
}
