//! What a statement costs those who use the database at the same time.

mod lock;

pub use lock::LockMode;
