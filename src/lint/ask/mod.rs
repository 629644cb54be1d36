//! Questions that several rules ask.

mod altered;
mod catalog;
pub(super) mod depend;
pub mod effect;
pub(super) mod facts;
pub mod guard;
pub mod ledger;
pub(super) mod lock;
pub(super) mod names;
pub mod probe;
pub mod raised;
pub(super) mod shape;
pub mod wanted;
