//! `--fix`, `--unsafe-fixes`, `--diff`: what can be mended is, round by round, until nothing more is found to mend.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Cx;
use super::{Chain, LintArgs, baseline_path, read_baseline};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::baseline::{self, Baseline};
use crate::lint::{Config, Finding, Fix, Input, LintFile, NewMigration, fix, lint, parse_all};
use crate::migration::Set;
use crate::project::scaffold;
use crate::text::count;

/// Fixes may uncover what others can mend; more rounds than this would be fixes that undo each other.
const ROUNDS: usize = 10;

/// Why a fix is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// It would change a file that has run.
    Ran,
    /// It would change a file that is not selected: what a selected file touches may be made elsewhere.
    Unselected,
}

/// Whether a fix would change a file that is to stay as it is. A migration that is added is in nobody's way.
pub fn withheld(files: &[LintFile], config: &Config, finding: &Finding, fix: &Fix) -> Option<Withheld> {
    let file = finding.place.file.and_then(|file| files.get(file)).filter(|_| !fix.edits.is_empty())?;
    if !file.selected {
        return Some(Withheld::Unselected);
    }
    config.applied.contains(file.path()).then_some(Withheld::Ran)
}

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

/// What a round has tried, to be undone where it was in vain.
#[derive(Default)]
struct Round {
    counts: BTreeMap<(usize, &'static str), usize>,
    texts: BTreeMap<usize, Arc<str>>,
    applied: BTreeMap<usize, usize>,
    tried: BTreeSet<(usize, &'static str)>,
    added: usize,
}

/// A chain with all fixes applied.
struct Mended {
    /// The chain.
    inputs: Vec<Input>,
    /// The migrations that are added.
    added: Vec<NewMigration>,
    /// How many fixes there were.
    fixed: usize,
    /// The files that stay as they are because they have run.
    left_alone: BTreeSet<usize>,
}

/// The chain with all fixes applied but for what is frozen.
fn mended(mut inputs: Vec<Input>, config: &Config, frozen: Option<&Baseline>, unsafely: bool) -> Mended {
    let mut added: Vec<NewMigration> = Vec::new();
    let mut fixed = 0;
    let mut left_alone = BTreeSet::new();
    // Rules whose fix did not remove what it was for, by file: it is undone and not tried again.
    let mut stuck: BTreeSet<(usize, &str)> = BTreeSet::new();
    let mut last: Option<Round> = None;
    for _ in 0..ROUNDS {
        let mut all = inputs.clone();
        all.extend(added.iter().map(as_input));
        let files = parse_all(all);
        let mut findings = lint(&files, config).findings;
        if let Some(frozen) = frozen {
            findings = baseline::apply(frozen, &files, config, findings).findings;
        }
        let mut counts: BTreeMap<(usize, &'static str), usize> = BTreeMap::new();
        let mut by_file: BTreeMap<usize, Vec<(&'static str, &Fix)>> = BTreeMap::new();
        for finding in &findings {
            let Some(file) = finding.place.file.filter(|file| *file < inputs.len()) else { continue };
            *counts.entry((file, finding.rule.id)).or_default() += 1;
            if let Some(fix) = finding.fix.as_ref().filter(|fix| unsafely || !fix.is_unsafe)
                && !stuck.contains(&(file, finding.rule.id))
            {
                match withheld(&files, config, finding, fix) {
                    Some(Withheld::Ran) => {
                        left_alone.insert(file);
                        continue;
                    }
                    Some(Withheld::Unselected) => continue,
                    None => {}
                }
                by_file.entry(file).or_default().push((finding.rule.id, fix));
            }
        }
        if let Some(last) = last.take() {
            let idle = last.tried.iter().filter(|key| counts.get(key) >= last.counts.get(key)).copied();
            let idle: Vec<(usize, &str)> = idle.collect();
            if !idle.is_empty() {
                for (file, rule) in idle {
                    stuck.insert((file, rule));
                    if let (Some(input), Some(text)) = (inputs.get_mut(file), last.texts.get(&file)) {
                        input.text = text.clone();
                    }
                    fixed -= last.applied.get(&file).copied().unwrap_or_default();
                }
                added.truncate(last.added);
                continue;
            }
        }
        let mut round = Round { counts, added: added.len(), ..Round::default() };
        let mut progress = false;
        for (file, fixes) in by_file {
            let Some(input) = inputs.get_mut(file) else { continue };
            let edits: Vec<&Fix> = fixes.iter().map(|(_, fix)| *fix).collect();
            let result = fix::apply(&input.text, &edits);
            round.texts.insert(file, input.text.clone());
            round.applied.insert(file, result.applied.len());
            for index in &result.applied {
                let Some((rule, fix)) = fixes.get(*index) else { continue };
                round.tried.insert((file, rule));
                fixed += 1;
                progress = true;
                for new in &fix.adds {
                    if !added.iter().any(|known| known.slug == new.slug) {
                        added.push(new.clone());
                    }
                }
            }
            input.text = result.text.into();
            input.no_transaction |= input.text.contains("-- dbctl: no-transaction");
        }
        if !progress {
            break;
        }
        last = Some(round);
    }
    Mended { inputs, added, fixed, left_alone }
}

/// A migration that is still to be written counts in the next round.
fn as_input(new: &NewMigration) -> Input {
    Input {
        path: format!("{}.sql", new.slug),
        text: new.sql.as_str().into(),
        version: None,
        name: new.slug.clone(),
        down: None,
        has_downs: false,
        no_transaction: new.sql.contains("-- dbctl: no-transaction"),
        selected: false,
    }
}
