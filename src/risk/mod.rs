//! What a statement costs those who use the database at the same time.

mod hazard;
mod lock;

pub use hazard::{Hazard, HazardKind};
pub use lock::LockMode;
