//! `dbctl new NAME`: writes a migration and its down file from the templates.

use clap::Args;
use serde::Serialize;

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::scaffold;
use crate::terminal::Format;

/// Flags of `dbctl new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What the migration does, in words: "create users"
    #[arg(value_parser = some_words)]
    pub name: String,
}

/// A name that says something.
pub(super) fn some_words(name: &str) -> Result<String, &'static str> {
    if name.trim().is_empty() { Err("say what the migration does, in words") } else { Ok(name.to_owned()) }
}

/// What was written, `dbctl/new/v1`.
#[derive(Debug, Serialize)]
struct Answer {
    format: &'static str,
    version: String,
    name: String,
    up: String,
    down: Option<String>,
}

/// Writes the two files.
pub fn run(cx: &Cx, args: &NewArgs) -> Result<Exit, Failure> {
    let project = cx.project()?;
    let made = scaffold::new_migration(&project, &args.name, cx.now())?;
    let answer =
        Answer { format: "dbctl/new/v1", version: made.version, name: made.name, up: made.up, down: made.down };
    if cx.terminal.options().format == Format::Human {
        let files = [Some(&answer.up), answer.down.as_ref()].into_iter().flatten();
        let lines: String = files.map(|file| ["wrote  ", file, "\n"].concat()).collect();
        cx.terminal.print(&format!("{lines}Next: write the SQL, then `dbctl migrate --local`.\n"))?;
    } else {
        cx.terminal.json(&answer)?;
    }
    Ok(Exit::Ok)
}
