//! The state directory `.dbctl/` and `dbctl.sum`: what dbctl remembers on disk.
//!
//! Everything in `.dbctl/` is private to the user and names its format version. Whole files are written to a
//! temporary name and renamed; the journal of a run grows a line at a time. The history in the database stays the
//! truth: nothing here is needed to tell what is applied.

mod error;
mod files;
mod gate;
mod journal;
mod layout;
mod proofs;
mod redact;
mod report_md;
mod run;
mod sum;
pub mod trials;

pub use error::{Error, Operation};
pub use gate::{Gate, GateEntry};
pub use layout::{NAME, StateDir};
pub use proofs::{Proof, Proofs};
pub use redact::{redact, redact_argv};
pub use run::Run;
pub use sum::{SumFile, SumProblem};

#[cfg(test)]
mod fixtures;
