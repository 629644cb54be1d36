//! `dbctl init`: writes what a project needs; run again it changes nothing.

use clap::Args;
use serde::Serialize;

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::{Project, scaffold};
use crate::terminal::Format;

/// Flags of `dbctl init`.
#[derive(Debug, Args)]
pub struct InitArgs {}

/// What was written, `dbctl/init/v1`.
#[derive(Debug, Serialize)]
struct Answer {
    format: &'static str,
    written: Vec<String>,
    kept: Vec<String>,
}

/// Writes what is not there yet.
pub fn run(cx: &Cx, _args: &InitArgs) -> Result<Exit, Failure> {
    let project = Project::here(&cx.directory(), cx.global.migrations.as_deref())?;
    let written = scaffold::init(&project)?;
    let answer = Answer { format: "dbctl/init/v1", written: written.written, kept: written.kept };
    if cx.terminal.options().format != Format::Human {
        cx.terminal.json(&answer)?;
        return Ok(Exit::Ok);
    }
    let written = answer.written.iter().map(|file| ["wrote  ", file, "\n"].concat());
    let kept = answer.kept.iter().map(|file| ["kept   ", file, "\n"].concat());
    let mut text: String = written.chain(kept).collect();
    text.push_str(if answer.written.is_empty() {
        "Nothing to do: this project is set up already.\n"
    } else {
        "Next: `dbctl new \"create users\"`, write its SQL, then `dbctl migrate --local`.\n"
    });
    cx.terminal.print(&text)?;
    Ok(Exit::Ok)
}
