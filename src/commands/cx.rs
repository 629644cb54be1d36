//! What every command is given: the terminal, the flags of all commands, and the project once it is asked for.

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::migration::Set;
use crate::project::{self, Project};
use crate::terminal::{self, ColorChoice, Format, Terminal};

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Run as if dbctl had been started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Global options")]
    pub directory: Option<Utf8PathBuf>,
    /// The migrations folder, in place of the one found or configured
    #[arg(long, value_name = "DIR", global = true, help_heading = "Global options")]
    pub migrations: Option<Utf8PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t, global = true, help_heading = "Global options")]
    pub format: Format,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, global = true, help_heading = "Global options")]
    pub color: ColorChoice,
    /// Leave out progress and remarks
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Say more: statements and notices; twice for logs
    #[arg(short, long, action = clap::ArgAction::Count, global = true, help_heading = "Global options")]
    pub verbose: u8,
}

/// The context of a command.
pub struct Cx {
    /// Where answers go.
    pub terminal: Terminal,
    /// Flags of every command.
    pub global: Global,
    /// The command line as given.
    pub argv: Vec<String>,
}

impl Cx {
    /// Makes the context.
    pub fn new(terminal: Terminal, global: Global, argv: Vec<String>) -> Self {
        Self { terminal, global, argv }
    }

    /// The folder that dbctl was started in, or was told to start in.
    pub fn directory(&self) -> Utf8PathBuf {
        self.global.directory.clone().unwrap_or_else(|| Utf8PathBuf::from("."))
    }

    /// A path of the command line, which is meant as from the folder that dbctl was told to start in.
    pub fn path(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        self.global.directory.as_ref().map_or_else(|| path.as_ref().to_owned(), |folder| folder.join(path.as_ref()))
    }

    /// Finds the project and says what is odd about its configuration.
    pub fn project(&self) -> Result<Project, Failure> {
        let (project, warnings) = Project::find(&self.directory(), self.global.migrations.as_deref())?;
        for warning in &warnings {
            self.terminal.diagnostic(warning);
        }
        Ok(project)
    }

    /// Reads the project's migrations.
    pub fn migrations(&self, project: &Project) -> Result<Set, Failure> {
        let set = project::migrations::read(
            &project.migrations_path(),
            &project.migrations,
            project.config.project.same_version,
        )
        .map_err(project::Error::from)?;
        self.terminal.verbose(1, &format!("layout: {} in `{}`", set.layout, project.migrations));
        Ok(set)
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A closed stdout ends a command silently and well.
impl From<terminal::Error> for Failure {
    fn from(error: terminal::Error) -> Self {
        if error.is_closed() {
            return Self::silent(crate::exit::Exit::Ok);
        }
        let diagnostic = Diagnostic::error("output/not-written", error.to_string())
            .note("what the command did to a database stays: `dbctl status` and `dbctl runs list` tell")
            .help("make room where the output goes, or send it elsewhere");
        Self::new(crate::exit::Exit::Project, diagnostic)
    }
}
