//! Schemas that are made on a shadow database to be read: migrations replayed, files loaded.
//!
//! What a prefix of the migrations leaves is kept on the server under its hash and copied the next time, so that only
//! what is new has to run.

use camino::{Utf8Path, Utf8PathBuf};
use refinery::Target as Reach;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::super::target::refuse_password;
use super::super::{Cx, interrupt, local, run_failure, running, steps};
use super::Loaded;
use crate::catalog::Scope;
use crate::db::catalog::read;
use crate::db::{self, Checks, Endpoint, Engine, RunError, Shadow, Shadows, Timeouts};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::plan::record::Author;
use crate::project::config::Platform;
use crate::project::{Project, platform};
use crate::sql;
use crate::text::{Source, Span};

/// Raised when replays leave something else than before.
const REVISION: &str = "1";

/// Replays the migrations and reads what they leave.
pub(super) async fn migrations(cx: &Cx, project: &Project, to: Option<&str>, scope: &Scope) -> Result<Loaded, Failure> {
    let set = cx.migrations(project)?;
    let last = to.map(|version| set.find(version).map(|migration| migration.version.key())).transpose()?;
    let wanted: Vec<&Migration> =
        set.migrations.iter().filter(|it| last.is_none_or(|last| it.version.key() <= last)).collect();
    let shadows = open(cx, project).await?;
    let kept = replay(cx, (project, &set), &shadows, &wanted).await?;
    look(&shadows, kept, scope).await
}

/// Loads a SQL file, or all of a folder, and reads what it leaves.
pub(super) async fn file(cx: &Cx, project: &Project, path: &Utf8Path, scope: &Scope) -> Result<Loaded, Failure> {
    let sources = sources(path)?;
    let shadows = open(cx, project).await?;
    let texts: Vec<&str> = sources.iter().map(Source::text).collect();
    let hash = hash(&[REVISION, &platform_mark(project), "files", &hash(&texts)]);
    if let Some(kept) = shadows.kept(&hash).await? {
        return look(&shadows, kept, scope).await;
    }
    let shadow = fresh(cx, project, &shadows).await?;
    if let Err(failure) = load_files(&shadows, &shadow, &sources).await {
        shadows.drop(shadow).await?;
        return Err(failure);
    }
    let kept = shadows.keep(shadow, &hash).await?;
    look(&shadows, kept, scope).await
}

/// The server that shadows are made on: the managed local one, or the one that `[shadow]` or `DBCTL_SHADOW_URL` names.
pub(super) async fn open(cx: &Cx, project: &Project) -> Result<Shadows, Failure> {
    let config = &project.config.shadow;
    let mut variables = ["DBCTL_SHADOW_URL"].into_iter().chain(config.url_env.as_deref());
    let said = variables.find_map(|name| project.env.get(name));
    if said.is_none()
        && let Some(url) = &config.url
    {
        refuse_password(url, "shadow")?;
    }
    let endpoint = match said.or_else(|| config.url.clone()) {
        Some(url) => Endpoint::from_url(&SecretString::from(url), &|name: &str| project.env.get(name))?,
        None => local::endpoint(&local::start_server(cx, project)?),
    };
    Ok(Shadows::open(endpoint).await?)
}

/// Reads a kept database by a copy, so that whoever copies it at the same time is not kept waiting.
async fn look(shadows: &Shadows, kept: String, scope: &Scope) -> Result<Loaded, Failure> {
    let shadow = shadows.create(Some(&kept)).await?;
    let session = shadows.session(&shadow, true).await?;
    let catalog = read(&session, |id| scope.contains(id)).await;
    drop(session);
    shadows.drop(shadow).await?;
    Ok(Loaded { catalog: catalog?, kept: Some(kept) })
}

/// What the platform is, where the project has one.
fn platform_mark(project: &Project) -> String {
    if project.platform() == Platform::Supabase { platform::mark() } else { String::new() }
}

