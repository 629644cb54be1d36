//! The target database: where it is, how it is reached, and what goes wrong on the way.
//!
//! An [`Endpoint`] is resolved from a URL or from the environment as libpq resolves it, [`connect()`] opens a session
//! over TLS, and every failure is an [`Error`] that names host, port, user and database, never a password or a URL.

mod advice;
mod connect;
mod conninfo;
mod endpoint;
mod error;
#[cfg(test)]
mod live;
#[cfg(test)]
mod live_tls;
mod pgpass;
mod resolve;
mod tls;

pub use connect::{Canceller, ConnectOptions, Connected, Notice, ServerVersion, connect};
pub use endpoint::{ChannelBinding, Endpoint, Host, Place};
pub use error::{Error, TlsProblem};
pub use tls::{RootCert, SslMode};
