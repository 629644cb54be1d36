//! How each part's errors become failures: the exit code, the place, and what mends it.

use std::error::Error as StdError;

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::migration::UnknownVersion;
use crate::{db, project, server, state};

/// A failure that should be impossible.
pub fn bug(what: &str, error: &dyn StdError) -> Failure {
    let diagnostic = with_causes(Diagnostic::error("bug", what.to_owned()), Some(error))
        .help("this is a bug in dbctl: please report it with the command line and what `-vv` says");
    Failure::new(Exit::Bug, diagnostic)
}

fn with_causes(mut diagnostic: Diagnostic, error: Option<&dyn StdError>) -> Diagnostic {
    let mut next = error;
    while let Some(cause) = next {
        diagnostic.causes.push(cause.to_string());
        next = cause.source();
    }
    diagnostic
}

impl Failure {
    /// A failure of the database, for an error that is still needed.
    pub fn from_database(error: &db::Error) -> Self {
        let exit = match error {
            db::Error::Malformed(_)
            | db::Error::PlaceholderPassword
            | db::Error::UnknownParameter { .. }
            | db::Error::InvalidParameter { .. }
            | db::Error::NoUser
            | db::Error::RootCert { .. }
            | db::Error::NoSystemCertificates => Exit::Project,
            db::Error::Server(_) => Exit::RolledBack,
            db::Error::TransactionPooler { .. } | db::Error::DamagedHistory { .. } => Exit::Refused,
            db::Error::TlsSetup { .. }
            | db::Error::UnknownHost { .. }
            | db::Error::Refused { .. }
            | db::Error::Unreachable { .. }
            | db::Error::Timeout { .. }
            | db::Error::Tls { .. }
            | db::Error::PasswordMissing { .. }
            | db::Error::Rejected { .. }
            | db::Error::Unsupported { .. }
            | db::Error::ConnectionLost { .. }
            | db::Error::Protocol(_) => Exit::Connect,
            db::Error::Catalog { .. } | db::Error::Template { .. } => Exit::Bug,
        };
        let mut diagnostic = with_causes(Diagnostic::error(error.code(), error.to_string()), error.source());
        diagnostic.notes = error.notes();
        diagnostic.helps = error.hints();
        Self::new(exit, diagnostic)
    }
}

impl From<db::Error> for Failure {
    fn from(error: db::Error) -> Self {
        Self::from_database(&error)
    }
}

impl From<server::Error> for Failure {
    fn from(error: server::Error) -> Self {
        let mut diagnostic = with_causes(Diagnostic::error("local/server", error.to_string()), error.source());
        diagnostic.helps = error.hints();
        Self::new(Exit::Connect, diagnostic)
    }
}

impl From<state::Error> for Failure {
    fn from(error: state::Error) -> Self {
        let mut diagnostic = Diagnostic::error("state/files", error.to_string());
        diagnostic.helps = error.hints();
        Self::new(Exit::Project, diagnostic)
    }
}

impl From<UnknownVersion> for Failure {
    fn from(error: UnknownVersion) -> Self {
        let diagnostic = Diagnostic::error("usage/version", error.to_string()).note("nothing was changed");
        Self::new(Exit::Usage, diagnostic.help("`dbctl status` lists the versions"))
    }
}

impl From<project::Error> for Failure {
    fn from(error: project::Error) -> Self {
        let title = error.to_string();
        let diagnostic = match &error {
            project::Error::Config { source_text, span, .. } => {
                let diagnostic = Diagnostic::error("config/invalid", format!("{} is not valid", source_text.name()));
                match span {
                    Some(span) => diagnostic.at(source_text, *span, title.lines().next().unwrap_or_default()),
                    None => diagnostic.caused_by(title),
                }
            }
            project::Error::Migrations(inner) => {
                let mut diagnostic = with_causes(Diagnostic::error("project/migrations", title), inner.source());
                diagnostic.helps = inner.hints();
                diagnostic
            }
            project::Error::NoFolder { .. } | project::Error::NotUtf8 => Diagnostic::error("project/folder", title),
            project::Error::EnvFile { .. } => {
                Diagnostic::error("project/env-file", title).help("write `NAME=value`, with quotes around blanks")
            }
            project::Error::Read { source, .. } | project::Error::Write { source, .. } => {
                Diagnostic::error("project/files", format!("{title}: {}", cause(source)))
            }
            project::Error::Template(_) => return bug("a template could not be filled in", &error),
        };
        Self::new(Exit::Project, diagnostic.note("nothing was changed"))
    }
}

/// What the system says, without the path that is said already.
fn cause(error: &std::io::Error) -> String {
    match (error.raw_os_error(), error.kind()) {
        (Some(code), _) => std::io::Error::from_raw_os_error(code).to_string(),
        (None, std::io::ErrorKind::NotFound) => "there is no such file or folder".to_owned(),
        (None, std::io::ErrorKind::StorageFull) => "no space is left on the disk".to_owned(),
        (None, kind) => kind.to_string(),
    }
}