/// A database with the platform and nothing of the project; kept, because the platform takes its time.
pub(super) async fn fresh(cx: &Cx, project: &Project, shadows: &Shadows) -> Result<Shadow, Failure> {
    if project.platform() != Platform::Supabase {
        return Ok(shadows.create(None).await?);
    }
    let hash = hash(&[REVISION, &platform::mark()]);
    if let Some(kept) = shadows.kept(&hash).await? {
        return Ok(shadows.create(Some(&kept)).await?);
    }
    let shadow = shadows.create(None).await?;
    let session = shadows.session(&shadow, false).await?;
    let given = local::give_platform(cx, &session).await;
    drop(session);
    if let Err(failure) = given {
        shadows.drop(shadow).await?;
        return Err(failure);
    }
    let kept = shadows.keep(shadow, &hash).await?;
    Ok(shadows.create(Some(&kept)).await?)
}

/// The name of the database in which all of the migrations have run; only what is not kept runs.
async fn replay(
    cx: &Cx,
    (project, set): (&Project, &Set),
    shadows: &Shadows,
    wanted: &[&Migration],
) -> Result<String, Failure> {
    let mut hashes = vec![hash(&[REVISION, &platform_mark(project), &project.config.local.stub_extensions.join(",")])];
    for migration in wanted {
        let before = hashes.last().cloned().unwrap_or_default();
        hashes.push(hash(&[&before, &migration.raw_checksum.to_string()]));
    }
    let mut begun = None;
    for (done, hash) in hashes.iter().enumerate().rev() {
        if let Some(kept) = shadows.kept(hash).await? {
            begun = Some((done, kept));
            break;
        }
    }
    let (mut at, mut kept) = if let Some(begun) = begun {
        begun
    } else {
        let shadow = fresh(cx, project, shadows).await?;
        (0, shadows.keep(shadow, &hashes[0]).await?)
    };
    while at < wanted.len() {
        // The newest migration is the one that is still being written: what stands before it is kept by itself.
        let end = if at + 1 < wanted.len() { wanted.len() - 1 } else { wanted.len() };
        let shadow = shadows.create(Some(&kept)).await?;
        let applied = apply(cx, (project, set), (shadows, &shadow), &wanted[at..end], at == 0).await;
        if let Err(failure) = applied {
            shadows.drop(shadow).await?;
            return Err(failure);
        }
        kept = shadows.keep(shadow, &hashes[end]).await?;
        at = end;
    }
    Ok(kept)
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Runs migrations as `migrate` does, with the history that goes with them.
async fn apply(
    cx: &Cx,
    (project, set): (&Project, &Set),
    (shadows, shadow): (&Shadows, &Shadow),
    wanted: &[&Migration],
    is_first: bool,
) -> Result<(), Failure> {
    let mut session = shadows.session(shadow, false).await?;
    let mut ready = wanted.iter().map(|migration| steps::up(migration, None)).collect::<Result<Vec<_>, _>>()?;
    steps::stub_extensions(&session, project, &mut ready).await?;
    let Some(last) = ready.last().map(|step| step.key) else { return Ok(()) };
    let view = session.target("shadow", true).await?;
    let bug = |error: refinery::Error| RunError::Refinery(error.to_string());
    let result = {
        let author = Author { run: None, actor: None, tool_version: env!("CARGO_PKG_VERSION").to_owned() };
        // Nothing on a shadow waits for anybody, and what a migration takes long for is its own.
        let timeouts = Timeouts { lock: "0".to_owned(), statement: None };
        let mut silent = |_| ();
        let signals = interrupt::listen(&cx.terminal);
        let mut engine = Engine::new(&mut session, author, timeouts, signals, &mut silent, !is_first);
        let checks = Checks { divergent: false, missing: false };
        let result = match running::refinery_migrations(set, None, &ready).map_err(bug) {
            Ok(all) => engine.apply(&all, ready.clone(), Reach::Version(last), checks).await,
            Err(error) => Err(error),
        };
        result.map_err(|error| (error, std::mem::take(&mut engine.done)))
    };
    result.map_err(|(error, done)| {
        run_failure::explain(&error, &ready, &done, &view)
            .note("it was replayed on a shadow database, which is dropped: no other database was touched")
    })
}

/// The files of a declarative schema: one, or all of a folder and its folders by their paths.
pub fn sources(path: &Utf8Path) -> Result<Vec<Source>, Failure> {
    let unreadable = |path: &Utf8Path, source| crate::project::Error::Read { path: path.to_owned(), source };
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    if path.is_file() {
        files.push(folders.pop().unwrap_or_default());
    }
    while let Some(folder) = folders.pop() {
        let entries = folder.read_dir_utf8().map_err(|source| unreadable(&folder, source))?;
        for entry in entries {
            let entry = entry.map_err(|source| unreadable(&folder, source))?;
            match entry.path() {
                inner if inner.is_dir() => folders.push(inner.to_owned()),
                file if file.extension() == Some("sql") => files.push(file.to_owned()),
                _ => {}
            }
        }
    }
    files.sort();
    if files.is_empty() {
        let diagnostic = Diagnostic::error("diff/no-files", format!("there is no `.sql` file in `{path}`"))
            .note("nothing was compared")
            .help("name a file or a folder with files: `file:schema`");
        return Err(Failure::new(Exit::Project, diagnostic));
    }
    let read = |file: &Utf8PathBuf| match fs_err::read_to_string(file) {
        Ok(text) => Ok(Source::new(file.as_str(), text)),
        Err(source) => Err(unreadable(file, source).into()),
    };
    files.iter().map(read).collect()
}

/// A statement of a declarative schema, and why it did not run yet.
struct Waiting<'a> {
    source: &'a Source,
    span: Span,
    error: Option<db::Error>,
}

