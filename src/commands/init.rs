//! `dbctl init`: writes what a project needs; run again it changes nothing.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Cx;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::{Project, scaffold};
use crate::terminal::Format;

/// Flags of `dbctl init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write also what runs `dbctl lint` there; may be said several times
    #[arg(long, value_enum, value_name = "WHERE")]
    pub ci: Vec<Ci>,
}

/// Where lint can run by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    /// A workflow for pull requests
    Github,
    /// A job for merge requests
    Gitlab,
    /// A hook for commits
    PreCommit,
}

impl Ci {
    /// The file and its text.
    fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Github => (".github/workflows/dbctl.yml", include_str!("../../templates/ci/github.yml")),
            Self::Gitlab => (".gitlab-ci.yml", include_str!("../../templates/ci/gitlab.yml")),
            Self::PreCommit => (".pre-commit-config.yaml", include_str!("../../templates/ci/pre-commit.yaml")),
        }
    }
}

/// What was written, `dbctl/init/v1`.
#[derive(Debug, Serialize)]
struct Answer {
    format: &'static str,
    written: Vec<String>,
    kept: Vec<String>,
}

/// Writes what is not there yet.
pub fn run(cx: &Cx, args: &InitArgs) -> Result<Exit, Failure> {
    let project = Project::here(&cx.directory(), cx.global.migrations.as_deref())?;
    let mut written = scaffold::init(&project)?;
    for ci in &args.ci {
        let (name, text) = ci.file();
        // A file of the user's is not written over: what it lacks is told.
        if scaffold::write_new(&project.root.join(name), text)? {
            written.written.push(name.to_owned());
        } else {
            if fs_err::read_to_string(project.root.join(name)).is_ok_and(|known| !known.contains("dbctl lint")) {
                cx.terminal.note(&format!("`{name}` is there and does not run dbctl; add to it:\n\n{text}"));
            }
            written.kept.push(name.to_owned());
        }
    }
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
