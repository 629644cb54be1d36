//! The two streams: answers on stdout, everything else on stderr around a progress bar.

use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;
use indicatif::{MultiProgress, ProgressDrawTarget};
use serde::Serialize;

use super::human::Human;
use super::options::{Format, TerminalOptions};
use super::style::{Role, clean};
use super::{Error, Progress, Wait, snippet};
use crate::diagnostic::Diagnostic;

/// How often a progress bar is drawn at most, in times a second.
const DRAWS_A_SECOND: u8 = 10;

/// The streams and how they are to be used; a clone is the same terminal.
#[derive(Debug, Clone)]
pub struct Terminal {
    options: TerminalOptions,
    bars: MultiProgress,
    animated: bool,
}

impl Terminal {
    /// Takes charge of stdout and stderr.
    #[must_use]
    pub fn new(options: TerminalOptions) -> Self {
        let env = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let animated = options.format == Format::Human
            && !options.quiet
            && io::stderr().is_terminal()
            && env("CI").is_none()
            && env("TERM").is_none_or(|term| term != "dumb");
        let target =
            if animated { ProgressDrawTarget::stderr_with_hz(DRAWS_A_SECOND) } else { ProgressDrawTarget::hidden() };
        Self { options, bars: MultiProgress::with_draw_target(target), animated }
    }

    /// How it was set up.
    #[must_use]
    pub fn options(&self) -> &TerminalOptions {
        &self.options
    }

    /// Writes a command's answer in the format asked for.
    pub fn answer<V: Human>(&self, view: &V) -> Result<(), Error> {
        match self.options.format {
            Format::Human => self.print(&view.human(width())),
            Format::Json => self.json(view),
            // The forms of findings are written by `lint` itself; no other command is let through with them.
            _ => self.json_line(view),
        }
    }

    /// Writes text to stdout as it is; a newline is added where the last line has none.
    pub fn print(&self, text: &str) -> Result<(), Error> {
        let write = || {
            let mut out = AutoStream::new(io::stdout().lock(), self.options.color.into());
            out.write_all(text.as_bytes())?;
            if !text.is_empty() && !text.ends_with('\n') {
                out.write_all(b"\n")?;
            }
            out.flush()
        };
        Ok(self.bars.suspend(write)?)
    }

    /// Writes the difference of two texts to stdout: for people in colour, for a program so that `patch` takes it.
    pub fn patch(&self, old_name: &str, old: &str, new_name: &str, new: &str) -> Result<(), Error> {
        if io::stdout().is_terminal() {
            return self.print(&super::sql_diff(old_name, old, new_name, new));
        }
        let mut out = io::stdout().lock();
        out.write_all(super::sql_patch(old_name, old, new_name, new).as_bytes())?;
        Ok(out.flush()?)
    }

    /// Writes text to stderr as it is: what a person has to see before a question, wherever stdout goes.
    pub fn show(&self, text: &str) -> Result<(), Error> {
        Ok(self.write_err(text.trim_end_matches('\n'))?)
    }

    /// Writes one JSON document to stdout: for people to read too, or in one line where lines were asked for.
    pub fn json<T: Serialize>(&self, document: &T) -> Result<(), Error> {
        if self.options.format == Format::Jsonl {
            return self.json_line(document);
        }
        Self::raw(&serde_json::to_string_pretty(document)?)
    }

    /// Writes one JSON document to stdout in one line.
    pub fn json_line<T: Serialize>(&self, document: &T) -> Result<(), Error> {
        Self::raw(&serde_json::to_string(document)?)
    }

    fn raw(line: &str) -> Result<(), Error> {
        let mut out = io::stdout().lock();
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
        Ok(out.flush()?)
    }

    /// Writes a diagnostic to stderr.
    pub fn diagnostic(&self, diagnostic: &Diagnostic) {
        self.err(&format!("{}\n", snippet::render(diagnostic, true)));
    }

    /// Writes the difference of two texts to stderr.
    pub fn diff(&self, old_name: &str, old: &str, new_name: &str, new: &str) {
        self.err(super::sql_diff(old_name, old, new_name, new).trim_end());
    }

    /// Writes a warning to stderr, also under `--quiet`.
    pub fn warning(&self, text: &str) {
        self.err(&format!("{} {}", Role::Warning.paint("warning:"), clean(text)));
    }

    /// Writes what is worth knowing to stderr.
    pub fn note(&self, text: &str) {
        if !self.options.quiet {
            self.err(&format!("{} {}", Role::Help.paint("note:"), clean(text)));
        }
    }

    /// Writes to stderr where at least `level` `-v` were given.
    pub fn verbose(&self, level: u8, text: &str) {
        if self.options.verbosity >= level {
            self.err(&clean(text));
        }
    }

    /// Begins to show the events of a run.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::new(self.clone())
    }

    /// Says on stderr what is being waited for until the answer is dropped.
    #[must_use]
    pub fn wait(&self, message: &str) -> Wait {
        Wait::new(self, message)
    }

    /// Where log lines go: stderr, around the progress bar; `move || terminal.log()` is a `MakeWriter`.
    #[must_use]
    pub fn log(&self) -> LogWriter {
        LogWriter(self.clone())
    }

    /// A line on stderr; that stderr cannot be written is nothing that could be said anywhere.
    pub(super) fn err(&self, line: &str) {
        let _ignored = self.write_err(line);
    }

    fn write_err(&self, line: &str) -> io::Result<()> {
        self.bars.suspend(|| {
            let mut err = AutoStream::new(io::stderr().lock(), self.options.color.into());
            err.write_all(line.as_bytes()).and_then(|()| err.write_all(b"\n"))
        })
    }

    pub(super) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Whether a progress bar may be drawn.
    pub(super) fn animated(&self) -> bool {
        self.animated
    }
}

/// The width that stdout has as a terminal.
fn width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    dialoguer::console::Term::stdout().size_checked().map(|(_, columns)| columns)
}

/// Writes log lines to stderr without tearing a progress bar.
#[derive(Debug, Clone)]
pub struct LogWriter(Terminal);

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.bars.suspend(|| AutoStream::new(io::stderr().lock(), self.0.options.color.into()).write_all(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
