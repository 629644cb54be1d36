//! How an endpoint's parts are found: the connection string, then `PG*` variables, then the password file.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::conninfo::Parameters;
use super::endpoint::{ChannelBinding, DEFAULT_TIMEOUT, Endpoint, Host};
use super::error::Error;
use super::pgpass;
use super::tls::{RootCert, SslMode};

/// Where libpq builds look for a server's socket: Debian's and Red Hat's place, then PostgreSQL's own.
const SOCKET_DIRECTORIES: [&str; 2] = ["/var/run/postgresql", "/tmp"];
const DEFAULT_PORT: u16 = 5432;

impl Endpoint {
    /// Fills in what the connection string leaves out, by libpq's rules.
    ///
    /// <https://www.postgresql.org/docs/current/libpq-envars.html>
    pub(super) fn resolve(parameters: &Parameters, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let variable = |name: &str| env(name).filter(|value| !value.is_empty());
        let get =
            |name: &str, fallback: &str| parameters.get(name).map(ToOwned::to_owned).or_else(|| variable(fallback));
        if variable("PGSERVICE").is_some() && parameters.get("host").is_none() {
            return Err(Error::UnknownParameter { name: "PGSERVICE".to_owned() });
        }
        let user = get("user", "PGUSER")
            .or_else(|| ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| variable(name)))
            .ok_or(Error::NoUser)?;
        let database = get("dbname", "PGDATABASE").unwrap_or_else(|| user.clone());
        let hosts = hosts(
            get("host", "PGHOST").as_deref(),
            get("hostaddr", "PGHOSTADDR").as_deref(),
            get("port", "PGPORT").as_deref(),
        )?;
        let sslrootcert = get("sslrootcert", "PGSSLROOTCERT").map(|value| match value.as_str() {
            "system" => RootCert::System,
            path => RootCert::File(PathBuf::from(path)),
        });
        let local = hosts.iter().all(Host::is_local);
        let sslmode = match get("sslmode", "PGSSLMODE") {
            Some(mode) => SslMode::parse(&mode).ok_or(Error::InvalidParameter {
                name: "sslmode",
                expected: "`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`",
            })?,
            None if local && sslrootcert.is_none() => SslMode::Prefer,
            None => SslMode::VerifyFull,
        };
        if sslrootcert == Some(RootCert::System) && sslmode != SslMode::VerifyFull {
            return Err(Error::InvalidParameter {
                name: "sslmode",
                expected: "`verify-full`, because `sslrootcert=system` trusts every public authority",
            });
        }
        let mut endpoint = Self {
            hosts,
            user,
            database,
            password: get("password", "PGPASSWORD").map(Into::into),
            sslmode,
            sslrootcert,
            connect_timeout: timeout(get("connect_timeout", "PGCONNECT_TIMEOUT").as_deref())?,
            options: get("options", "PGOPTIONS"),
            application_name: get("application_name", "PGAPPNAME"),
            channel_binding: channel_binding(get("channel_binding", "PGCHANNELBINDING").as_deref())?,
            read_write: read_write(get("target_session_attrs", "PGTARGETSESSIONATTRS").as_deref())?,
            warnings: Vec::new(),
        };
        let passfile = get("passfile", "PGPASSFILE").map(PathBuf::from);
        if let Some(path) = passfile.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".pgpass"))) {
            endpoint.read_password_file(&path);
        }
        Ok(endpoint)
    }

    fn read_password_file(&mut self, path: &Path) {
        if self.password.is_some() {
            return;
        }
        for host in &self.hosts {
            let name = match host {
                Host::Tcp { name, .. } => name.clone(),
                // The file calls a socket in the usual place `localhost`.
                Host::Unix { directory, .. }
                    if SOCKET_DIRECTORIES.iter().any(|usual| Path::new(usual) == directory) =>
                {
                    "localhost".to_owned()
                }
                Host::Unix { directory, .. } => directory.to_string_lossy().into_owned(),
            };
            let wanted = pgpass::Wanted { host: &name, port: host.port(), database: &self.database, user: &self.user };
            match pgpass::read(path, &wanted) {
                Ok(Some(password)) => {
                    self.password = Some(password);
                    return;
                }
                Ok(None) => {}
                Err(warning) => {
                    self.warnings.push(warning);
                    return;
                }
            }
        }
    }
}

/// Pairs hosts, addresses and ports; one port serves every host, as in libpq.
fn hosts(names: Option<&str>, addresses: Option<&str>, ports: Option<&str>) -> Result<Vec<Host>, Error> {
    let ports = match ports {
        None => vec![DEFAULT_PORT],
        Some(list) => list.split(',').map(port).collect::<Result<Vec<u16>, Error>>()?,
    };
    let addresses = match addresses {
        None => Vec::new(),
        Some(list) => list.split(',').map(address).collect::<Result<Vec<_>, Error>>()?,
    };
    let names: Vec<&str> = match names {
        None => vec![""; addresses.len().max(1)],
        Some(list) => list.split(',').collect(),
    };
    if ports.len() > 1 && ports.len() != names.len() {
        return Err(Error::InvalidParameter { name: "port", expected: "one port, or as many as there are hosts" });
    }
    if !addresses.is_empty() && addresses.len() != names.len() {
        return Err(Error::InvalidParameter { name: "hostaddr", expected: "as many addresses as there are hosts" });
    }
    let port = |at: usize| ports.get(at).or_else(|| ports.first()).copied().unwrap_or(DEFAULT_PORT);
    let address = |at: usize| addresses.get(at).copied();
    Ok(names.iter().enumerate().map(|(at, name)| host(name, address(at), port(at))).collect())
}

