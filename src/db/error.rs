//! Why the database could not be reached or did not do what it was asked.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rustls::{CertificateError, Error as RustlsError};
use thiserror::Error;
use tokio_postgres::error::{DbError, ErrorPosition as DriverPosition};

use super::endpoint::{Host, Place};
use super::tls::SslMode;
use crate::sqlstate::{ErrorPosition, ServerError};
use crate::text::human_duration;

/// A failure between dbctl and a database. No variant holds a password or a URL.
#[derive(Debug, Error)]
pub enum Error {
    /// The connection string cannot be read; its text is not shown, because any piece may be secret.
    #[error("the connection string cannot be read: {0}")]
    Malformed(&'static str),
    /// The connection string still holds a dashboard's placeholder.
    #[error("the connection string holds a placeholder where the password belongs")]
    PlaceholderPassword,
    /// A parameter that dbctl does not act on.
    #[error("unknown connection parameter `{name}`")]
    UnknownParameter {
        /// Its name.
        name: String,
    },
    /// A parameter has a value that it cannot have.
    #[error("the connection parameter `{name}` has to be {expected}")]
    InvalidParameter {
        /// Its name.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
    },
    /// A catalog's query gave what its struct does not know: a bug, or a server newer than this dbctl.
    #[error("the catalog holds what this dbctl does not know of {object}: {source}")]
    Catalog {
        /// The object.
        object: String,
        /// What serde said.
        source: serde_json::Error,
    },
    /// A catalog's query cannot be written for this version.
    #[error("a query of the catalog cannot be written: {source}")]
    Template {
        /// What the template engine said.
        source: minijinja::Error,
    },
    /// Neither the connection string nor the environment names a user.
    #[error("no user to connect as")]
    NoUser,
    /// The file of `sslrootcert` cannot be used.
    #[error("the certificates in `{}` cannot be read: {cause}", path.display())]
    RootCert {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The system's store of authorities is empty.
    #[error("this system has no store of certificate authorities")]
    NoSystemCertificates,
    /// TLS cannot be set up at all.
    #[error("TLS cannot be set up")]
    TlsSetup {
        /// Why.
        #[source]
        cause: RustlsError,
    },
    /// The host's name has no address.
    #[error("cannot find the host of `{place}`")]
    UnknownHost {
        /// The target.
        place: Place,
        /// What the resolver said.
        #[source]
        cause: io::Error,
    },
    /// Nothing listens.
    #[error("no server answers at `{place}`")]
    Refused {
        /// The target.
        place: Place,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The network or the socket fails in another way.
    #[error("cannot connect to `{place}`")]
    Unreachable {
        /// The target.
        place: Place,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// No answer in time.
    #[error("`{place}` did not answer within {}", human_duration(*after))]
    Timeout {
        /// The target.
        place: Place,
        /// The `connect_timeout`.
        after: Duration,
    },
    /// The handshake failed or the certificate is not good enough for the mode.
    #[error("no safe connection to `{place}` under `sslmode={}`: {problem}", mode.as_str())]
    Tls {
        /// The target.
        place: Place,
        /// The mode asked for.
        mode: SslMode,
        /// What is wrong.
        problem: TlsProblem,
    },
    /// The server wants a password and none is known.
    #[error("`{place}` asks for a password, and there is none")]
    PasswordMissing {
        /// The target.
        place: Place,
    },
    /// The server turned the connection away.
    #[error("`{place}` refused the connection: {server}")]
    Rejected {
        /// The target.
        place: Place,
        /// What it said.
        server: Box<ServerError>,
    },
    /// A pooler that gives each transaction another server session.
    #[error("`{place}` is a transaction pooler, through which session settings and the migration lock would leak")]
    TransactionPooler {
        /// The target.
        place: Place,
    },
    /// The server is too old.
    #[error("`{place}` runs PostgreSQL {version}, and dbctl needs 14 or newer")]
    Unsupported {
        /// The target.
        place: Place,
        /// What it said its version is.
        version: String,
    },
    /// A statement failed on the server.
    #[error("{0}")]
    Server(Box<ServerError>),
    /// One of dbctl's two tables is gone.
    #[error("the history is damaged: `{missing}` is missing")]
    DamagedHistory {
        /// The table.
        missing: &'static str,
    },
    /// The connection broke; whether a statement under way took effect is not known.
    #[error("the connection to the server was lost")]
    ConnectionLost {
        /// What the system said, if anything.
        #[source]
        cause: Option<io::Error>,
    },
    /// Server and driver do not understand each other.
    #[error("unexpected answer from the server: {0}")]
    Protocol(String),
}

/// What is wrong between two ends of a TLS connection.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlsProblem {
    /// The server has TLS off.
    #[error("the server offers no TLS")]
    NotOffered,
    /// No trusted authority vouches for the certificate.
    #[error("the server's certificate is not signed by a trusted authority")]
    UnknownIssuer,
    /// The certificate is for other hosts.
    #[error("the server's certificate is not for the host `{host}`{}", for_hosts(presented))]
    WrongName {
        /// The host asked for.
        host: String,
        /// What the certificate names.
        presented: Vec<String>,
    },
    /// The certificate's time is over or has not come.
    #[error("the server's certificate is not valid now: {0}")]
    NotNow(String),
    /// Anything else that rustls says.
    #[error("{0}")]
    Handshake(String),
}

fn for_hosts(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" but for {}", names.join(", ")) }
}

impl TlsProblem {
    fn of(error: &RustlsError, host: &Host) -> Self {
        let RustlsError::InvalidCertificate(error) = error else { return Self::Handshake(error.to_string()) };
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::NotValidForName => Self::wrong_name(host, &[]),
            CertificateError::NotValidForNameContext { presented, .. } => Self::wrong_name(host, presented),
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Self::NotNow(error.to_string()),
            // A self-signed server certificate that is marked as an authority ends no chain.
            other if other.to_string().contains("CaUsedAsEndEntity") => Self::UnknownIssuer,
            other => Self::Handshake(other.to_string()),
        }
    }

