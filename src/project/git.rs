//! What git knows of the project: which files have changed, and what is staged.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

/// Why git did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be started.
    #[error("`git` could not be started")]
    Start(#[source] std::io::Error),
    /// It refused.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// Its arguments.
        command: String,
        /// What it said.
        message: String,
    },
}

impl Error {
    /// Whether there is no repository at all.
    pub fn is_outside(&self) -> bool {
        matches!(self, Self::Failed { message, .. } if message.starts_with("not a git repository"))
    }
}

/// What differs from a commit.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The files that differ, and the new ones that git does not know yet; absolute paths.
    pub files: Vec<Utf8PathBuf>,
    /// All files of the commit; absolute paths.
    pub base: Vec<Utf8PathBuf>,
    /// The commit itself: the merge base.
    pub commit: String,
}

/// What differs from the merge base with `reference`, committed or not.
pub fn changed_since(folder: &Utf8Path, reference: &str) -> Result<Changes, Error> {
    // Before anything else is asked: a word that begins with a dash must not become a flag.
    let commit = run(folder, &["rev-parse", "--verify", "--end-of-options", &format!("{reference}^{{commit}}")])?;
    let base = run(folder, &["merge-base", commit.trim(), "HEAD"])?;
    let mut names = run(folder, &["diff", "--name-only", "--diff-filter=d", "-z", base.trim()])?;
    names.push_str(&run(folder, &["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"])?);
    let known = run(folder, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", base.trim()])?;
    Ok(Changes { files: absolute(folder, &names)?, base: absolute(folder, &known)?, commit: base.trim().to_owned() })
}

/// What a commit has of a file; `path` is relative to `folder`.
pub fn text_at(folder: &Utf8Path, commit: &str, path: &str) -> Result<String, Error> {
    run(folder, &["show", &format!("{commit}:./{path}")])
}

/// What the newest commits that changed a file have of it, the newest first; none where git knows nothing of it.
pub fn texts_of(folder: &Utf8Path, path: &str, most: usize) -> Vec<String> {
    let commits = run(folder, &["log", &format!("--max-count={most}"), "--format=%H", "--", path]).unwrap_or_default();
    commits.lines().filter_map(|commit| text_at(folder, commit, path).ok()).collect()
}

/// The files that are staged, with their staged texts; absolute paths.
pub fn staged(folder: &Utf8Path) -> Result<Vec<(Utf8PathBuf, String)>, Error> {
    // Outside a repository `git diff` compares files and speaks of its own flags.
    run(folder, &["rev-parse", "--git-dir"])?;
    let names = run(folder, &["diff", "--cached", "--name-only", "--diff-filter=d", "-z"])?;
    let paths = absolute(folder, &names)?;
    let texts = names.split('\0').filter(|name| !name.is_empty() && name.to_ascii_lowercase().ends_with(".sql"));
    let texts = texts.map(|name| Ok((name.to_owned(), run(folder, &["show", &format!(":{name}")])?)));
    let texts = texts.collect::<Result<std::collections::BTreeMap<String, String>, Error>>()?;
    let find =
        |path: &Utf8PathBuf| texts.iter().find(|(name, _)| path.ends_with(name.as_str())).map(|(_, text)| text.clone());
    Ok(paths.into_iter().filter_map(|path| find(&path).map(|text| (path, text))).collect())
}

/// git prints names relative to the top of the work tree.
fn absolute(folder: &Utf8Path, names: &str) -> Result<Vec<Utf8PathBuf>, Error> {
    let top = Utf8PathBuf::from(run(folder, &["rev-parse", "--show-toplevel"])?.trim_end_matches(['\n', '\r']));
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(|name| top.join(name)).collect())
}

fn run(folder: &Utf8Path, args: &[&str]) -> Result<String, Error> {
    let output =
        Command::new("git").env("LC_ALL", "C").arg("-C").arg(folder).args(args).output().map_err(Error::Start)?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.trim().trim_start_matches("fatal: ").to_owned();
        return Err(Error::Failed { command: args.join(" "), message });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