fn host(name: &str, address: Option<IpAddr>, port: u16) -> Host {
    match (name, address) {
        (path, None) if path.starts_with('/') => Host::Unix { directory: PathBuf::from(path), port },
        ("", Some(address)) => Host::Tcp { name: address.to_string(), address: Some(address), port },
        ("", None) => SOCKET_DIRECTORIES
            .iter()
            .find(|directory| Path::new(directory).join(format!(".s.PGSQL.{port}")).exists())
            .map_or_else(
                || Host::Tcp { name: "localhost".to_owned(), address: None, port },
                |directory| Host::Unix { directory: PathBuf::from(directory), port },
            ),
        (name, address) => Host::Tcp { name: name.to_owned(), address, port },
    }
}

fn port(text: &str) -> Result<u16, Error> {
    match text.trim() {
        "" => Ok(DEFAULT_PORT),
        text => text
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or(Error::InvalidParameter { name: "port", expected: "a number from 1 to 65535" }),
    }
}

fn address(text: &str) -> Result<IpAddr, Error> {
    text.trim().parse().map_err(|_| Error::InvalidParameter { name: "hostaddr", expected: "a numeric IP address" })
}

/// Seconds; zero and less wait for ever, as in libpq.
fn timeout(text: Option<&str>) -> Result<Duration, Error> {
    let Some(text) = text else { return Ok(DEFAULT_TIMEOUT) };
    let seconds: i64 = text
        .trim()
        .parse()
        .map_err(|_| Error::InvalidParameter { name: "connect_timeout", expected: "a whole number of seconds" })?;
    Ok(u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map_or(Duration::MAX, Duration::from_secs))
}

fn channel_binding(text: Option<&str>) -> Result<ChannelBinding, Error> {
    match text {
        Some("disable") => Ok(ChannelBinding::Disable),
        None | Some("prefer") => Ok(ChannelBinding::Prefer),
        Some("require") => Ok(ChannelBinding::Require),
        Some(_) => {
            Err(Error::InvalidParameter { name: "channel_binding", expected: "`disable`, `prefer` or `require`" })
        }
    }
}