    fn wrong_name(host: &Host, presented: &[String]) -> Self {
        Self::WrongName { host: host.name().unwrap_or_default().to_owned(), presented: presented.to_vec() }
    }
}

impl Error {
    /// Sorts what the driver says of a failed attempt to connect.
    pub(super) fn connecting(error: tokio_postgres::Error, place: &Place, mode: SslMode) -> Self {
        let place = place.clone();
        if let Some(server) = error.as_db_error() {
            return Self::Rejected { place, server: Box::new(server.into()) };
        }
        if let Some(problem) = find::<RustlsError>(&error).map(|cause| TlsProblem::of(cause, &place.host)) {
            return Self::Tls { place, mode, problem };
        }
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        if said == "password missing" {
            return Self::PasswordMissing { place };
        }
        if said.contains("does not support TLS") {
            return Self::Tls { place, mode, problem: TlsProblem::NotOffered };
        }
        match io_cause(error) {
            Ok(cause) => Self::network(place, cause),
            Err(error) => Self::Protocol(with_causes(&error)),
        }
    }

    fn network(place: Place, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => Self::Refused { place, cause },
            _ => Self::Unreachable { place, cause },
        }
    }

    /// Whether `allow` or `prefer` should try the other way: TLS failed, or the server takes only the other.
    pub(super) fn another_encryption_may_do(&self) -> bool {
        match self {
            Self::Tls { .. } => true,
            Self::Rejected { server, .. } => server.sqlstate == "28000",
            _ => false,
        }
    }

    /// Whether a password is all that is missing.
    #[must_use]
    pub fn wants_password(&self) -> bool {
        matches!(self, Self::PasswordMissing { .. })
    }

    /// Whether the connection broke, so that nothing more can be asked on it.
    #[must_use]
    pub fn connection_is_lost(&self) -> bool {
        match self {
            Self::ConnectionLost { .. } => true,
            Self::Server(error) => matches!(error.severity.as_str(), "FATAL" | "PANIC"),
            _ => false,
        }
    }

    /// What the server said, if it is the server that failed.
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::Server(server) | Self::Rejected { server, .. } => Some(server),
            _ => None,
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(server) = error.as_db_error() {
            return Self::Server(Box::new(server.into()));
        }
        if error.is_closed() {
            return Self::ConnectionLost { cause: None };
        }
        match io_cause(error) {
            Ok(cause) => Self::ConnectionLost { cause: Some(cause) },
            Err(error) => Self::Protocol(with_causes(&error)),
        }
    }
}

impl From<&DbError> for ServerError {
    fn from(error: &DbError) -> Self {
        let text = |text: Option<&str>| text.map(ToOwned::to_owned);
        Self {
            sqlstate: error.code().code().to_owned(),
            severity: error
                .parsed_severity()
                .map_or_else(|| error.severity().to_owned(), |severity| severity.to_string()),
            message: error.message().to_owned(),
            detail: text(error.detail()),
            hint: text(error.hint()),
            position: error.position().map(|position| match position {
                DriverPosition::Original(at) => ErrorPosition::Original(*at),
                DriverPosition::Internal { position, query } => {
                    ErrorPosition::Internal { position: *position, query: query.clone() }
                }
            }),
            where_: text(error.where_()),
            schema: text(error.schema()),
            table: text(error.table()),
            column: text(error.column()),
            datatype: text(error.datatype()),
            constraint: text(error.constraint()),
        }
    }
}

/// The cause of a type, however deep; rustls hides its own inside an `io::Error`, which `source` skips.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let hidden = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = hidden.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| error.source());
    }
    None
}

fn io_cause(error: tokio_postgres::Error) -> Result<io::Error, tokio_postgres::Error> {
    if error.source().is_some_and(<dyn StdError>::is::<io::Error>) {
        let text = error.to_string();
        let cause = error.into_source().and_then(|source| source.downcast::<io::Error>().ok());
        return Ok(cause.map_or_else(|| io::Error::other(text), |cause| *cause));
    }
    Err(error)
}

fn with_causes(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
