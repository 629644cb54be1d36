//! The commands, a file each: they hold the order of steps and leave the steps to the effects and the pure core.

pub mod completions;
mod cx;
pub mod db;
mod decide;
pub mod diff;
pub mod dump;
pub mod explain;
mod gate;
pub mod init;
mod interrupt;
pub mod lint;
mod local;
pub mod lsp;
pub mod man;
pub mod migrate;
pub mod new;
pub mod plan;
mod recorder;
mod refuse;
mod rename;
mod risk;
mod roles;
pub mod rollback;
pub mod rules;
mod run_failure;
mod running;
pub mod runs;
mod script;
pub mod snapshot;
mod source;
pub mod status;
mod steps;
mod target;
pub mod test;
<<<<<<< HEAD
=======
mod trace;
>>>>>>> merged
pub mod verify;
mod written;

pub use cx::{Cx, Global};
