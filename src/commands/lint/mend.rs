//! `--fix`, `--unsafe-fixes`, `--diff`: what can be mended is, round by round, until nothing more is found to mend.

use std::collections::BTreeMap;

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
        let would = format!("{} in {}", count(fixed, "fix"), count(changed, "file"));
        cx.terminal.note(&format!("{would} would be applied; nothing was changed"));
        return Ok(());
    }
    if fixed > 0 {
        let files = count(changed, "file");
        cx.terminal.note(&format!("applied {} in {files}", count(fixed, "fix")));
        cx.terminal.note("a migration that is applied somewhere must not change: `dbctl status` tells");
    }
    for path in made {
        cx.terminal.note(&format!("wrote `{path}`"));
    }
    Ok(())
}

/// The chain with all fixes applied, the migrations they add, and how many there were.
fn mended(mut inputs: Vec<Input>, config: &Config, unsafely: bool) -> (Vec<Input>, Vec<NewMigration>, usize) {
    let mut added: Vec<NewMigration> = Vec::new();
    let mut fixed = 0;
    for _ in 0..ROUNDS {
        let mut all = inputs.clone();
        all.extend(added.iter().map(as_input));
        let files = parse_all(all);
        let report = lint(&files, config);
        let mut by_file: BTreeMap<usize, Vec<&Fix>> = BTreeMap::new();
        for finding in &report.findings {
            if let (Some(file), Some(fix)) = (finding.place.file, &finding.fix)
                && (unsafely || !fix.is_unsafe)
                && file < inputs.len()
            {
                by_file.entry(file).or_default().push(fix);
            }
        }
        let mut progress = false;
        for (file, fixes) in by_file {
            let Some(input) = inputs.get_mut(file) else { continue };
            let result = fix::apply(&input.text, &fixes);
            for index in &result.applied {
                let Some(fix) = fixes.get(*index) else { continue };
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
