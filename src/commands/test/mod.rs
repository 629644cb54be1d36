//! `dbctl test`: what a schema promises, tried on a shadow database.

mod rls;
mod told;

use clap::Subcommand;

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;

/// What is tested.
#[derive(Debug, Clone, Subcommand)]
pub enum TestCommand {
    /// Try as anon, two tenants, an administrator and the service who sees and changes which rows
    Rls(rls::RlsArgs),
}

/// Runs the command.
pub async fn run(cx: &Cx, command: &TestCommand) -> Result<Exit, Failure> {
    match command {
        TestCommand::Rls(args) => Box::pin(rls::run(cx, args)).await,
    }
}
