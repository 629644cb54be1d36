//! The project: its folder, configuration, variables and files.

pub mod config;
mod discover;
pub mod env;
mod error;
pub mod git;
pub mod lint;
mod lint_words;
pub mod migrations;
pub mod platform;
pub mod scaffold;

pub use discover::Project;
pub use error::Error;
