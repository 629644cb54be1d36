//! The project's files and environment.

pub mod migrations;
