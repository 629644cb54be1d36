//! Declarative schemas: SQL from files or from a command, run on a shadow database in whatever order lets it run.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::Cx;
use super::replay::{REVISION, fresh, hash, open, platform_mark, see};
use super::{Loaded, Look};
use crate::db::{self, Session, Shadow, Shadows};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;
use crate::project::migrations::{read_text, sql_files};
use crate::sql::{self, Statement};
use crate::sqlstate::ErrorPosition;
use crate::text::{Source, Span, count};

/// How many failed statements are shown.
const SHOWN: usize = 3;

/// Loads a SQL file, or all of a folder, and reads what it leaves.
pub(super) async fn load(cx: &Cx, project: &Project, path: &Utf8Path, look: Look<'_>) -> Result<Loaded, Failure> {
    let sources = sources(path)?;
    texts(cx, project, &sources, look).await
}

/// Loads texts and reads what they leave; the same texts are loaded only once.
pub(super) async fn texts(cx: &Cx, project: &Project, sources: &[Source], look: Look<'_>) -> Result<Loaded, Failure> {
    let shadows = open(cx, project).await?;
    let texts: Vec<&str> = sources.iter().map(Source::text).collect();
    let hash = hash(&[REVISION, &platform_mark(project), "files", &hash(&texts)]);
    if let Some(kept) = shadows.kept(&hash).await? {
        return see(&shadows, kept, look).await;
    }
    let shadow = fresh(cx, project, &shadows).await?;
    if let Err(failure) = run(&shadows, &shadow, sources).await {
        shadows.drop(shadow).await?;
        return Err(failure);
    }
    let kept = shadows.keep(shadow, &hash).await?;
    see(&shadows, kept, look).await
}

/// The files of a declarative schema: one, or all of a folder and its folders by their paths.
pub fn sources(path: &Utf8Path) -> Result<Vec<Source>, Failure> {
    let nothing = |title: String| {
        let diagnostic = Diagnostic::error("diff/no-files", title)
            .note("nothing was compared")
            .help("name a file or a folder with files: `file:schema`");
        Failure::new(Exit::Project, diagnostic)
    };
    if !path.exists() {
        return Err(nothing(format!("there is no file or folder `{path}`")));
    }
    let mut files =
        if path.is_file() { vec![path.to_owned()] } else { sql_files(path).map_err(crate::project::Error::from)? };
    files.sort();
    if files.is_empty() {
        return Err(nothing(format!("there is no `.sql` file in `{path}`")));
    }
    let read = |file: &Utf8PathBuf| match read_text(file) {
        Ok(text) => Ok(Source::new(file.as_str(), text)),
        Err(error) => Err(crate::project::Error::from(error).into()),
    };
    files.iter().map(read).collect()
}

/// A statement that did not run yet.
struct Waiting {
    /// The number of its file.
    file: usize,
    statement: Statement,
    /// Why it did not.
    error: Option<db::Error>,
}

impl Waiting {
    fn text<'s>(&self, sources: &'s [Source]) -> &'s str {
        self.statement.span.of(sources[self.file].text())
    }

    /// Whether it holds for the statements behind it in its file, however often they are tried.
    fn is_setting(&self, sources: &[Source]) -> bool {
        match self.statement.kind.as_str() {
            "SET" | "RESET" => true,
            "SELECT" => self.text(sources).contains("set_config("),
            _ => false,
        }
    }
}

/// Whether it is about databases and their server, and no part of a schema: such as stands in a whole dump.
fn is_of_server(statement: &Statement) -> bool {
    ["CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE", "CREATE TABLESPACE", "DROP TABLESPACE", "ALTER SYSTEM"]
        .contains(&statement.kind.as_str())
}

/// Runs the statements of files in whatever order lets them run: those that fail are tried again when others have run.
///
/// Each runs in a transaction of its own, so that nothing of one that fails stays; what a file says about
/// transactions is passed over.
async fn run(shadows: &Shadows, shadow: &Shadow, sources: &[Source]) -> Result<(), Failure> {
    let session = shadows.session(shadow, false).await?;
    let mut waiting = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let statements = sql::split(source.text()).map_err(|error| {
            let diagnostic = Diagnostic::error("sql/cannot-split", error.to_string())
                .at(source, error.span(), "")
                .note("nothing was compared");
            Failure::new(Exit::Project, diagnostic)
        })?;
        let statements = statements.into_iter().filter(|it| it.transaction_control().is_none() && !is_of_server(it));
        waiting.extend(statements.map(|statement| Waiting { file, statement, error: None }));
    }
    loop {
        let before = waiting.len();
        waiting = pass(&session, sources, waiting).await?;
        let is_done = waiting.iter().all(|it| it.error.is_none());
        if is_done {
            return Ok(());
        }
        if waiting.len() == before {
            waiting.retain(|it| it.error.is_some());
            return Err(cannot_load(sources, &waiting));
        }
    }
}

