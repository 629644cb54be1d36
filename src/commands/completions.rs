//! `dbctl completions SHELL`: the completion script of a shell.

use clap::{Args, CommandFactory};
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

/// Prints the script.
pub fn run(cx: &Cx, args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::Cli::command(), "dbctl", &mut script);
    cx.terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}
