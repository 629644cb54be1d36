//! The managed local PostgreSQL of a project: found or fetched, initialised, started, adopted and stopped.
//!
//! Everything hangs on two files. `.dbctl/local/state.json` says which data directory belongs to the project, which
//! engine made it and which password it has; it never says that something runs. PostgreSQL's own `postmaster.pid`
//! says that, and is believed only where the process that it names is a server on that very directory.
//!
//! Unix only. Blocking, without a runtime: a start takes some ten milliseconds and happens once a run.

mod account;
mod adopt;
mod archive;
mod bundle;
mod cluster;
mod engine;
mod error;
mod fetch;
mod files;
mod find;
mod launch;
mod left_over;
mod lock;
mod log;
mod platform;
mod port;
mod postmaster;
mod progress;
mod running;
mod settings;
mod socket;
mod start;
mod state;
mod status;
mod stop;
mod template;
#[cfg(test)]
mod tests;
mod unpack;
mod wire;

pub use archive::{BundleReport, bundle};
pub use engine::{Engine, Look, Origin, Rejected};
pub use error::Error;
pub use progress::Progress;
pub use running::{Running, Started};
pub use settings::{Durability, ServerSettings};
pub use start::start;
pub use status::{Status, Stopped, status};
pub use stop::{StopMode, destroy, stop};
