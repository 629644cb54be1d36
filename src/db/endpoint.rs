//! Where a database is and as whom to reach it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::conninfo::Parameters;
use super::error::Error;
use super::tls::{RootCert, SslMode};
use crate::text::percent_encode;

/// How long an address may take to answer where nothing else is said.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// One server to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name or an address, over TCP.
    Tcp {
        /// The name, which the certificate has to bear.
        name: String,
        /// The address to connect to (`hostaddr`); without it the name is looked up.
        address: Option<IpAddr>,
        /// The port.
        port: u16,
    },
    /// A Unix socket `.s.PGSQL.<port>` in a folder.
    Unix {
        /// The folder.
        directory: PathBuf,
        /// The port, which is a part of the socket's name.
        port: u16,
    },
}

impl Host {
    /// Whether it is this machine: a Unix socket, `localhost` or a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Unix { .. } => true,
            Self::Tcp { address: Some(address), .. } => address.is_loopback(),
            Self::Tcp { name, .. } => {
                name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        match self {
            Self::Tcp { port, .. } | Self::Unix { port, .. } => *port,
        }
    }

    /// The name over TCP; nothing for a socket.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Tcp { name, .. } => Some(name),
            Self::Unix { .. } => None,
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { name, port, .. } if name.contains(':') => write!(f, "[{name}]:{port}"),
            Self::Tcp { name, port, .. } => write!(f, "{name}:{port}"),
            Self::Unix { .. } => f.write_str("[socket]"),
        }
    }
}

/// What an error or a heading says of a target: user, host and database, nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The role.
    pub user: String,
    /// The server.
    pub host: Host,
    /// The database.
    pub database: String,
}

impl Place {
    /// Whether it is Supabase's pooler in transaction mode.
    ///
    /// <https://supabase.com/docs/guides/database/connecting-to-postgres>
    #[must_use]
    pub fn is_transaction_pooler(&self) -> bool {
        self.host.port() == 6543 && self.is_supabase()
    }

    /// Whether it is a hosted Supabase project, over its pooler or directly.
    #[must_use]
    pub fn is_supabase(&self) -> bool {
        self.host.name().is_some_and(|name| name.ends_with(".supabase.com") || name.ends_with(".supabase.co"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}/{}", self.user, self.host, self.database)
    }
}

/// `channel_binding`: whether SCRAM proves that both ends see one TLS connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelBinding {
    /// Never.
    Disable,
    /// Where the server offers it.
    #[default]
    Prefer,
    /// Always, else the connection fails.
    Require,
}

/// A database and how to reach it; its `Debug` redacts the password.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub(super) hosts: Vec<Host>,
    pub(super) user: String,
    pub(super) database: String,
    pub(super) password: Option<SecretString>,
    pub(super) sslmode: SslMode,
    pub(super) sslrootcert: Option<RootCert>,
    pub(super) connect_timeout: Duration,
    pub(super) options: Option<String>,
    pub(super) application_name: Option<String>,
    pub(super) channel_binding: ChannelBinding,
    pub(super) read_write: bool,
    pub(super) warnings: Vec<String>,
}

impl Endpoint {
    /// Resolves a URL or `key=value` string; what it leaves out comes from `PG*` variables and the password file.
    pub fn from_url(url: &SecretString, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Self::resolve(&Parameters::parse(url.expose_secret())?, env)
    }

    /// Whether a URL or `key=value` string holds a password; one that cannot be read is refused where it is used.
    #[must_use]
    pub fn holds_password(url: &str) -> bool {
        Parameters::parse(url).is_ok_and(|parameters| parameters.get("password").is_some())
    }

    /// Resolves `PG*` variables and the password file alone.
    pub fn from_env(env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Self::resolve(&Parameters::default(), env)
    }

    /// A server's socket in a folder, as a managed server has it.
    #[must_use]
    pub fn unix(directory: impl Into<PathBuf>, port: u16, user: &str, database: &str) -> Self {
        Self::local(Host::Unix { directory: directory.into(), port }, user, database, None)
    }

