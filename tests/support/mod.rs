//! What the tests stand on: projects in temporary folders, what a run said, and one throw-away server.

mod corpora;
mod database;
mod editor;
mod output;
mod project;
mod server;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub(crate) use corpora::{corpora, corpus};
pub(crate) use database::{Client, Database};
pub(crate) use editor::Editor;
pub(crate) use output::Output;
pub(crate) use project::{Process, Project, files_under, is_root};
pub(crate) use server::engine_settings;

/// Says once what does not run on this machine: past cargo's capture, which keeps what passing tests print.
///
/// # Panics
/// Under `CI=true`, which has everything.
pub(crate) fn not_run(why: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{why}, and CI needs it");
    left_out(why);
}

/// The same of what CI need not have either.
pub(crate) fn left_out(why: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap().insert(why.to_owned()) {
        writeln!(std::io::stderr(), "not run: {why}").ok();
    }
}

/// Waits until something is so, and fails where that takes longer than half a minute.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
