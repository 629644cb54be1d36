//! What `dbctl.sum` knows of a chain: which migrations have run somewhere, and which of them read otherwise now.

use std::collections::BTreeSet;

use super::Chain;
use crate::error::Failure;
use crate::migration::{Checksum, Set, normalise};
use crate::project::git;
use crate::sql::same_but_for_comments;
use crate::state::SumFile;

/// So many comments are tried with and without; a file with more of them is compared as it is.
const COMMENTS: usize = 8;

/// So many commits of a file are looked through for the text that has run.
const COMMITS: usize = 20;

/// Paths as lint shows them.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Whether there is a `dbctl.sum` at all.
    pub is_kept: bool,
    /// The migrations that `dbctl.sum` records, edited since or not.
    pub applied: BTreeSet<String>,
    /// Those of them whose statements are not the recorded ones.
    pub differing: BTreeSet<String>,
    /// Those whose comments alone differ.
    pub recommented: BTreeSet<String>,
}

impl Chain {
    /// What `dbctl.sum` says of these migrations; nothing where there is none yet.
    pub fn recorded(&self, set: Option<&Set>) -> Result<Recorded, Failure> {
        let mut recorded = Recorded::default();
        let Some(set) = set else { return Ok(recorded) };
        let Some(sums) = SumFile::load(self.project.root.as_std_path())? else { return Ok(recorded) };
        recorded.is_kept = true;
        for migration in &set.migrations {
            let Some(sum) = sums.get(migration.version.text()) else { continue };
            let path = migration.path.as_str();
            let staged = self.texts.get(path);
            let edit = if staged.is_none() && migration.checksum.as_str() == sum {
                Edit::None
            } else {
                self.edit_since(path, staged.map_or(migration.source.text(), |text| text), sum)
            };
            match edit {
                Edit::None => false,
                Edit::Comments => recorded.recommented.insert(self.shown(path)),
                Edit::Statements => recorded.differing.insert(self.shown(path)),
            };
            recorded.applied.insert(self.shown(path));
        }
        Ok(recorded)
    }

    /// How a text differs from the one with a checksum, which git may know.
    fn edit_since(&self, path: &str, text: &str, sum: &str) -> Edit {
        if is_text_of(text, sum) {
            return Edit::None;
        }
        let is_recommented = |before: &str| same_but_for_comments(before, &normalise(text));
        if without_some(text, sum, comment).is_some_and(|before| is_recommented(&before)) {
            return Edit::Comments;
        }
        let before = git::texts_of(&self.project.root, path, COMMITS)
            .into_iter()
            .map(|text| normalise(&text))
            .find(|text| Checksum::raw(text.as_bytes()).as_str() == sum);
        if before.is_some_and(|before| is_recommented(&before)) { Edit::Comments } else { Edit::Statements }
    }
}

/// What has become of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Nothing that counts: line ends, trailing blanks, comments that silence lint.
    None,
    /// Its comments are others.
    Comments,
    /// Its statements are others.
    Statements,
}

impl Edit {
    /// Compares a text with what it was.
    pub fn between(before: &str, now: &str) -> Self {
        let before = normalise(before);
        if is_text_of(now, Checksum::raw(before.as_bytes()).as_str()) {
            Self::None
        } else if same_but_for_comments(&before, &normalise(now)) {
            Self::Comments
        } else {
            Self::Statements
        }
    }
}

/// Whether a checksum is that of the text, or of the text without some of its comments that silence lint: to add one to what
/// has run is the way to let a finding be, and changes nothing.
fn is_text_of(text: &str, sum: &str) -> bool {
    Checksum::normalised(text).as_str() == sum || without_some(text, sum, silences).is_some()
}

/// The text without some of its comments, where that has the checksum. `before` says what stands before the comment of a line.
fn without_some(text: &str, sum: &str, before: fn(&str) -> Option<&str>) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let comments: Vec<usize> = (0..lines.len()).filter(|&at| before(lines[at]).is_some()).collect();
    if comments.is_empty() || comments.len() > COMMENTS {
        return None;
    }
    let left = (1_u32..1 << comments.len()).map(|chosen| {
        let is_left_out =
            |at: usize| comments.iter().position(|&it| it == at).is_some_and(|bit| chosen & (1 << bit) != 0);
        let without = |(at, &line): (usize, &&str)| match before(line).filter(|_| is_left_out(at)) {
            Some("") => String::new(),
            Some(before) => format!("{before}\n"),
            None => line.to_owned(),
        };
        normalise(&lines.iter().enumerate().map(without).collect::<String>())
    });
    left.into_iter().find(|text| Checksum::raw(text.as_bytes()).as_str() == sum)
}

/// What stands before the comment of a line.
fn comment(line: &str) -> Option<&str> {
    line.split_once("--").map(|(before, _)| before.trim_end())
}

/// What stands before the comment of a line that silences lint.
fn silences(line: &str) -> Option<&str> {
    let at = line.match_indices("--").map(|(at, _)| at).find(|&at| {
        let words = line[at..].trim_start_matches('-').trim_start();
        words.starts_with("dbctl:ignore") || words.starts_with("squawk-ignore")
    })?;
    Some(line[..at].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_silence_lint_are_no_edit() {
        let ran = "-- dbctl:ignore a: old\ncreate table a ();\ndrop table b;\n";
        let sum = Checksum::normalised(ran).to_string();
        for text in [
            ran,
            "-- dbctl:ignore a: old\ncreate table a ();\n  -- dbctl:ignore drop-table: moved\ndrop table b;\n",
            "-- dbctl:ignore a: old\r\ncreate table a (); -- squawk-ignore x\r\ndrop table b; --dbctl:ignore y: z",
        ] {
            assert!(is_text_of(text, &sum), "{text}");
        }
        for text in ["create table a ();\ndrop table b;\n", "-- dbctl:ignore a: old\ncreate table a ();\n"] {
            assert!(!is_text_of(text, &sum), "{text}");
        }
    }

    #[test]
    fn comments_are_less_than_statements_and_line_ends_are_nothing() {
        let ran = "create table a (); -- one\n";
        for (now, edit) in [
            ("create table a (); -- one  \r\n\n", Edit::None),
            ("-- dbctl:ignore x: y\ncreate table a (); -- one\n", Edit::None),
            ("create table a (); -- two\n", Edit::Comments),
            ("create table b (); -- one\n", Edit::Statements),
        ] {
            assert_eq!(Edit::between(ran, now), edit, "{now}");
        }
        let added = "-- new\ncreate table a (); -- one\n";
        let sum = Checksum::normalised(ran).to_string();
        assert_eq!(without_some(added, &sum, comment).as_deref(), Some(ran));
    }
}
