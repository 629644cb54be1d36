//! SQL that a command of the project prints: what an ORM makes of its models.

use std::process::{Command, Output, Stdio};

use super::super::Cx;
use super::{Loaded, Look, files};
use crate::diagnostic::Diagnostic;
use crate::error::{Failure, bug};
use crate::exit::Exit;
use crate::project::Project;
use crate::text::{Source, did_you_mean};

/// How many lines of what a command says are repeated.
const LINES: usize = 12;

/// Runs a command of `[commands]` in the project's folder and loads what it prints.
pub(super) async fn load(cx: &Cx, project: &Project, name: &str, look: Look<'_>) -> Result<Loaded, Failure> {
    let Some(command) = project.config.commands.get(name) else { return Err(unknown(project, name)) };
    cx.terminal.verbose(1, &format!("runs `{command}` in `{}`", project.root));
    let wait = cx.terminal.wait(&format!("running `{command}`"));
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(&project.root).stdin(Stdio::null());
    // Off this thread, which may be reading the other schema in the meantime.
    let ran = tokio::task::spawn_blocking(move || shell.output()).await;
    drop(wait);
    let output = ran
        .map_err(|error| bug("the thread that waits for a command is gone", &error))?
        .map_err(|error| said_nothing(project, (name, command), format!("`sh` cannot be started: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(failed(project, (name, command), &output));
    }
    if crate::sql::significant(&text).is_empty() {
        let spoken = last_lines(&String::from_utf8_lossy(&output.stderr));
        return Err(said_nothing(project, (name, command), spoken));
    }
    cx.terminal.verbose(2, &last_lines(&String::from_utf8_lossy(&output.stderr)));
    files::texts(cx, project, &[Source::new(format!("command:{name}"), text)], look).await
}

fn unknown(project: &Project, name: &str) -> Failure {
    let known = project.config.commands.keys().map(String::as_str);
    let diagnostic = Diagnostic::error("diff/unknown-command", format!("dbctl.toml has no command `{name}`"))
        .note("nothing was compared");
    let diagnostic = match did_you_mean(name, known) {
        Some(near) => diagnostic.help(format!("did you mean `command:{near}`?")),
        None => diagnostic.help(format!(
            "add a command that prints SQL to dbctl.toml: `[commands]` with `{name} = \"npx drizzle-kit export\"`"
        )),
    };
    Failure::new(Exit::Project, diagnostic)
}

fn failed(project: &Project, (name, command): (&str, &str), output: &Output) -> Failure {
    let how = match output.status.code() {
        Some(127) => "was not found".to_owned(),
        Some(code) => format!("ended with exit code {code}"),
        None => "was killed".to_owned(),
    };
    let mut spoken = last_lines(&String::from_utf8_lossy(&output.stderr));
    if spoken.is_empty() {
        spoken = last_lines(&String::from_utf8_lossy(&output.stdout));
    }
    let mut diagnostic = Diagnostic::error("diff/command-failed", format!("the command `{name}` {how}: `{command}`"))
        .note("nothing was compared");
    if !spoken.is_empty() {
        diagnostic = diagnostic.caused_by(spoken);
    }
    let help = if output.status.code() == Some(127) {
        format!("install what it calls, or correct `[commands] {name}` in dbctl.toml; it runs in `{}`", project.root)
    } else {
        format!("run it by hand in `{}`", project.root)
    };
    Failure::new(Exit::Project, diagnostic.help(help))
}

fn said_nothing(project: &Project, (name, command): (&str, &str), spoken: String) -> Failure {
    let mut diagnostic =
        Diagnostic::error("diff/command-silent", format!("the command `{name}` printed no SQL: `{command}`"))
            .note("nothing was compared")
            .help(format!("it has to print SQL to stdout; run it by hand in `{}`", project.root))
            .help("`empty` is the source for a schema with nothing in it");
    if !spoken.is_empty() {
        diagnostic = diagnostic.caused_by(spoken);
    }
    Failure::new(Exit::Project, diagnostic)
}

/// The last lines of what a command has said, without colours.
fn last_lines(said: &str) -> String {
    let said = anstream::adapter::strip_str(said).to_string();
    let lines: Vec<&str> = said.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