fn read_write(text: Option<&str>) -> Result<bool, Error> {
    match text {
        None | Some("any") => Ok(false),
        Some("read-write" | "primary") => Ok(true),
        Some(_) => Err(Error::InvalidParameter {
            name: "target_session_attrs",
            expected: "`any` or `read-write`, because migrations write",
        }),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::*;

    fn env<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn read(url: &str) -> Result<Endpoint, Error> {
        Endpoint::from_url(&SecretString::from(url), &env(&[("USER", "me")]))
    }

    fn password(endpoint: &Endpoint) -> Option<&str> {
        endpoint.password().map(ExposeSecret::expose_secret)
    }

    #[test]
    fn reads_the_forms_of_a_connection_string() {
        for (url, described, mode) in [
            ("postgres://ann@db.example.com/app", "ann@db.example.com:5432/app", SslMode::VerifyFull),
            (
                "postgresql://ann:x@db.example.com:6000/app?sslmode=require",
                "ann@db.example.com:6000/app",
                SslMode::Require,
            ),
            ("postgresql://ann@localhost", "ann@localhost:5432/ann", SslMode::Prefer),
            ("postgresql://ann@127.8.0.1/a", "ann@127.8.0.1:5432/a", SslMode::Prefer),
            ("postgresql://ann@[::1]:6000/a", "ann@[::1]:6000/a", SslMode::Prefer),
            ("postgresql://ann@[2001:db8::1]/a", "ann@[2001:db8::1]:5432/a", SslMode::VerifyFull),
            ("postgresql://h1:1,h2:2/a", "me@h1:1,h2:2/a", SslMode::VerifyFull),
            ("postgresql:///app?host=/run/pg&port=6000&user=ann", "ann@[socket]/app", SslMode::Prefer),
            ("postgresql://ann@%2Frun%2Fpg/app", "ann@[socket]/app", SslMode::Prefer),
            ("postgresql://a%40b@h/%C3%A9", "a@b@h:5432/é", SslMode::VerifyFull),
            ("postgresql://h/a?ssl=true", "me@h:5432/a", SslMode::Require),
            ("postgresql://localhost/a?sslrootcert=system", "me@localhost:5432/a", SslMode::VerifyFull),
            ("host=h dbname = 'my app' user=ann port=1", "ann@h:1/my app", SslMode::VerifyFull),
            ("host=/run/pg user='a\\'b' dbname=a\\ b", "a'b@[socket]/a b", SslMode::Prefer),
            ("hostaddr=127.0.0.1 host=db dbname=a", "me@db:5432/a", SslMode::Prefer),
        ] {
            let endpoint = read(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((endpoint.describe().as_str(), endpoint.sslmode()), (described, mode), "{url}");
        }
    }

    #[test]
    fn names_what_is_wrong_with_a_connection_string() {
        for (url, code) in [
            ("mysql://h/a", "connect/malformed-url"),
            ("just text", "connect/malformed-url"),
            ("postgres://u:a%zz@h/a", "connect/malformed-url"),
            ("postgres://u:[YOUR-PASSWORD]@h/a", "connect/placeholder-password"),
            ("postgres://h/a?pgbouncer=true", "connect/unknown-parameter"),
            ("postgres://h/a?service=x", "connect/unknown-parameter"),
            ("postgres://h:99999/a", "connect/invalid-parameter"),
            ("postgres://h:1,i:2,j/a?port=1,2", "connect/invalid-parameter"),
            ("postgres://h/a?sslmode=on", "connect/invalid-parameter"),
            ("postgres://h/a?sslmode=require&sslrootcert=system", "connect/invalid-parameter"),
            ("host='h", "connect/malformed-url"),
        ] {
            let error = read(url).map(|endpoint| endpoint.describe()).unwrap_err();
            assert_eq!(error.code(), code, "{url}: {error}");
        }
        let error = read("postgres://h/a?pgbouncer=true").unwrap_err();
        assert_eq!(error.to_string(), "unknown connection parameter `pgbouncer`");
        assert!(error.hints()[0].contains("Prisma"));
    }

    #[test]
    fn never_shows_a_piece_of_a_password() {
        for url in [
            "postgres://u:c4nary/rest@h/a",
            "postgres://u:c4nary?rest@h/a",
            "postgres://u:12/c4nary@h/a",
            "postgres://u:p@x/c4nary@h/a",
            "postgres://u:c4nary%@h/a",
            "postgres://u:c4nary@h:c4nary/a",
            "postgres://u:p@h/a?password=x&c4nary=y",
            "password=x c4nary=y host=h",
            "postgres://u:[c4nary@h/a",
            "postgres://u:c4nary@h/a",
            "postgres://u:x@c4nary@h/a",
            "c4nary",
        ] {
            let shown = match read(url) {
                Ok(endpoint) => {
                    format!("{} {endpoint:?} {:?}", endpoint.describe(), endpoint.place(&endpoint.hosts()[0]))
                }
                Err(error) => format!("{error} {error:?} {:?} {:?}", error.notes(), error.hints()),
            };
            assert!(!shown.contains("c4nary"), "{url}: {shown}");
        }
    }

    #[test]
    fn fills_in_from_the_environment_and_the_password_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pass");
        fs_err::write(&path, "localhost:*:*:*:socket\n/run/pg:*:*:*:path\nh:7000:app:ann:host\n").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let file = path.to_str().unwrap();
        let variables = [
            ("PGHOST", "h"),
            ("PGPORT", "7000"),
            ("PGUSER", "ann"),
            ("PGDATABASE", "app"),
            ("PGSSLMODE", "verify-ca"),
            ("PGPASSFILE", file),
        ];
        let endpoint = Endpoint::from_env(&env(&variables)).unwrap();
        assert_eq!(endpoint.describe(), "ann@h:7000/app");
        assert_eq!((endpoint.sslmode(), password(&endpoint)), (SslMode::VerifyCa, Some("host")));
        let over = |url: &str| Endpoint::from_url(&SecretString::from(url), &env(&variables)).unwrap();
        assert_eq!(password(&over("postgres://bob:own@other:1/db")), Some("own"));
        assert_eq!(over("postgres:///db").describe(), "ann@h:7000/db");
        assert_eq!(password(&over("postgres:///db?host=/tmp")), Some("socket"));
        assert_eq!(password(&over("postgres:///db?host=/run/pg")), Some("path"));
        let variables = [("PGHOST", "h"), ("PGUSER", "ann"), ("PGPASSWORD", "env"), ("PGPASSFILE", file)];
        assert_eq!(password(&Endpoint::from_env(&env(&variables)).unwrap()), Some("env"));
        assert!(matches!(Endpoint::from_env(&env(&[])), Err(Error::NoUser)));
    }

    #[test]
    fn knows_the_poolers_and_projects_of_supabase() {
        let place = |url: &str| {
            let endpoint = read(url).unwrap();
            endpoint.place(&endpoint.hosts()[0])
        };
        assert!(place("postgres://postgres.x@aws-0-eu.pooler.supabase.com:6543/postgres").is_transaction_pooler());
        assert!(!place("postgres://postgres.x@aws-0-eu.pooler.supabase.com:5432/postgres").is_transaction_pooler());
        assert!(!place("postgres://me@localhost:6543/postgres").is_transaction_pooler());
    }
}
