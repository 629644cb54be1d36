//! `--fix`, `--unsafe-fixes`, `--diff`: what can be mended is, round by round, until nothing more is found to mend.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Cx;
use super::{Chain, LintArgs};
use crate::error::Failure;
use crate::lint::{Config, Fix, Input, NewMigration, fix, lint, parse_all};
use crate::project::scaffold;
use crate::text::count;

/// Fixes may uncover what others can mend; more rounds than this would be fixes that undo each other.
const ROUNDS: usize = 10;

/// Mends the selected files on disk, or shows how.
pub fn mend(cx: &Cx, chain: &Chain, config: &Config, args: &LintArgs) -> Result<(), Failure> {
    let before = chain.inputs()?;
    let (after, added, fixed) = mended(before.clone(), config, args.unsafe_fixes);
    let mut changed = 0;
    for (old, new) in before.iter().zip(&after).filter(|(old, new)| old.text != new.text) {
        changed += 1;
        if args.diff {
            cx.terminal.print(&crate::terminal::sql_diff(&old.path, &old.text, &new.path, &new.text))?;
        } else {
            let path = chain.project.root.join(new.path.strip_prefix(&chain.prefix).unwrap_or(&new.path));
            scaffold::write_file(&path, &new.text)?;
        }
    }
    let mut made = Vec::new();
    for new in &added {
        if args.diff {
            let name = format!("{}/<version>_{}.sql", chain.project.migrations, new.slug);
            cx.terminal.print(&crate::terminal::sql_diff("/dev/null", "", &name, &new.sql))?;
        } else {
            made.push(scaffold::new_migration_with(&chain.project, &new.slug, &new.sql, cx.now())?);
        }
    }
    if args.diff {
        let would = format!("{} in {}", fixes(fixed), count(changed, "file"));
        cx.terminal.note(&format!("{would} would be applied; nothing was changed"));
        return Ok(());
    }
    if fixed > 0 {
        let files = count(changed, "file");
        cx.terminal.note(&format!("applied {} in {files}", fixes(fixed)));
        cx.terminal.note("a migration that is applied somewhere must not change: `dbctl status` tells");
    }
    for path in made {
        cx.terminal.note(&format!("wrote `{path}`"));
    }
    Ok(())
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

/// The chain with all fixes applied, the migrations they add, and how many there were.
fn mended(mut inputs: Vec<Input>, config: &Config, unsafely: bool) -> (Vec<Input>, Vec<NewMigration>, usize) {
    let mut added: Vec<NewMigration> = Vec::new();
    let mut fixed = 0;
    // Rules whose fix did not remove what it was for, by file: it is undone and not tried again.
    let mut stuck: BTreeSet<(usize, &str)> = BTreeSet::new();
    let mut last: Option<Round> = None;
    for _ in 0..ROUNDS {
        let mut all = inputs.clone();
        all.extend(added.iter().map(as_input));
        let files = parse_all(all);
        let report = lint(&files, config);
        let mut counts: BTreeMap<(usize, &'static str), usize> = BTreeMap::new();
        let mut by_file: BTreeMap<usize, Vec<(&'static str, &Fix)>> = BTreeMap::new();
        for finding in &report.findings {
            let Some(file) = finding.place.file.filter(|file| *file < inputs.len()) else { continue };
            *counts.entry((file, finding.rule.id)).or_default() += 1;
            if let Some(fix) = finding.fix.as_ref().filter(|fix| unsafely || !fix.is_unsafe)
                && !stuck.contains(&(file, finding.rule.id))
            {
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
    (inputs, added, fixed)
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
