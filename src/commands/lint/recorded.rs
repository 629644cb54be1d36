//! What `dbctl.sum` knows of a chain: which migrations have run somewhere, and which of them read otherwise now.

use std::collections::BTreeSet;

use super::Chain;
use crate::error::Failure;
use crate::migration::{Checksum, Set};
use crate::state::SumFile;

/// So many comments are tried with and without; a file with more of them is compared as it is.
const COMMENTS: usize = 8;

/// Paths as lint shows them.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Whether there is a `dbctl.sum` at all.
    pub is_kept: bool,
    /// The migrations that `dbctl.sum` records, edited since or not.
    pub applied: BTreeSet<String>,
    /// Those of them whose text is not the recorded one.
    pub differing: BTreeSet<String>,
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
            let is_so = match self.texts.get(path) {
                Some(text) => is_text_of(text, sum),
                None => migration.checksum.as_str() == sum || is_text_of(migration.source.text(), sum),
            };
            if !is_so {
                recorded.differing.insert(self.shown(path));
            }
            recorded.applied.insert(self.shown(path));
        }
        Ok(recorded)
    }
}

/// Whether a checksum is that of the text, or of the text without some of its comments that silence lint: to add one to what
/// has run is the way to let a finding be, and changes nothing.
fn is_text_of(text: &str, sum: &str) -> bool {
    let matches = |text: &str| Checksum::normalised(text).as_str() == sum;
    if matches(text) {
        return true;
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let silencing: Vec<usize> = (0..lines.len()).filter(|&at| silences(lines[at]).is_some()).collect();
    if silencing.is_empty() || silencing.len() > COMMENTS {
        return false;
    }
    (1_u32..1 << silencing.len()).any(|chosen| {
        let is_left_out =
            |at: usize| silencing.iter().position(|&it| it == at).is_some_and(|bit| chosen & (1 << bit) != 0);
        let without = |(at, &line): (usize, &&str)| match silences(line).filter(|_| is_left_out(at)) {
            Some("") => String::new(),
            Some(before) => format!("{before}\n"),
            None => line.to_owned(),
        };
        matches(&lines.iter().enumerate().map(without).collect::<String>())
    })
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
}
