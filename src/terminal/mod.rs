//! The terminal: the only place that prints. stdout carries the answer, stderr everything else.
//!
//! Text is built with colours and stripped on its way out where the stream does not want them; what is written to
//! stderr goes around a progress bar, never through it.

mod error;
mod human;
mod options;
mod progress;
mod prompt;
mod snippet;
mod sqldiff;
mod style;
mod table;
mod wait;
mod writer;

pub use error::Error;
pub use human::{Human, statistics};
pub use options::{ColorChoice, Format, TerminalOptions};
pub use progress::Progress;
pub use prompt::{Answer, NotATerminal};
pub use snippet::render;
pub use sqldiff::{sql_diff, sql_patch};
pub use wait::Wait;
pub use writer::{LogWriter, Terminal};
