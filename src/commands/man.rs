//! `dbctl man`: the manual pages, made from the same definitions as `--help`.

use camino::Utf8PathBuf;
use clap::{Args, Command};

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;

/// Flags of `dbctl man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for every command into DIR, in place of printing the main page
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<Utf8PathBuf>,
}

/// Prints the main page of the program's `command`, or writes all of them.
pub fn run(cx: &Cx, args: &ManArgs, command: Command) -> Result<Exit, Failure> {
    let Some(folder) = &args.output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut page)
            .map_err(|error| crate::error::bug("the manual page could not be made", &error))?;
        cx.terminal.print(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Ok);
    };
    let folder = cx.directory().join(folder);
    crate::project::scaffold::man_pages(&folder, command)?;
    cx.terminal.note(&format!("the manual pages are in `{folder}`"));
    Ok(Exit::Ok)
}
