//! The difference between two schemas, and the SQL that turns one into the other.

mod compare;
mod emit;
mod keep;
mod lineage;
mod locks;
mod order;
mod overload;
mod plan;
mod script;
mod source;
mod step;

pub use compare::{Fate, Fates, Options, compare};
pub use keep::Kept;
pub use plan::{Plan, plan};
pub use script::script;
pub use source::{Source, UnknownSource};
pub use step::{Step, Verb};
