//! Questions to a person, on stderr, with No as the default.
//!
//! Keys are read one by one in raw mode, so that Ctrl-C is an answer here and no signal: dialoguer's own prompts hide
//! the cursor and then raise SIGINT, which leaves the cursor hidden.

use std::io;

use dialoguer::console::{Key, Term};
use dialoguer::theme::{SimpleTheme, Theme};

use super::Terminal;

/// What a person answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No, Esc or Enter alone.
    No,
    /// Ctrl-C, or the terminal went away.
    Interrupted,
}

/// There is nobody to ask: stdin or stderr is no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no terminal to ask on")]
pub struct NotATerminal;

const END_OF_INPUT: char = '\u{4}';

impl Terminal {
    /// Asks a question whose default is No.
    pub fn confirm(&self, question: &str) -> Result<Answer, NotATerminal> {
        self.ask(&prompt(|out| SimpleTheme.format_confirm_prompt(out, question, Some(false))), |term| {
            // A line is the answer: an Enter behind a single key would be one to the next question.
            let mut said = String::new();
            loop {
                match term.read_key_raw()? {
                    Key::Enter if matches!(said.to_ascii_lowercase().as_str(), "y" | "yes") => {
                        return Ok((Answer::Yes, ""));
                    }
                    Key::Enter | Key::Escape | Key::Char(END_OF_INPUT) => return Ok((Answer::No, "")),
                    Key::CtrlC => return Ok((Answer::Interrupted, "")),
                    Key::Backspace if said.pop().is_some() => term.clear_chars(1)?,
                    Key::Char(letter) if !letter.is_control() => {
                        said.push(letter);
                        term.write_str(letter.encode_utf8(&mut [0; 4]))?;
                    }
                    _ => {}
                }
            }
        })
    }

    /// Asks for a password without showing it; none where there is nobody to ask.
    #[must_use]
    pub fn password(&self, question: &str) -> Option<String> {
        if !self.options().interactive {
            return None;
        }
        dialoguer::Password::new().with_prompt(question).interact_on(&Term::stderr()).ok()
    }

    /// Shows a prompt, reads the answer and ends the line.
    fn ask(
        &self,
        prompt: &str,
        read: impl FnOnce(&Term) -> io::Result<(Answer, &'static str)>,
    ) -> Result<Answer, NotATerminal> {
        if !self.options().interactive {
            return Err(NotATerminal);
        }
        let term = Term::stderr();
        let answered = term.write_str(prompt).and_then(|()| read(&term));
        let (answer, echo) = answered.unwrap_or((Answer::Interrupted, ""));
        let _ignored = term.write_line(echo);
        Ok(answer)
    }
}

fn prompt(format: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut text = String::new();
    let _never = format(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{ColorChoice, Format, TerminalOptions};

    #[test]
    fn asks_nobody_where_there_is_no_terminal() {
        let options = TerminalOptions {
            color: ColorChoice::Never,
            quiet: false,
            verbosity: 0,
            format: Format::Human,
            interactive: false,
        };
        let terminal = Terminal::new(options);
        assert_eq!(terminal.confirm("Apply?"), Err(NotATerminal));
    }

    #[test]
    fn shows_no_as_the_default() {
        assert_eq!(prompt(|out| SimpleTheme.format_confirm_prompt(out, "Go?", Some(false))), "Go? [y/N] ");
    }
}
