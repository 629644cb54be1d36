//! The statements of a diff with their hazards in words.

use std::collections::BTreeSet;

use super::super::line;
use crate::catalog::Id;
use crate::diff::Step;
use crate::report::{Change, Diff, DiffPart};
use crate::risk::HazardKind;
use crate::terminal::sqldiff::visible;
use crate::terminal::style::{Role, clean};
use crate::text::count;

/// From so many lines on only the statements with hazards are shown.
const MANY_LINES: usize = 200;

/// Adds the statements; of very many those that a person has to look at.
pub(super) fn show(out: &mut String, diff: &Diff, width: Option<u16>) {
    let lines: usize = diff.steps.iter().map(|step| step.sql.lines().count()).sum();
    let is_long = lines > MANY_LINES;
    let added: BTreeSet<&Id> = diff.objects.iter().filter(|it| it.change == Change::Added).map(|it| &it.id).collect();
    // What may be done with what is new is no change.
    let counts = |step: &Step, kind: HazardKind| match kind {
        HazardKind::Lock => false,
        HazardKind::PermissionWidened => !added.contains(&step.id),
        _ => true,
    };
    let is_shown = |step: &Step| !is_long || step.hazards.iter().any(|hazard| counts(step, hazard.kind));
    let shown = diff.steps.iter().filter(|step| is_shown(step)).count();
    if shown > 0 {
        out.push('\n');
    }
    let mut steps = diff.steps.iter();
    for (number, part) in diff.parts.iter().enumerate() {
        let steps: Vec<&Step> = steps.by_ref().take(part.steps).filter(|step| is_shown(step)).collect();
        if diff.parts.len() > 1 && !steps.is_empty() {
            if number > 0 {
                out.push('\n');
            }
            line(out, &Role::Dim.paint(&heading(number + 1, diff.parts.len(), part)));
        }
        let (mut told, mut was_long) = (BTreeSet::new(), false);
        for (at, step) in steps.into_iter().enumerate() {
            let mut hazards = String::new();
            hazards_of(&mut hazards, step, &mut told, width);
            let is_long = step.sql.contains('\n') || !hazards.is_empty();
            if at > 0 && (is_long || was_long) {
                out.push('\n');
            }
            was_long = is_long;
            out.push_str(&hazards);
            for text in format!("{};", step.sql).split('\n') {
                line(out, &visible(text));
            }
        }
    }
    if shown < diff.steps.len() {
        let text = if shown == 0 { "not shown" } else { "not shown: above are those with hazards" };
        let rest = count(diff.steps.len() - shown, "statement");
        line(out, &format!("\n{rest} of {lines} lines in all {text}; `--format sql` prints everything."));
    }
}

fn heading(number: usize, all: usize, part: &DiffPart) -> String {
    let how = if part.in_transaction { "in one transaction" } else { "outside of a transaction" };
    format!("-- part {number} of {all}, {how}")
}

/// Adds the hazards alone, each once; locks that last a moment are left out.
pub(super) fn hazards(out: &mut String, diff: &Diff, width: Option<u16>) {
    let mut told = BTreeSet::new();
    let mut text = String::new();
    for step in &diff.steps {
        let hazards = step.hazards.iter().filter(|hazard| hazard.kind != HazardKind::Lock);
        let hazards = hazards.cloned().collect();
        hazards_of(&mut text, &Step { hazards, ..step.clone() }, &mut told, width);
    }
    if !text.is_empty() {
        out.push('\n');
        out.push_str(&text);
    }
}

/// Adds the hazards of a statement as comments above it, and why it keeps others waiting all the same. A lock that the
/// transaction has already is not told again.
fn hazards_of(out: &mut String, step: &Step, told: &mut BTreeSet<String>, width: Option<u16>) {
    let hazards = step.hazards.iter().map(|hazard| {
        let role = match hazard.kind {
            HazardKind::DataLoss => Role::Error,
            HazardKind::Lock => Role::Dim,
            _ => Role::Warning,
        };
        (role, format!("{}: {}", hazard.kind.word(), hazard.text))
    });
    let blocks = step.still_blocks.iter().map(|text| (Role::Error, format!("still blocks: {text}")));
    for (role, text) in hazards.chain(blocks) {
        let text = clean(&text);
        if !told.insert(text.clone()) {
            continue;
        }
        for text in wrapped(&text, width.map_or(usize::MAX, usize::from)) {
            line(out, &role.paint(&text));
        }
    }
}

/// A comment whose lines go no further than the terminal does, where its words allow it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec!["--".to_owned()];
    for word in text.split(' ') {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 4 && last + 1 + word.chars().count() > width {
            lines.push("--  ".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines
}
