//! Questions that several rules ask.

pub(super) mod depend;
pub(super) mod facts;
pub(super) mod names;
pub(super) mod shape;
