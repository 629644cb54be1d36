//! The target database: where it is, how it is reached, and what goes wrong on the way.
//!
//! An [`Endpoint`] is resolved from a URL or from the environment as libpq resolves it, [`connect()`] opens a session
//! over TLS, and every failure is an [`Error`] that names host, port, user and database, never a password or a URL.

mod advice;
pub mod beside;
pub mod catalog;
mod census;
mod connect;
mod conninfo;
mod endpoint;
mod engine;
mod error;
pub mod fill;
pub mod ledger;
pub mod lock;
mod pgpass;
mod resolve;
pub mod rls;
mod run;
mod session;
mod shadow;
pub mod stats;
mod tls;
mod trace;
pub mod watch;

pub use connect::{Canceller, ConnectOptions, Connected, Notice, ServerVersion, connect};
pub use endpoint::{ChannelBinding, Endpoint, Host, Place};
pub use engine::{Checks, Engine, RunError, Timeouts};
pub use error::{Error, TlsProblem};
pub use lock::{LOCK_KEY, LockError};
pub use session::Session;
pub use shadow::{Shadow, Shadows};
pub use tls::{RootCert, SslMode};
pub use trace::{Tracer, Tried};