    /// A server on the loopback address, as a managed server has it.
    #[must_use]
    pub fn loopback(port: u16, user: &str, database: &str, password: SecretString) -> Self {
        let host = Host::Tcp { name: "127.0.0.1".to_owned(), address: None, port };
        Self::local(host, user, database, Some(password))
    }

    fn local(host: Host, user: &str, database: &str, password: Option<SecretString>) -> Self {
        Self {
            hosts: vec![host],
            user: user.to_owned(),
            database: database.to_owned(),
            password,
            sslmode: SslMode::Disable,
            sslrootcert: None,
            connect_timeout: DEFAULT_TIMEOUT,
            options: None,
            application_name: None,
            channel_binding: ChannelBinding::default(),
            read_write: false,
            warnings: Vec::new(),
        }
    }

    /// The same server and user, another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self { database: database.to_owned(), ..self.clone() }
    }

    /// The same with a password that somebody typed.
    #[must_use]
    pub fn with_password(&self, password: SecretString) -> Self {
        Self { password: Some(password), ..self.clone() }
    }

    /// The servers, in the order in which they are tried.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The role.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The password, if one is known.
    #[must_use]
    pub fn password(&self) -> Option<&SecretString> {
        self.password.as_ref()
    }

    /// How far the connection is encrypted and the server's certificate checked.
    #[must_use]
    pub fn sslmode(&self) -> SslMode {
        self.sslmode
    }

    /// What vouches for the server's certificate; nothing stands for the system's store.
    #[must_use]
    pub fn sslrootcert(&self) -> Option<&RootCert> {
        self.sslrootcert.as_ref()
    }

    /// How long one address may take to answer.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// `options` for the server's command line.
    #[must_use]
    pub fn options(&self) -> Option<&str> {
        self.options.as_deref()
    }

    /// An `application_name` that the URL asked for.
    #[must_use]
    pub fn application_name(&self) -> Option<&str> {
        self.application_name.as_deref()
    }

    /// Whether SCRAM binds to the TLS connection.
    #[must_use]
    pub fn channel_binding(&self) -> ChannelBinding {
        self.channel_binding
    }

    /// Whether only a server that takes writes will do (`target_session_attrs=read-write`).
    #[must_use]
    pub fn wants_read_write(&self) -> bool {
        self.read_write
    }

    /// What a person should know of how it was resolved, such as an ignored password file.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Whether every server is on this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.hosts.iter().all(Host::is_local)
    }

    /// `user@host:port/database`, several hosts with commas, a socket as `[socket]`.
    #[must_use]
    pub fn describe(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        format!("{}@{}/{}", self.user, hosts.join(","), self.database)
    }

    /// What to call one of its servers.
    #[must_use]
    pub fn place(&self, host: &Host) -> Place {
        Place { user: self.user.clone(), host: host.clone(), database: self.database.clone() }
    }

    /// A URL that any libpq client takes, password included.
    #[must_use]
    pub fn url(&self) -> SecretString {
        let password = self.password.as_ref().map(|password| format!(":{}", percent_encode(password.expose_secret())));
        let hosts: Vec<String> = self
            .hosts
            .iter()
            .map(|host| match host {
                Host::Unix { directory, port } => format!("{}:{port}", percent_encode(&directory.to_string_lossy())),
                Host::Tcp { .. } => host.to_string(),
            })
            .collect();
        let mut url = format!(
            "postgresql://{}{}@{}/{}",
            percent_encode(&self.user),
            password.unwrap_or_default(),
            hosts.join(","),
            percent_encode(&self.database)
        );
        let mut separator = '?';
        let mut add = |name: &str, value: &str| {
            url.push(separator);
            url.push_str(name);
            url.push('=');
            url.push_str(&percent_encode(value));
            separator = '&';
        };
        if self.hosts.iter().any(|host| host.name().is_some()) && self.sslmode != SslMode::Disable {
            add("sslmode", self.sslmode.as_str());
        }
        match &self.sslrootcert {
            Some(RootCert::System) => add("sslrootcert", "system"),
            Some(RootCert::File(path)) => add("sslrootcert", &path.to_string_lossy()),
            None => {}
        }
        if let Some(options) = &self.options {
            add("options", options);
        }
        url.into()
    }
}
