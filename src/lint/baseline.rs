//! The baseline: findings of applied history that are known and no longer told, in a file that only shrinks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fingerprint::likeness;
use super::rules::find;
use super::{Config, Finding, LintFile};

/// The file's name, next to `dbctl.toml`.
pub const FILE: &str = ".dbctl-lint-baseline.json";

/// What the file begins with.
pub const FORMAT: &str = "dbctl/lint-baseline/v1";

/// Findings of one rule in one file that look alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file, relative to the project.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// What they have in common.
    pub fingerprint: String,
    /// How many there are.
    pub count: usize,
}

/// A baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Its entries, sorted.
    pub entries: Vec<Entry>,
}

/// Why a baseline cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON, or not of this shape.
    #[error("the baseline cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// It says that it is something else.
    #[error("the baseline has the format `{0}`; this dbctl reads `{FORMAT}`")]
    Format(String),
}

/// Path, rule and fingerprint.
type Key = (String, String, String);

/// The document as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    entries: Vec<Entry>,
}

/// What is left after a baseline.
#[derive(Debug)]
pub struct Applied {
    /// The findings that it does not know.
    pub findings: Vec<Finding>,
    /// How many it knows.
    pub frozen: usize,
    /// Its entries that no longer occur, or fewer times than they say; the count is that of those which are gone.
    pub stale: Vec<Entry>,
    /// The baseline without them: what to write, where it differs.
    pub kept: Baseline,
}

impl Baseline {
    /// Reads the document.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let value: serde_json::Value = serde_json::from_str(text)?;
        let format = value.get("format").and_then(serde_json::Value::as_str).unwrap_or_default();
        if format != FORMAT {
            return Err(BaselineError::Format(format.to_owned()));
        }
        let document: Document = serde_json::from_value(value)?;
        Ok(Self { entries: document.entries })
    }

    /// The document: an entry a line, so that a diff shows what went.
    pub fn to_json(&self) -> String {
        let entries: Vec<String> = self.entries.iter().filter_map(|entry| serde_json::to_string(entry).ok()).collect();
        let lines = if entries.is_empty() { String::new() } else { format!("\n    {}\n  ", entries.join(",\n    ")) };
        format!("{{\n  \"format\": \"{FORMAT}\",\n  \"entries\": [{lines}]\n}}\n")
    }

    /// How many findings it holds.
    pub fn count(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }
}

/// Makes a baseline of findings.
pub fn freeze(files: &[LintFile], findings: &[Finding]) -> Baseline {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(key(files, finding)).or_default() += 1;
    }
    let entry = |((path, rule, fingerprint), count)| Entry { path, rule, fingerprint, count };
    Baseline { entries: counts.into_iter().map(entry).collect() }
}

/// Takes out the findings that a baseline knows, and says what of it no longer occurs.
///
/// An entry is judged only where the run could have found it: its file was selected and its rule was on. Of a file or a rule
/// that is gone, the entries go too.
pub fn apply(baseline: &Baseline, files: &[LintFile], config: &Config, findings: Vec<Finding>) -> Applied {
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for entry in &baseline.entries {
        let Entry { path, rule, fingerprint, count } = entry.clone();
        *known.entry((path, rule, fingerprint)).or_default() += count;
    }
    let mut left = known.clone();
    let mut fresh = Vec::new();
    let mut frozen = 0;
    for finding in findings {
        match left.get_mut(&key(files, &finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                frozen += 1;
            }
            _ => fresh.push(finding),
        }
    }
    let paths: BTreeSet<&str> = files.iter().map(LintFile::path).collect();
    let selected: BTreeSet<&str> = files.iter().filter(|file| file.selected).map(LintFile::path).collect();
    let is_judged = |path: &str, rule: &str| match find(rule) {
        Some(rule) if paths.contains(path) => selected.contains(path) && config.level(rule, path).is_some(),
        _ => true,
    };
    let mut kept = Baseline::default();
    let mut stale = Vec::new();
    for ((path, rule, fingerprint), all) in known {
        let entry = |count| Entry { path: path.clone(), rule: rule.clone(), fingerprint: fingerprint.clone(), count };
        let unseen = left.get(&(path.clone(), rule.clone(), fingerprint.clone())).copied().unwrap_or_default();
        let gone = if is_judged(&path, &rule) { unseen } else { 0 };
        if gone > 0 {
            stale.push(entry(gone));
        }
        if all > gone {
            kept.entries.push(entry(all - gone));
        }
    }
    Applied { findings: fresh, frozen, stale, kept }
}

