//! `--fix`, `--unsafe-fixes`, `--diff`: what can be mended is written to the files, or shown.

use super::super::Cx;
use super::{Chain, LintArgs, baseline_path, read_baseline};
use crate::error::Failure;
use crate::lint::Config;
use crate::lint::mend::{Mended, mended};
use crate::migration::Set;
use crate::project::scaffold;
use crate::text::count;

/// Mends the selected files on disk, or shows how.
pub fn mend(cx: &Cx, chain: &Chain, set: Option<&Set>, config: &Config, args: &LintArgs) -> Result<(), Failure> {
    let before = chain.inputs_of(set)?;
    let frozen = match args.baseline {
        None => read_baseline(&baseline_path(&chain.project))?,
        Some(_) => None,
    };
    let Mended { inputs: after, added, fixed, left_alone } =
        mended(before.clone(), config, frozen.as_ref(), args.unsafe_fixes);
    let mut changed = 0;
    for (old, new) in before.iter().zip(&after).filter(|(old, new)| old.text != new.text) {
        changed += 1;
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
            made.push(scaffold::new_migration_with(&chain.project, &new.slug, &new.sql, cx.now())?);
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