/// Tries each statement once; gives those that are to be tried again, and the settings before them.
async fn pass(session: &Session, sources: &[Source], waiting: Vec<Waiting>) -> Result<Vec<Waiting>, Failure> {
    let mut left = Vec::new();
    let mut file = None;
    for it in waiting {
        if file != Some(it.file) {
            // A body may name what only comes later.
            session.batch(&session.reset()).await?;
            session.batch("set check_function_bodies = off").await?;
            file = Some(it.file);
        }
        let error = match execute(session, &it, sources).await {
            Ok(()) if it.is_setting(sources) => None,
            Ok(()) => continue,
            // Roles belong to the server, and another load, or the local database, may have made it.
            Err(error)
                if it.statement.kind == "CREATE ROLE"
                    && error.server().is_some_and(|said| said.sqlstate == "42710") =>
            {
                continue;
            }
            Err(error) if error.connection_is_lost() => return Err(error.into()),
            Err(error) => Some(error),
        };
        left.push(Waiting { error, ..it });
    }
    Ok(left)
}

async fn execute(session: &Session, it: &Waiting, sources: &[Source]) -> Result<(), db::Error> {
    match it.statement.copy_data {
        Some(data) => session.copy_in(it.text(sources), data.of(sources[it.file].text())).await.map(drop),
        None => session.batch(it.text(sources)).await,
    }
}

/// What is said where statements stay that never run: the causes first, and not what only lacks what those would make.
fn cannot_load(sources: &[Source], left: &[Waiting]) -> Failure {
    let is_consequence = |it: &Waiting| {
        let Some(said) = it.error.as_ref().and_then(db::Error::server) else { return false };
        let missing = said.message.split('"').nth(1).unwrap_or(&said.message);
        let lacks = |name: &str| {
            let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
            missing.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').any(|word| word == name)
        };
        // Undefined table, function, object, column and schema; a row or a constraint that another statement brings.
        let is_lack = ["42P01", "42883", "42704", "42703", "3F000", "42830", "42P17"].contains(&said.sqlstate.as_str());
        is_lack
            && left.iter().any(|other| {
                let makes = other.statement.kind.starts_with("CREATE") && !std::ptr::eq(other, it);
                makes && other.statement.object.as_ref().is_some_and(|object| lacks(&object.name))
            })
    };
    let mut causes: Vec<&Waiting> = left.iter().filter(|it| !is_consequence(it)).collect();
    if causes.is_empty() {
        causes = left.iter().collect();
    }
    let others = left.len() - causes.len();
    let mut diagnostics: Vec<Diagnostic> = causes.iter().take(SHOWN).filter_map(|it| failed(sources, it)).collect();
    if let Some(first) = diagnostics.first_mut() {
        if others > 0 {
            first.notes.push(format!("{} only because of what these lack", count_failing(others)));
        }
        if causes.len() > SHOWN {
            first.notes.push(format!("{} besides those shown here", count_failing(causes.len() - SHOWN)));
        }
    }
    let first = if diagnostics.is_empty() { None } else { Some(diagnostics.remove(0)) };
    let mut failure =
        Failure::new(Exit::RolledBack, first.unwrap_or_else(|| Diagnostic::error("diff/cannot-load", "")));
    failure.diagnostics.extend(diagnostics);
    failure
}

fn count_failing(count_of: usize) -> String {
    let verb = if count_of == 1 { "fails" } else { "fail" };
    format!("{} {verb}", count(count_of, "more statement"))
}

fn failed(sources: &[Source], it: &Waiting) -> Option<Diagnostic> {
    let (source, error) = (&sources[it.file], it.error.as_ref()?);
    let start = it.statement.span.start;
    let place: Span = match error.server().and_then(|said| said.position.as_ref()) {
        Some(ErrorPosition::Original(at)) => source.word_at(source.byte_of_character(start, *at as usize)),
        _ => source.word_at(start),
    };
    let mut diagnostic = Diagnostic::error("diff/cannot-load", error.to_string())
        .at(source, place, "")
        .note("it was tried on a shadow database, which is dropped: no other database was touched");
    if let Some(said) = error.server() {
        if let Some(detail) = &said.detail {
            diagnostic = diagnostic.note(detail.clone());
        }
        if let Some(hint) = &said.hint {
            diagnostic = diagnostic.note(hint.clone());
        }
    }
    Some(diagnostic.help("correct the statement, or add what it needs"))
}
