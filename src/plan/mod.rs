//! Plans as data: files against ledger, steps ready to run, and the rows that record them.

pub mod learn;
pub mod ledger;
pub mod record;
pub mod resolve;
pub mod step;
pub mod trace;
