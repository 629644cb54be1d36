//! Opening a session: addresses, TLS, log-in, the settings that every session has, and its canceller.

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::net::lookup_host;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::{self, TargetSessionAttrs};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::endpoint::{ChannelBinding, Endpoint, Host, Place};
use super::error::Error;
use super::tls::{SslMode, connector};
use crate::sqlstate::ServerError;

type Driver = Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A busy migration may be silent for hours; routers on the way forget a silent connection after minutes.
const KEEPALIVE: Duration = Duration::from_mins(1);
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);
const OLDEST_MAJOR: u32 = 14;

/// What a session is for.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// The name in `pg_stat_activity`, unless the endpoint brings one.
    pub application_name: String,
    /// Whether every transaction of the session is read-only.
    pub read_only: bool,
}

/// An open session.
pub struct Connected {
    /// Sends statements.
    pub client: Client,
    /// What the server says beside its answers, in order.
    pub notices: UnboundedReceiver<Notice>,
    /// Moves the bytes until the client is dropped; its result is why the connection ended.
    pub driver: JoinHandle<Result<(), Error>>,
    /// Stops the statement under way.
    pub cancel: Canceller,
    /// The server's version.
    pub version: ServerVersion,
    /// The server that answered.
    pub place: Place,
    /// The statements that set what every session has, to be sent again after `RESET ALL`.
    pub settings: String,
}

/// A server's version, such as `15.6 (Debian 15.6-1)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVersion {
    /// As the server says it; empty where a pooler keeps it back.
    pub text: String,
    /// The major version; nothing where it is not known.
    pub major: Option<u32>,
}

/// A message that is no error: `NOTICE`, `WARNING`, `INFO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`.
    pub severity: String,
    /// The condition, such as `42P07` of `create table if not exists`.
    pub sqlstate: String,
    /// The message.
    pub message: String,
    /// More about it.
    pub detail: Option<String>,
    /// The server's suggestion.
    pub hint: Option<String>,
}

impl From<ServerError> for Notice {
    fn from(said: ServerError) -> Self {
        Self {
            severity: said.severity,
            sqlstate: said.sqlstate,
            message: said.message,
            detail: said.detail,
            hint: said.hint,
        }
    }
}

/// Stops the statement that a session is running, over a connection of its own.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    tls: MakeRustlsConnect,
    place: Place,
    mode: SslMode,
}

impl Canceller {
    /// Asks the server to stop the statement; the session then gets `57014`, if it was not done already.
    pub async fn cancel(&self) -> Result<(), Error> {
        match timeout(CANCEL_TIMEOUT, self.token.cancel_query(self.tls.clone())).await {
            Ok(result) => result.map_err(|error| Error::connecting(error, &self.place, self.mode)),
            Err(_) => Err(Error::Timeout { place: self.place.clone(), after: CANCEL_TIMEOUT }),
        }
    }
}

/// Opens a session on the first of the endpoint's servers that answers.
///
/// As in libpq, a server that answers and refuses ends the search.
pub async fn connect(endpoint: &Endpoint, options: &ConnectOptions) -> Result<Connected, Error> {
    // An endpoint has at least one host, so this is replaced or never read.
    let mut failure = Error::ConnectionLost { cause: None };
    for host in endpoint.hosts() {
        let attempt = Attempt { endpoint, options, place: endpoint.place(host) };
        match attempt.run().await {
            Err(
                error @ (Error::UnknownHost { .. }
                | Error::Refused { .. }
                | Error::Unreachable { .. }
                | Error::Timeout { .. }),
            ) => {
                failure = error;
            }
            answered => return answered,
        }
    }
    Err(failure)
}

/// One server of an endpoint.
struct Attempt<'a> {
    endpoint: &'a Endpoint,
    options: &'a ConnectOptions,
    place: Place,
}