/// Runs the statements of files in whatever order lets them run: those that fail are tried again when others have run.
async fn load_files(shadows: &Shadows, shadow: &Shadow, sources: &[Source]) -> Result<(), Failure> {
    let session = shadows.session(shadow, false).await?;
    // A body may name what only comes later.
    session.batch("set check_function_bodies = off").await?;
    let mut waiting = Vec::new();
    for source in sources {
        let statements = sql::split(source.text()).map_err(|error| {
            let diagnostic = Diagnostic::error("sql/cannot-split", error.to_string())
                .at(source, error.span(), "")
                .note("nothing was compared");
            Failure::new(Exit::Project, diagnostic)
        })?;
        waiting.extend(statements.iter().map(|it| Waiting { source, span: it.span, error: None }));
    }
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut left = Vec::new();
        for statement in waiting {
            let text = statement.span.of(statement.source.text());
            match session.batch(text).await {
                Ok(()) => {}
                Err(error) if error.connection_is_lost() => return Err(error.into()),
                Err(error) => left.push(Waiting { error: Some(error), ..statement }),
            }
        }
        if left.len() == before {
            return Err(cannot_load(&left));
        }
        waiting = left;
    }
    Ok(())
}

fn cannot_load(left: &[Waiting<'_>]) -> Failure {
    let failed = left.iter().filter_map(|it| it.error.as_ref().map(|error| (it, error)));
    let diagnostics = failed.take(3).map(|(it, error)| {
        Diagnostic::error("diff/cannot-load", error.to_string())
            .at(it.source, it.span, "")
            .note("it was tried on a shadow database, which is dropped: no other database was touched")
            .help("correct the statement, or add what it needs")
    });
    let mut diagnostics: Vec<Diagnostic> = diagnostics.collect();
    let first = if diagnostics.is_empty() { None } else { Some(diagnostics.remove(0)) };
    let mut failure =
        Failure::new(Exit::RolledBack, first.unwrap_or_else(|| Diagnostic::error("diff/cannot-load", "")));
    failure.diagnostics.extend(diagnostics);
    failure
}
