//! A spinner for what takes a moment and has no count, such as starting the server.

use std::time::Duration;

use indicatif::ProgressBar;

use super::Terminal;

/// How often a spinner turns.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// Says what is being waited for; the line is gone when this is dropped.
#[derive(Debug)]
pub struct Wait(ProgressBar);

impl Wait {
    pub(super) fn new(terminal: &Terminal, message: &str) -> Self {
        if !terminal.animated() {
            return Self(ProgressBar::hidden());
        }
        let bar = terminal.bars().add(ProgressBar::new_spinner().with_message(message.to_owned()));
        bar.enable_steady_tick(TICK);
        Self(bar)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
