//! Questions that several rules ask.

pub(super) mod lock;
