//! `dbctl runs`: what the state directory remembers of earlier runs.

use clap::Subcommand;

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;
use crate::state::StateDir;

/// What to do with the runs.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the runs, newest first
    List,
    /// Show one run with everything that happened in it
    Show {
        /// The run's id, a part of it that only one has, or its folder's name
        id: String,
    },
}

/// Runs the command.
pub fn run(cx: &Cx, command: &RunsCommand) -> Result<Exit, Failure> {
    let project = cx.project()?;
    let state = StateDir::open(project.root.as_std_path());
    let answer = match command {
        RunsCommand::List => state.list()?,
        RunsCommand::Show { id } => state.show(id)?,
    };
    cx.terminal.answer(&answer)?;
    Ok(Exit::Ok)
}