impl Attempt<'_> {
    async fn run(&self) -> Result<Connected, Error> {
        if self.place.is_transaction_pooler() {
            return Err(Error::TransactionPooler { place: self.place.clone() });
        }
        let addresses = self.addresses().await?;
        let mut failure = None;
        for address in addresses {
            match self.at(address).await {
                Err(error @ (Error::Refused { .. } | Error::Unreachable { .. } | Error::Timeout { .. })) => {
                    failure = Some(error);
                }
                answered => return answered,
            }
        }
        let nothing = || std::io::Error::other("the name has no address");
        Err(failure.unwrap_or_else(|| Error::UnknownHost { place: self.place.clone(), cause: nothing() }))
    }

    /// The addresses to try; a socket has none.
    async fn addresses(&self) -> Result<Vec<Option<IpAddr>>, Error> {
        match &self.place.host {
            Host::Unix { .. } => Ok(vec![None]),
            Host::Tcp { address: Some(address), .. } => Ok(vec![Some(*address)]),
            Host::Tcp { name, port, .. } => {
                let found = self.in_time(lookup_host((name.as_str(), *port))).await?;
                let found = found.map_err(|cause| Error::UnknownHost { place: self.place.clone(), cause })?;
                Ok(found.map(|address: SocketAddr| Some(address.ip())).collect())
            }
        }
    }

    /// Tries what the mode allows, in libpq's order: `allow` plain first, `prefer` encrypted first.
    async fn at(&self, address: Option<IpAddr>) -> Result<Connected, Error> {
        use config::SslMode::{Disable, Require};
        let mode = match self.place.host {
            Host::Unix { .. } => SslMode::Disable,
            Host::Tcp { .. } => self.endpoint.sslmode(),
        };
        let (first, second) = match mode {
            SslMode::Disable => (Disable, None),
            SslMode::Allow => (Disable, Some(Require)),
            SslMode::Prefer => (Require, Some(Disable)),
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => (Require, None),
        };
        let tls = connector(mode, self.endpoint.sslrootcert())?;
        match (self.open(address, first, mode, &tls).await, second) {
            (Err(error), Some(second)) if error.another_encryption_may_do() => {
                self.open(address, second, mode, &tls).await
            }
            (result, _) => result,
        }
    }

    async fn open(
        &self,
        address: Option<IpAddr>,
        encryption: config::SslMode,
        mode: SslMode,
        tls: &MakeRustlsConnect,
    ) -> Result<Connected, Error> {
        let config = self.config(address, encryption);
        let (client, connection) = self
            .in_time(config.connect(tls.clone()))
            .await?
            .map_err(|error| Error::connecting(error, &self.place, mode))?;
        let version = ServerVersion::read(connection.parameter("server_version"));
        if version.major.is_some_and(|major| major < OLDEST_MAJOR) {
            return Err(Error::Unsupported { place: self.place.clone(), version: version.text });
        }
        let (sender, notices) = unbounded_channel();
        let cancel = Canceller { token: client.cancel_token(), tls: tls.clone(), place: self.place.clone(), mode };
        let driver = tokio::spawn(drive(connection, sender));
        let settings = self.in_time(prepare(&client, self.options.read_only)).await??;
        Ok(Connected { client, notices, driver, cancel, version, place: self.place.clone(), settings })
    }

    fn config(&self, address: Option<IpAddr>, encryption: config::SslMode) -> Config {
        let mut config = Config::new();
        match &self.place.host {
            Host::Unix { directory, .. } => config.host_path(directory),
            Host::Tcp { name, .. } => config.host(name),
        };
        if let Some(address) = address {
            config.hostaddr(address);
        }
        let application_name = self.endpoint.application_name().unwrap_or(&self.options.application_name);
        config
            .port(self.place.host.port())
            .user(self.endpoint.user())
            .dbname(self.endpoint.database())
            .ssl_mode(encryption)
            .application_name(application_name)
            .keepalives_idle(KEEPALIVE)
            .channel_binding(match self.endpoint.channel_binding() {
                ChannelBinding::Disable => config::ChannelBinding::Disable,
                ChannelBinding::Prefer => config::ChannelBinding::Prefer,
                ChannelBinding::Require => config::ChannelBinding::Require,
            });
        if let Some(password) = self.endpoint.password() {
            config.password(password.expose_secret());
        }
        if let Some(options) = self.endpoint.options() {
            config.options(options);
        }
        if self.endpoint.wants_read_write() {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        config
    }

    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let after = self.endpoint.connect_timeout();
        timeout(after, work).await.map_err(|_| Error::Timeout { place: self.place.clone(), after })
    }
}

/// Gives the session its settings in one round trip.
///
/// `client_connection_check_interval` lets the server notice that dbctl is gone in the middle of a long statement;
/// a server on a system that cannot notice refuses it, and does without.
/// <https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL>
async fn prepare(client: &Client, read_only: bool) -> Result<String, Error> {
    let read_only = if read_only { "; set default_transaction_read_only = on" } else { "" };
    let settings = format!("set standard_conforming_strings = on{read_only}");
    let watched = format!("set client_connection_check_interval = '1s'; {settings}");
    match client.batch_execute(&watched).await {
        Err(error) if error.code().is_some_and(|code| matches!(code.code(), "22023" | "42704")) => {
            client.batch_execute(&settings).await?;
            Ok(settings)
        }
        Err(error) => Err(error.into()),
        Ok(()) => Ok(watched),
    }
}

/// Moves the connection's messages until it ends, and passes the notices on.
async fn drive(mut connection: Driver, notices: UnboundedSender<Notice>) -> Result<(), Error> {
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notice(notice) = message? {
            // Nobody may be listening any more; the connection goes on.
            notices.send(ServerError::from(&notice).into()).ok();
        }
    }
    Ok(())
}

impl ServerVersion {
    fn read(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
        Self { text: text.to_owned(), major: text[..digits].parse().ok() }
    }
}
