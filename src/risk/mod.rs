//! What a statement costs those who use the database at the same time.

pub mod beside;
mod cost;
mod hazard;
mod level;
mod lock;
mod phase;

pub use cost::{Cost, Reason};
pub use hazard::{Hazard, HazardKind};
pub use level::{Danger, Level};
pub use lock::LockMode;
pub use phase::{Phase, Reversible};
