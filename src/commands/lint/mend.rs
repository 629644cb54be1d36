//! `--fix`, `--unsafe-fixes`, `--diff`: what can be mended is written to the files, or shown.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Cx;
use super::{Chain, LintArgs, baseline_path, read_baseline};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::Config;
use crate::lint::mend::{Mended, mended};
use crate::migration::Set;
use crate::project::scaffold;
use crate::text::count;

/// Mends the selected files on disk, or shows how. `is_recorded` says whether `dbctl.sum` tells what has run.
pub fn mend(
    cx: &Cx,
    chain: &Chain,
    set: Option<&Set>,
    config: &Config,
    is_recorded: bool,
    args: &LintArgs,
) -> Result<(), Failure> {
    let (chain, parted) = &with_worktree(chain, args);
    let before = chain.inputs_of(set)?;
    let frozen = match args.baseline {
        None => read_baseline(&baseline_path(&chain.project))?,
        Some(_) => None,
    };
    let Mended { inputs: after, added, fixed, left_alone } =
        mended(before.clone(), config, frozen.as_ref(), args.unsafe_fixes);
    let pairs = || before.iter().zip(&after).filter(|(old, new)| old.text != new.text);
    let changed: Vec<&str> = pairs().map(|(old, _)| old.path.as_str()).collect();
    if !args.diff {
        let lost: Vec<&str> = changed.iter().copied().filter(|path| parted.contains(*path)).collect();
        if !lost.is_empty() {
            return Err(unstaged(&lost));
        }
    }
    for (old, new) in pairs() {
        if args.diff {
            cx.terminal.patch(&old.path, &old.text, &new.path, &new.text)?;
        } else {
            let path = chain.project.root.join(new.path.strip_prefix(&chain.prefix).unwrap_or(&new.path));
            scaffold::write_file(&path, &new.text)?;
        }
    }
    let mut made = Vec::new();
    if args.diff {
        let wanted = added.iter().map(|new| (new.slug.as_str(), new.sql.as_str()));
        for (path, text) in scaffold::drafted(&chain.project, wanted, cx.now())? {
            cx.terminal.patch("/dev/null", "", &chain.shown(&path), &text)?;
        }
    } else {
        for new in &added {
            let files = scaffold::new_migration_with(&chain.project, &new.slug, &new.sql, cx.now())?;
            made.extend([files.up].into_iter().chain(files.down).map(|path| chain.shown(&path)));
        }
    }
    if !left_alone.is_empty() {
        let files = count(left_alone.len(), "file");
        let (it, they) = if left_alone.len() == 1 { ("it", "has") } else { ("them", "have") };
        cx.terminal.note(&format!(
            "left {files} alone that {they} run, as `dbctl.sum` records: mend {it} by a new migration, or name the file: \
             `dbctl lint --fix PATH`"
        ));
    }
    if args.diff {
        let would = format!("{} in {}", fixes(fixed), count(changed.len(), "file"));
        cx.terminal.note(&format!("{would} would be applied; nothing was changed"));
        return Ok(());
    }
    if fixed > 0 {
        let files = count(changed.len(), "file");
        let names = if changed.is_empty() { String::new() } else { format!(": {}", listed(&changed)) };
        cx.terminal.note(&format!("applied {} in {files}{names}", fixes(fixed)));
        if args.staged && !changed.is_empty() {
            cx.terminal.note("what is staged is as it was: `git add` the mended files");
        }
        if !is_recorded && !changed.is_empty() {
            cx.terminal.note("a migration that is applied somewhere must not change: `dbctl status` tells");
        }
    }
    for path in made {
        cx.terminal.note(&format!("wrote `{path}`"));
    }
    Ok(())
}

/// The chain with what is in the folder where that is what is staged, but for line ends; and the other staged files, as they are
/// shown.
fn with_worktree(chain: &Chain, args: &LintArgs) -> (Chain, BTreeSet<String>) {
    let mut chain = chain.clone();
    let mut parted = BTreeSet::new();
    if args.staged {
        let root = chain.project.root.clone();
        let is_same = |path: &str, staged: &str| {
            let text = fs_err::read_to_string(root.join(path));
            text.is_ok_and(|text| text == staged || text.replace("\r\n", "\n") == staged)
        };
        let (same, other): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut chain.texts).into_iter().partition(|(path, staged)| is_same(path, staged));
        drop(same);
        parted = other.keys().map(|path| chain.shown(path)).collect();
        chain.texts = other;
    }
    (chain, parted)
}

/// To write the mended text of what is staged would undo what is not.
fn unstaged(paths: &[&str]) -> Failure {
    let (have, them) = if paths.len() == 1 { ("has", "it") } else { ("have", "them") };
    let title =
        format!("{} {have} changes that are not staged, and to mend {them} would overwrite these", listed(paths));
    let diagnostic = Diagnostic::error("lint/unstaged", title)
        .note("nothing was changed")
        .help(format!("stage them (`git add {}`), and run this again", paths.join(" ")))
        .help("`dbctl lint --staged --diff` shows what would change in what is staged");
    Failure::new(Exit::Refused, diagnostic)
}

fn listed(paths: &[&str]) -> String {
    paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
}

fn fixes(number: usize) -> String {
    if number == 1 { "1 fix".to_owned() } else { format!("{number} fixes") }
}
