//! Which migrations are linted: by path, by git, by version, by what a database has.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::target::{self, Choice, TargetArgs};
use super::super::{Cx, local};
use super::recorded::Edit;
use super::{Chain, LintArgs};
use crate::db::ledger;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, UnknownVersion};
use crate::project::{self, Project, git};

/// The chains that are linted: one a project that a path lies in.
pub async fn chains(cx: &Cx, args: &LintArgs) -> Result<Vec<Chain>, Failure> {
    if args.stdin_filepath.as_ref().is_some_and(|path| path.as_str().is_empty()) {
        let diagnostic = Diagnostic::error("lint/usage", "the path of `--stdin-filepath` is empty")
            .note("nothing was linted")
            .help("`dbctl lint - --stdin-filepath PATH < FILE`");
        return Err(Failure::new(Exit::Usage, diagnostic));
    }
    if !args.paths.is_empty() {
        return by_path(cx, args);
    }
    if args.stdin_filepath.is_some() {
        let diagnostic = Diagnostic::error("lint/usage", "--stdin-filepath needs `-`")
            .help("`dbctl lint - --stdin-filepath PATH < FILE`");
        return Err(Failure::new(Exit::Usage, diagnostic));
    }
    let project = cx.project()?;
    let mut chain = cx.chain(&project);
    chain.after = args
        .after
        .clone()
        .or_else(|| project.config.lint.as_ref().and_then(|lint| lint.after.clone()).filter(|_| !args.all));
    if let Some(version) = &chain.after {
        // A version that is none is a slip, not a selection.
        let found = cx.migrations(&project)?.find(version).map(drop);
        found.map_err(|error| if args.after.is_some() { no_version(&error) } else { no_such_history(&error) })?;
    }
    let mut since = None;
    if let Some(reference) = &args.since {
        let changed = git::changed_since(&project.root, reference).map_err(|error| git_failure(&error))?;
        let names =
            |paths: &[Utf8PathBuf]| paths.iter().filter_map(|path| inside(&project, path)).collect::<BTreeSet<_>>();
        let wanted = names(&changed.files);
        chain.base = names(&changed.base);
        chain.wanted = Some(wanted);
        since = Some(changed.commit);
    }
    if args.staged {
        let staged = git::staged(&project.root).map_err(|error| git_failure(&error))?;
        let staged: BTreeMap<String, _> =
            staged.into_iter().filter_map(|(path, text)| Some((inside(&project, &path)?, text.into()))).collect();
        let names: BTreeSet<String> = staged.keys().cloned().collect();
        chain.wanted = Some(narrowed(chain.wanted.take(), names));
        chain.texts = staged;
    }
    if let Some(commit) = since {
        compare(&mut chain, &commit);
    }
    if args.pending {
        let (names, applied) = pending(cx, &args.target, &project).await?;
        chain.base.extend(applied);
        chain.wanted = Some(narrowed(chain.wanted.take(), names));
    }
    Ok(vec![chain])
}

/// Finds out which of the wanted files that a commit has are others now.
fn compare(chain: &mut Chain, commit: &str) {
    let root = chain.project.root.clone();
    let is_sql = |path: &&String| path.to_ascii_lowercase().ends_with(".sql");
    let both: Vec<String> =
        chain.wanted.iter().flatten().filter(|path| chain.base.contains(*path)).filter(is_sql).cloned().collect();
    for path in both {
        let now = match chain.texts.get(&path) {
            Some(text) => Some(text.to_string()),
            None => project::migrations::read_text(&root.join(&path)).ok(),
        };
        let before = git::text_at(&root, commit, &path).ok();
        let edit = before.zip(now).map_or(Edit::Statements, |(before, now)| Edit::between(&before, &now));
        match edit {
            Edit::None => false,
            Edit::Comments => chain.recommented.insert(path),
            Edit::Statements => chain.edited.insert(path),
        };
    }
}

fn narrowed(wanted: Option<BTreeSet<String>>, names: BTreeSet<String>) -> BTreeSet<String> {
    match wanted {
        Some(wanted) => wanted.intersection(&names).cloned().collect(),
        None => names,
    }
}

/// Files, folders and stdin; each belongs to the nearest `dbctl.toml` above it.
fn by_path(cx: &Cx, args: &LintArgs) -> Result<Vec<Chain>, Failure> {
    let here = cx.project()?;
    let start = cx.directory().canonicalize_utf8().unwrap_or_else(|_| here.root.clone());
    let mut chains: BTreeMap<Utf8PathBuf, Chain> = BTreeMap::new();
    for path in &args.paths {
        if path == "-" {
            let shown = args.stdin_filepath.clone().unwrap_or_else(|| "<stdin>".into());
            if args.fix || args.unsafe_fixes {
                let diagnostic = Diagnostic::error("lint/usage", "what comes on stdin cannot be mended in place")
                    .help("`--format json` has the edits of every fix");
                return Err(Failure::new(Exit::Usage, diagnostic));
            }
            let text = stdin()?;
            let at = start.join(&shown);
            let chain = chain_of(cx, &here, &start, &at, &mut chains)?;
            let name =
                inside(&chain.project, &at).filter(|_| args.stdin_filepath.is_some()).unwrap_or(shown.into_string());
            chain.texts.insert(name.clone(), text.into());
            add(chain, name);
            continue;
        }
        let at = start.join(path);
        let Ok(found) = at.canonicalize_utf8() else { return Err(missing(path)) };
        let is_folder = found.is_dir();
        let files =
            if is_folder { project::migrations::sql_files(&found).map_err(project::Error::from)? } else { vec![found] };
        if files.is_empty() {
            let diagnostic = Diagnostic::error("lint/nothing", format!("there is no `.sql` file in `{path}`"))
                .note("nothing was linted");
            return Err(Failure::new(Exit::Usage, diagnostic));
        }
        for file in files {
            let chain = chain_of(cx, &here, &start, &file, &mut chains)?;
            let name = inside(&chain.project, &file).unwrap_or_else(|| file.to_string());
            if !is_folder {
                chain.named.insert(chain.shown(&name));
            }
            add(chain, name);
        }
    }
    Ok(chains.into_values().collect())
}

