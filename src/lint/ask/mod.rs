//! Questions that several rules ask.

mod catalog;
pub mod effect;
pub mod guard;
pub mod ledger;
pub mod probe;
pub mod raised;
