//! `dbctl completions SHELL`: the completion script of a shell.

use clap::{Args, Command};
use clap_complete::Shell;

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;

/// Flags of `dbctl completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the script for the program's `command`.
pub fn run(cx: &Cx, args: &CompletionsArgs, mut command: Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "dbctl", &mut script);
    cx.terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}
