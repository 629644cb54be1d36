//! The difference between two schemas, and the SQL that turns one into the other.

mod compare;
mod emit;
mod lineage;
mod order;
mod overload;
mod plan;
mod step;

pub use compare::{Fate, Fates, Options, compare};
pub use plan::{Plan, plan};
pub use step::{Step, Verb};
