//! Shows the events of a run while it runs: a bar on a terminal, a line a migration in a log, JSON lines for a machine.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::options::Format;
use super::style::{Role, clean};
use super::wait::TICK;
use super::{Error, Terminal};
use crate::report::{Direction, Event, Stamped};
use crate::text::{count, human_duration};

/// The bar's line: what runs, how far the run is and for how long.
const TEMPLATE: &str = "{spinner} [{bar:24}] {pos}/{len} {elapsed} {wide_msg}";

/// A consumer of a run's events; the bar is gone when it is dropped.
#[derive(Debug)]
pub struct Progress {
    terminal: Terminal,
    bar: Option<ProgressBar>,
    migration: Migration,
    statement: String,
    is_trial: bool,
    failed: Option<Error>,
}

/// The migration that runs.
#[derive(Debug, Default)]
struct Migration {
    id: String,
    statements: usize,
}

impl Progress {
    pub(super) fn new(terminal: Terminal) -> Self {
        Self {
            terminal,
            bar: None,
            migration: Migration::default(),
            statement: String::new(),
            is_trial: false,
            failed: None,
        }
    }

    /// Shows an event. It never fails: a reader that went away must not stop a migration; see [`Self::finish`].
    pub fn event(&mut self, stamped: &Stamped) {
        if self.terminal.options().format == Format::Jsonl && self.failed.is_none() {
            self.failed = self.terminal.json_line(stamped).err();
        }
        match &stamped.event {
            Event::RunStarted { migrations, command, .. } => {
                self.is_trial = command == "verify";
                self.begin(*migrations);
            }
            Event::Waiting { holder } => self.terminal.note(&format!("waiting for {holder}")),
            Event::MigrationStarted { version, name, statements, .. } => {
                self.migration = Migration { id: format!("{version}_{name}"), statements: *statements };
                self.message(&self.migration.id);
            }
            Event::StatementStarted { number, summary, .. } => {
                self.statement = format!("{number}/{} {}", self.migration.statements, clean(summary));
                self.message(&format!("{} {}", self.migration.id, self.statement));
            }
            Event::StatementFinished { ms, .. } => {
                self.terminal.verbose(1, &format!("  {}, {}", self.statement, duration(*ms)));
            }
            Event::Notice { version, severity, message } => self.notice(version, severity, message),
            Event::Remark { version, message } => self.terminal.note(&format!("{version}: {message}")),
            Event::MigrationFinished { direction, ms, .. } => self.migrated(*direction, *ms),
            Event::MigrationFailed { .. } | Event::RunFinished { .. } => self.clear(),
        }
    }

    /// Takes the bar away and says whether the events could be written (`--format jsonl`).
    pub fn finish(mut self) -> Result<(), Error> {
        self.clear();
        self.failed.take().map_or(Ok(()), Err)
    }

    fn begin(&mut self, migrations: usize) {
        if !self.terminal.animated() || migrations == 0 {
            return;
        }
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(migrations as u64).with_style(style.progress_chars("=> "));
        let bar = self.terminal.bars().add(bar);
        bar.enable_steady_tick(TICK);
        self.bar = Some(bar);
    }

    fn message(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.to_owned());
        }
    }

    fn notice(&self, version: &str, severity: &str, message: &str) {
        if severity.eq_ignore_ascii_case("warning") {
            self.terminal.warning(&format!("{version}: {message}"));
        } else {
            self.terminal.verbose(1, &format!("  {}: {message}", severity.to_lowercase()));
        }
    }

    fn migrated(&self, direction: Direction, ms: f64) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        let options = self.terminal.options();
        let wanted = self.bar.is_none() && options.format == Format::Human && !options.quiet;
        if wanted || options.verbosity > 0 {
            let done = match direction {
                Direction::Up if self.is_trial => "tried",
                Direction::Up => "applied",
                Direction::Down => "rolled back",
            };
            let statements = count(self.migration.statements, "statement");
            let line = format!("{} {} ({statements}, {})", Role::Success.paint(done), self.migration.id, duration(ms));
            self.terminal.err(&line);
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Milliseconds as a person says them.
pub(super) fn duration(ms: f64) -> String {
    human_duration(Duration::try_from_secs_f64(ms / 1_000.0).unwrap_or_default())
}
