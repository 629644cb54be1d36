//! Questions that several rules ask.

pub(super) mod altered;
mod catalog;
pub(super) mod column_type;
pub(super) mod depend;
pub mod effect;
pub(super) mod facts;
pub mod guard;
pub(super) mod in_use;
pub mod ledger;
pub(super) mod lock;
pub(super) mod names;
pub(super) mod partition_bound;
pub mod probe;
pub mod raised;
pub(super) mod reach;
pub(super) mod shape;
pub(super) mod timeouts;
pub(super) mod transaction;
pub(super) mod volatile;
pub mod wanted;
