//! Connection strings: `postgresql://` URLs and libpq's `key=value` form, taken apart into named parameters.
//!
//! <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>. No error quotes a piece of the
//! string: in a malformed one any piece can be a part of the password.

use super::error::Error;

/// Named parameters; of two with one name the later counts, as in libpq.
#[derive(Default)]
pub(super) struct Parameters(Vec<(&'static str, String)>);

/// What dbctl acts on.
const USED: &[&str] = &[
    "user",
    "password",
    "passfile",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "sslmode",
    "sslrootcert",
    "options",
    "connect_timeout",
    "channel_binding",
    "application_name",
    "target_session_attrs",
];

/// What libpq knows and what changes neither where a connection goes nor how safe it is.
const IGNORED: &[&str] = &[
    "fallback_application_name",
    "client_encoding",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "gssencmode",
    "krbsrvname",
    "sslcompression",
    "sslsni",
];

/// What other programs write into their URLs for themselves.
const FOREIGN: &[(&str, &str)] = &[
    ("pgbouncer", "Prisma"),
    ("schema", "Prisma"),
    ("connection_limit", "Prisma"),
    ("pool_timeout", "Prisma"),
    ("socket_timeout", "Prisma"),
    ("statement_cache_size", "Prisma"),
    ("sslaccept", "Prisma"),
    ("sslidentity", "Prisma"),
    ("prepareThreshold", "JDBC"),
    ("currentSchema", "JDBC"),
    ("supa", "Supabase's integrations"),
    ("workaround", "Supabase's integrations"),
    ("x-migrations-table", "golang-migrate"),
    ("search_path", "Go's pq"),
    ("pool_max_conns", "Go's pgx"),
];

/// Who reads a parameter that libpq does not know.
pub(super) fn foreign_reader(name: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(known, _)| *known == name).map(|(_, reader)| *reader)
}

impl Parameters {
    /// Takes a connection string of either form apart.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let mut parameters = Self::default();
        match ["postgresql://", "postgres://"].iter().find_map(|scheme| text.strip_prefix(scheme)) {
            Some(rest) => parameters.read_url(rest)?,
            None if text.contains("://") => {
                return Err(Error::Malformed("it does not start with `postgresql://` or `postgres://`"));
            }
            None => parameters.read_pairs(text)?,
        }
        Ok(parameters)
    }

    /// The value of a parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), Error> {
        if let Some(known) = USED.iter().find(|known| **known == name) {
            self.0.push((known, value));
        } else if name == "ssl" && value == "true" {
            // libpq takes JDBC's spelling too.
            self.0.push(("sslmode", "require".to_owned()));
        } else if IGNORED.contains(&name) {
            // Nothing to do.
        } else if self.0.last().is_some_and(|(before, _)| *before == "password") {
            // The name may be the rest of a password with a blank or an `&` in it.
            return Err(Error::Malformed(
                "an unknown parameter follows the password; is the password quoted or encoded?",
            ));
        } else {
            return Err(Error::UnknownParameter { name: name.to_owned() });
        }
        Ok(())
    }

    fn read_url(&mut self, rest: &str) -> Result<(), Error> {
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        if database.contains('@') || (query.contains('@') && !authority.is_empty()) {
            return Err(Error::Malformed(
                "there is an `@` behind the host; in user, password and parameters write `@` as `%40`, `/` as `%2F`, \
                 `?` as `%3F`, `#` as `%23` and `%` as `%25`",
            ));
        }
        // A host has no `@`, so the last one ends the user, even where the password holds another.
        let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        if is_placeholder(password) {
            return Err(Error::PlaceholderPassword);
        }
        self.set("user", decode(user)?)?;
        self.set("password", decode(password)?)?;
        self.read_hosts(hosts)?;
        self.set("dbname", decode(database)?)?;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) =
                pair.split_once('=').ok_or(Error::Malformed("a parameter behind the `?` has no `=`"))?;
            self.set(&decode(name)?, decode(value)?)?;
        }
        Ok(())
    }

    fn read_hosts(&mut self, hosts: &str) -> Result<(), Error> {
        let mut names = Vec::new();
        let mut ports = Vec::new();
        for host in hosts.split(',') {
            let (name, port) = match host.strip_prefix('[') {
                Some(bracketed) => {
                    let (name, behind) = bracketed
                        .split_once(']')
                        .ok_or(Error::Malformed("the `[` before an IPv6 address is not closed"))?;
                    match behind.strip_prefix(':') {
                        Some(port) => (name, port),
                        None if behind.is_empty() => (name, ""),
                        None => return Err(Error::Malformed("behind the `]` only a port can follow")),
                    }
                }
                None => host.split_once(':').unwrap_or((host, "")),
            };
            names.push(decode(name)?);
            ports.push(port);
        }
        self.set("host", names.join(","))?;
        if ports.iter().any(|port| !port.is_empty()) {
            self.set("port", ports.join(","))?;
        }
        Ok(())
    }

    fn read_pairs(&mut self, text: &str) -> Result<(), Error> {
        let mut rest = text;
        while !rest.is_empty() {
            let (name, behind) = rest.split_once('=').ok_or(Error::Malformed(
                "it is neither a `postgresql://` URL nor `key=value` pairs such as `host=localhost dbname=app`",
            ))?;
            let (value, behind) = read_value(behind.trim_start())?;
            self.set(name.trim(), value)?;
            rest = behind.trim_start();
        }
        Ok(())
    }
}

/// Reads one value of a `key=value` pair, quoted or not, and returns what follows it.
fn read_value(text: &str) -> Result<(String, &str), Error> {
    let (quoted, text) = text.strip_prefix('\'').map_or((false, text), |inner| (true, inner));
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            blank if !quoted && blank.is_whitespace() => return Ok((value, &text[at..])),
            other => value.push(other),
        }
    }
    if quoted { Err(Error::Malformed("a quoted value is not closed")) } else { Ok((value, "")) }
}

/// Whether a password is what a dashboard puts where the password belongs: `[YOUR-PASSWORD]`.
fn is_placeholder(password: &str) -> bool {
    password
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .is_some_and(|inner| inner.to_ascii_lowercase().contains("password"))
}

fn decode(text: &str) -> Result<String, Error> {
    const WRONG: Error =
        Error::Malformed("a `%` is not followed by two hexadecimal digits of UTF-8 text; write a plain `%` as `%25`");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or(WRONG);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).map_err(|_| WRONG)?);
        } else {
            bytes.push(byte);
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(WRONG),
    }
}
