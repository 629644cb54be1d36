//! What the command line decides about the output.

use std::io::{IsTerminal, stderr, stdin};

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// Where the stream is a terminal, as `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE` say.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<ColorChoice> for anstream::ColorChoice {
    fn from(choice: ColorChoice) -> Self {
        match choice {
            ColorChoice::Auto => Self::Auto,
            ColorChoice::Always => Self::Always,
            ColorChoice::Never => Self::Never,
        }
    }
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Tables and sentences.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// A JSON document a line: of a run the events as they come, and the answer last.
    Jsonl,
    /// Only the SQL (`dbctl diff`, `dbctl dump`).
    Sql,
    /// SARIF 2.1.0 (`dbctl lint`).
    Sarif,
    /// GitHub's workflow commands (`dbctl lint`, `dbctl verify`, `dbctl test`).
    Github,
    /// GitLab's code quality report (`dbctl lint`).
    Gitlab,
    /// `JUnit`'s XML (`dbctl lint`, `dbctl verify`, `dbctl test`).
    Junit,
    /// A line a finding, as compilers write it (`dbctl lint`).
    Gcc,
    /// A comment for a pull request (`dbctl lint`).
    Markdown,
}

impl Format {
    /// Whether every command has this form; the others are those of findings.
    #[must_use]
    pub fn is_general(self) -> bool {
        matches!(self, Self::Human | Self::Json | Self::Jsonl)
    }
}

/// How the terminal behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalOptions {
    /// When colours are used.
    pub color: ColorChoice,
    /// Whether progress and remarks are left out; answers, warnings and errors never are.
    pub quiet: bool,
    /// How many `-v` were given.
    pub verbosity: u8,
    /// The form of the answer.
    pub format: Format,
    /// Whether a person can be asked: stdin and stderr are terminals and the answer is not for a machine.
    pub interactive: bool,
}

impl TerminalOptions {
    /// Completes the flags of the command line with what stdin and stderr are.
    #[must_use]
    pub fn detect(color: ColorChoice, quiet: bool, verbosity: u8, format: Format) -> Self {
        let interactive = format == Format::Human && stdin().is_terminal() && stderr().is_terminal();
        Self { color, quiet, verbosity, format, interactive }
    }
}
