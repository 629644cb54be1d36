//! `dbctl lsp`: what lint finds, shown while a migration is written; a language server on stdin and stdout.

mod actions;
mod client;
mod diagnostics;
mod document;
mod hover;
mod position;
mod server;
mod stamp;
mod uri;
mod wire;
mod workspace;

use std::io::{stdin, stdout};
use std::sync::mpsc;
use std::thread;

use clap::Args;

use self::server::Server;
use self::workspace::Workspace;
use super::Cx;
use crate::exit::Exit;

/// Flags of `dbctl lsp`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
An editor starts it and talks to it on stdin and stdout. It shows what `dbctl lint` finds in the migrations that are open, as they
stand in the editor, with all other migrations as they are on disk; it mends what can be mended, and explains its rules.")]
pub struct LspArgs {
    /// Talk on stdin and stdout, as it always does: editors like to say so
    #[arg(long)]
    pub stdio: bool,
}

/// Runs the command until the editor ends it.
pub fn run(cx: &Cx, _: &LspArgs) -> Exit {
    let (sender, incoming) = mpsc::channel();
    // It ends with stdin or with the process.
    thread::spawn(move || {
        let mut input = stdin().lock();
        while let Ok(Some(message)) = wire::read(&mut input) {
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    let here = cx.directory();
    let here = here.canonicalize_utf8().unwrap_or(here);
    let migrations = cx.global.migrations.as_ref().map(|folder| here.join(folder));
    Server::new(stdout(), Workspace::new(here, migrations)).serve(&incoming)
}
