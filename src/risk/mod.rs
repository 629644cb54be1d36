//! What a statement costs those who use the database at the same time.

mod hazard;
mod level;
mod lock;
mod phase;

pub use hazard::{Hazard, HazardKind};
pub use level::Level;
pub use lock::LockMode;
pub use phase::{Phase, Reversible};
