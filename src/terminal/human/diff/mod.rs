//! How `dbctl diff` looks: what differs by object, how what changes does, the SQL with its hazards, and a sentence.

mod sql;
mod summary;

use similar::{ChangeTag, TextDiff};

use super::{Human, line};
use crate::report::{Detail, Diff, DiffObject, Verdict};
use crate::terminal::sqldiff::visible;
use crate::terminal::style::{Role, clean};
use crate::text::count;

/// How many lines around a changed one are shown.
const CONTEXT: usize = 2;
/// How many objects are named whose statements keep others waiting.
const NAMED: usize = 3;

impl Human for Diff {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        if self.objects.is_empty() && self.kept.is_empty() {
            let rest = self.next.as_ref().map(|next| format!(" {next}")).unwrap_or_default();
            let but = if self.left.is_empty() { "." } else { ", but for what no statement settles:" };
            line(&mut out, &format!("`{}` and `{}` are the same{but}{rest}", self.from, self.to));
            notes(&mut out, self);
            return out;
        }
        if self.objects.is_empty() {
            line(&mut out, &format!("`{}` and `{}` differ only in what is left out.", self.from, self.to));
            notes(&mut out, self);
            return out;
        }
        let shown = summary::show(&mut out, &self.objects, width);
        match self.detail {
            Detail::Full => {
                for object in in_groups(&self.objects).into_iter().filter(|object| !object.is_told) {
                    change(&mut out, object);
                }
                sql::show(&mut out, self, width);
            }
            Detail::Hazards => sql::hazards(&mut out, self, width),
            Detail::Summary => {}
        }
        for circle in &self.circles {
            let named = clean(&circle.join(", "));
            let text = format!("these need each other, and the order among them is a guess: {named}");
            line(&mut out, &format!("\n{} {text}", Role::Warning.paint("warning:")));
        }
        notes(&mut out, self);
        if !self.written.is_empty() {
            out.push('\n');
        }
        for file in &self.written {
            for path in [Some(&file.up), file.down.as_ref()].into_iter().flatten() {
                line(&mut out, &format!("wrote  {}", clean(path)));
            }
        }
        line(&mut out, &format!("\n{}", closing(self, &shown)));
        if let Some(text) = still_blocking(self) {
            line(&mut out, &Role::Warning.paint(&text));
        }
        if let Some(Verdict::Holds { uncounted }) = &self.proof
            && !self.steps.is_empty()
        {
            let but = uncounted.map(|why| format!(" The system catalogs were not compared beside it: {why}."));
            line(&mut out, &format!("Run on a shadow copy, the SQL leaves what it should.{}", but.unwrap_or_default()));
        }
        if let Some(next) = &self.next {
            line(&mut out, next);
        }
        out
    }
}

/// What stays as it is, and why.
fn notes(out: &mut String, diff: &Diff) {
    if !diff.kept.is_empty() {
        line(out, "\nLeft out, so that no data is lost:");
    }
    for kept in &diff.kept {
        line(out, &format!("  {}", Role::Warning.paint(&clean(&kept.text))));
    }
    if !diff.left.is_empty() && !diff.objects.is_empty() {
        line(out, "\nNo statement settles these, which stay as they are:");
    }
    for left in &diff.left {
        line(out, &format!("  {} {}", clean(&left.id.to_string()), Role::Dim.paint(&clean(&left.text))));
    }
}

/// The objects with those that they are parts of.
fn in_groups(objects: &[DiffObject]) -> Vec<&DiffObject> {
    let mut objects: Vec<&DiffObject> = objects.iter().collect();
    objects.sort_by_key(|object| (&object.group, &object.id));
    objects
}

/// What of an object changes, line by line.
fn change(out: &mut String, object: &DiffObject) {
    let (Some(before), Some(after)) = (&object.before, &object.after) else { return };
    line(out, &format!("\n{}", Role::Help.paint(&clean(&format!("{} {}", object.kind, object.name)))));
    // A last line without its end would differ from the same with lines behind it.
    let (before, after) = (format!("{before}\n"), format!("{after}\n"));
    let diff = TextDiff::from_lines(&before, &after);
    for (number, hunk) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            line(out, &Role::Dim.paint("    …"));
        }
        for change in hunk.iter().flat_map(|operation| diff.iter_inline_changes(operation)) {
            let (sign, role) = match change.tag() {
                ChangeTag::Delete => ('-', Role::Error),
                ChangeTag::Insert => ('+', Role::Success),
                ChangeTag::Equal => (' ', Role::Dim),
            };
            let words = change.values().iter().map(|(is_other, text)| {
                let text = visible(text.trim_end_matches(['\n', '\r']));
                if *is_other { role.paint_marked(&text) } else { role.paint(&text) }
            });
            line(out, &format!("  {}{}", role.paint(&format!("{sign} ")), words.collect::<String>()));
        }
    }
}

/// How many objects differ in which way, and what it takes.
fn closing(diff: &Diff, shown: &summary::Shown) -> String {
    let verb = if shown.rows == 1 { "differs" } else { "differ" };
    let statements = count(diff.steps.len(), "statement");
    let losing = diff.steps.iter().filter(|step| step.loses_data()).count();
    let loss = match losing {
        0 => String::new(),
        1 => Role::Error.paint(", 1 loses data"),
        n => Role::Error.paint(&format!(", {n} lose data")),
    };
    let parts = match diff.parts.len() {
        0 | 1 => String::new(),
        n => format!(" in {n} parts"),
    };
    format!(
        "{} {verb} between `{}` and `{}`: {}; {statements}{parts}{loss}.",
        count(shown.rows, "object"),
        diff.from,
        diff.to,
        shown.words
    )
}

/// What keeps others waiting, though nothing was to.
fn still_blocking(diff: &Diff) -> Option<String> {
    let blocking = || diff.steps.iter().filter(|step| step.still_blocks.is_some());
    let mut names: Vec<String> = blocking().map(|step| clean(&step.id.to_string())).collect();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (number, verb) = match blocking().count() {
        0 => return None,
        1 => ("1 statement".to_owned(), "keeps others waiting for as long as it lasts"),
        n => (count(n, "statement"), "keep others waiting for as long as they last"),
    };
    Some(format!("{number} still {verb}, marked `still blocks`: {}{more}.", names.join(", ")))
}

#[cfg(test)]
mod tests;