fn add(chain: &mut Chain, name: String) {
    chain.wanted.get_or_insert_default().insert(name.clone());
    let is_down = name.ends_with(".down.sql") || name.ends_with("/down.sql");
    if !is_down {
        chain.extra.push(name.into());
    }
}

fn chain_of<'a>(
    cx: &Cx,
    here: &Project,
    start: &Utf8Path,
    file: &Utf8Path,
    chains: &'a mut BTreeMap<Utf8PathBuf, Chain>,
) -> Result<&'a mut Chain, Failure> {
    let folder = file.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(start);
    let configured = folder.ancestors().find(|folder| folder.join(project::config::FILE_NAME).is_file());
    let project = match configured {
        Some(root) if root != here.root => Project::find(root, None)?.0,
        _ => here.clone(),
    };
    let root = project.root.clone();
    let prefix = match root.strip_prefix(&here.root) {
        Ok(below) if !below.as_str().is_empty() => format!("{below}/"),
        _ => String::new(),
    };
    let mut chain = cx.chain(&project);
    chain.prefix = prefix;
    Ok(chains.entry(root).or_insert(chain))
}

/// A path relative to the project, with `/`.
fn inside(project: &Project, path: &Utf8Path) -> Option<String> {
    let real = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    real.strip_prefix(&project.root).ok().map(|path| path.as_str().replace('\\', "/"))
}

/// The files of migrations that a database does not have yet, and of those it has.
pub async fn pending(
    cx: &Cx,
    args: &TargetArgs,
    project: &Project,
) -> Result<(BTreeSet<String>, BTreeSet<String>), Failure> {
    let set = cx.migrations(project)?;
    let choice = args.choice().unwrap_or(Choice::Local);
    let applied: BTreeSet<i64> = if choice == Choice::Local && local::is_absent(cx, project, args)? {
        BTreeSet::new()
    } else {
        let mut chosen = target::choose(cx, project, args, &choice)?;
        let session = target::open(cx, &mut chosen, "lint", true).await?;
        let ledger = ledger::read(&session).await?;
        set.migrations.iter().map(|it| it.version.key()).filter(|key| ledger.row(*key).is_some()).collect()
    };
    let (applied, open): (Vec<&Migration>, Vec<&Migration>) =
        set.migrations.iter().partition(|migration| applied.contains(&migration.version.key()));
    let paths = |of: Vec<&Migration>| of.iter().map(|migration| migration.path.to_string()).collect();
    Ok((paths(open), paths(applied)))
}

fn stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|source| project::Error::Read { path: "<stdin>".into(), source })?;
    if bytes.contains(&0) {
        let diagnostic =
            Diagnostic::error("lint/not-text", "what comes on stdin is no text PostgreSQL takes: it holds NUL bytes")
                .note("nothing was linted");
        return Err(Failure::new(Exit::Project, diagnostic));
    }
    String::from_utf8(bytes).map_err(|_| {
        let diagnostic = Diagnostic::error("lint/not-utf8", "the text on stdin is not valid UTF-8")
            .note("nothing was linted")
            .help("convert it: `iconv -t UTF-8`");
        Failure::new(Exit::Project, diagnostic)
    })
}

fn missing(path: &Utf8Path) -> Failure {
    let diagnostic = Diagnostic::error("lint/no-file", format!("there is no file or folder `{path}`"))
        .note("nothing was linted")
        .help("without a path, `dbctl lint` lints all migrations of the project");
    Failure::new(Exit::Usage, diagnostic)
}

fn no_version(error: &UnknownVersion) -> Failure {
    let diagnostic = Diagnostic::error("usage/version", error.to_string())
        .note("nothing was linted")
        .help("`dbctl status` lists the versions");
    Failure::new(Exit::Usage, diagnostic)
}

fn no_such_history(error: &UnknownVersion) -> Failure {
    let diagnostic = Diagnostic::error("config/version", format!("`after` under `[lint]` in dbctl.toml: {error}"))
        .note("nothing was linted")
        .help("name the newest migration that is history; `dbctl status` lists the versions");
    Failure::new(Exit::Project, diagnostic)
}

fn git_failure(error: &git::Error) -> Failure {
    if error.is_outside() {
        let diagnostic =
            Diagnostic::error("lint/git", "this project is in no git repository: nothing tells what has changed")
                .note("nothing was linted")
                .help("without git: `dbctl lint --after VERSION`, or name the files: `dbctl lint PATHS`");
        return Failure::new(Exit::Usage, diagnostic);
    }
    let diagnostic = Diagnostic::error("lint/git", error.to_string())
        .note("nothing was linted")
        .help("name a commit that this clone has; in CI fetch the history: `git fetch --unshallow origin`");
    Failure::new(Exit::Usage, diagnostic)
}
