//! What the tests stand on: projects in temporary folders, what a run said, and one throw-away server.

mod database;
mod output;
mod project;
mod server;

use std::time::{Duration, Instant};

pub(crate) use database::{Client, Database};
pub(crate) use output::Output;
pub(crate) use project::{Process, Project, files_under, is_root};
pub(crate) use server::engine_settings;

/// Waits until something is so, and fails where that takes longer than half a minute.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