fn key(files: &[LintFile], finding: &Finding) -> Key {
    let path = finding.place.file.and_then(|file| files.get(file)).map_or("", LintFile::path);
    (path.to_owned(), finding.rule.id.to_owned(), likeness(files, finding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rules::hygiene::{unknown_ignore_rule, unused_ignore};
    use crate::lint::schema::Place;
    use crate::lint::{Input, Rule, RuleConfig, parse_all};
    use crate::text::Span;

    fn file(path: &str, text: &str, selected: bool) -> Input {
        Input {
            path: path.to_owned(),
            text: text.into(),
            version: None,
            name: String::new(),
            down: None,
            has_downs: false,
            no_transaction: false,
            selected,
        }
    }

    /// A finding at each of the places of a word.
    fn at(files: &[LintFile], rule: &'static Rule, word: &str) -> Vec<Finding> {
        let places = files.iter().flat_map(|file| {
            file.text().match_indices(word).map(|(at, _)| Place::new(file.id, Span::new(at, at + word.len())))
        });
        places.map(|place| Finding::new(rule, place, "found")).collect()
    }

    #[test]
    fn knows_its_findings_when_lines_have_moved_and_tells_of_more() {
        let before = parse_all(vec![file("a.sql", "drop table a;\ndrop table a;\ndrop table b;\n", true)]);
        let baseline = freeze(&before, &at(&before, &unused_ignore::RULE, "drop"));
        assert_eq!(baseline.entries.iter().map(|entry| entry.count).sum::<usize>(), 3);
        assert_eq!(baseline.entries.len(), 2);

        let moved = "-- new\n\n  drop   table b;\ndrop table a;\ndrop table a;\ndrop table a;\n";
        let after = parse_all(vec![file("a.sql", moved, true)]);
        let applied = apply(&baseline, &after, &Config::default(), at(&after, &unused_ignore::RULE, "drop"));
        assert_eq!((applied.findings.len(), applied.frozen, applied.stale.len()), (1, 3, 0));
        assert_eq!(applied.findings[0].place.span.start, moved.rfind("drop").unwrap());
        assert_eq!(applied.kept, baseline);

        let applied = apply(&baseline, &after, &Config::default(), at(&after, &unknown_ignore_rule::RULE, "drop"));
        assert_eq!((applied.findings.len(), applied.frozen), (4, 0));
    }

    #[test]
    fn shrinks_where_the_run_has_looked() {
        let inputs = vec![file("a.sql", "drop table a;\ndrop table a;\n", true), file("b.sql", "drop table b;", true)];
        let files = parse_all(inputs);
        let findings = at(&files, &unused_ignore::RULE, "drop");
        let baseline = freeze(&files, &findings);

        let some = vec![file("a.sql", "drop table a;\n", true), file("b.sql", "", false)];
        let files = parse_all(some);
        let applied = apply(&baseline, &files, &Config::default(), at(&files, &unused_ignore::RULE, "drop"));
        assert_eq!(applied.stale.iter().map(|it| (it.path.as_str(), it.count)).collect::<Vec<_>>(), [("a.sql", 1)]);
        assert_eq!(
            applied.kept.entries.iter().map(|it| (it.path.as_str(), it.count)).collect::<Vec<_>>(),
            [("a.sql", 1), ("b.sql", 1)]
        );

        let mut off = Config::default();
        off.rules.insert("unused-ignore".to_owned(), RuleConfig { level: Some(None), ..RuleConfig::default() });
        assert_eq!(apply(&baseline, &files, &off, Vec::new()).kept, baseline);

        let files = parse_all(vec![file("a.sql", "", true)]);
        assert_eq!(apply(&baseline, &files, &Config::default(), Vec::new()).kept, Baseline::default());
    }

    #[test]
    fn is_written_as_it_is_read() {
        let entry = |path: &str| Entry {
            path: path.to_owned(),
            rule: "a-b".to_owned(),
            fingerprint: "00ff".to_owned(),
            count: 2,
        };
        let baseline = Baseline { entries: vec![entry("a.sql"), entry("b.sql")] };
        insta::assert_snapshot!(baseline.to_json(), @r#"
        {
          "format": "dbctl/lint-baseline/v1",
          "entries": [
            {"path":"a.sql","rule":"a-b","fingerprint":"00ff","count":2},
            {"path":"b.sql","rule":"a-b","fingerprint":"00ff","count":2}
          ]
        }
        "#);
        assert_eq!(Baseline::parse(&baseline.to_json()).unwrap(), baseline);
        assert_eq!(Baseline::parse(&Baseline::default().to_json()).unwrap(), Baseline::default());
        let other = Baseline::parse("{\"format\": \"x/v2\", \"entries\": []}").unwrap_err().to_string();
        assert_eq!(other, "the baseline has the format `x/v2`; this dbctl reads `dbctl/lint-baseline/v1`");
        assert!(Baseline::parse("[").is_err());
    }
}
