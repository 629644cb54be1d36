//! The difference between two schemas, and the SQL that turns one into the other.

mod compare;
mod definition;
mod emit;
pub mod file;
mod held;
pub mod inverse;
mod keep;
mod left;
mod lineage;
mod locks;
mod online;
mod order;
mod outside;
mod overload;
mod partial;
mod parts;
mod plan;
pub mod rename;
mod script;
mod source;
mod step;
mod together;

pub use compare::{Fate, Fates, Options, compare};
pub use definition::{definition, wholes};
pub use keep::Kept;
pub use left::Left;
pub use parts::{Part, parts};
pub use plan::{Plan, plan};
pub use rename::Rename;
pub use script::{script, statements};
pub use source::{Source, UnknownSource};
pub use step::{Step, Verb};
