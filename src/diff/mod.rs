//! The difference between two schemas, and the SQL that turns one into the other.

mod compare;
mod emit;
mod lineage;
mod order;
mod overload;
mod plan;
pub mod rename;
mod script;
mod source;
mod step;

pub use compare::{Fate, Fates, Options, compare};
pub use plan::{Plan, plan};
pub use rename::Rename;
pub use script::script;
pub use source::{Source, UnknownSource};
pub use step::{Step, Verb};
