//! The baseline: findings of applied history that are known and no longer told, in a file that only shrinks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fingerprint::{Pieces, likeness, likeness_of_line};
use super::rules::find;
use super::schema::{FileId, Place};
use super::{Config, Finding, LintFile};

/// The file's name, next to `dbctl.toml`.
pub const FILE: &str = ".dbctl-lint-baseline.json";

/// What the file begins with.
pub const FORMAT: &str = "dbctl/lint-baseline/v2";

/// What it began with when findings were known by their lines.
const FORMAT_OF_LINES: &str = "dbctl/lint-baseline/v1";

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
    /// The statements that they stand in, sorted; none in a baseline of lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
}

/// A baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Its entries, sorted.
    pub entries: Vec<Entry>,
    /// Whether findings are known by their whole lines, as the first form of the file has it. Such a baseline does not shrink:
    /// it does not say what the migrations were like.
    pub is_of_lines: bool,
}

/// Why a baseline cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON, or not of this shape.
    #[error("the baseline cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// It says that it is something else.
    #[error("the baseline has the format `{0}`; this dbctl reads `{FORMAT}` and `{FORMAT_OF_LINES}`")]
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
        let is_of_lines = match format {
            FORMAT => false,
            FORMAT_OF_LINES => true,
            other => return Err(BaselineError::Format(other.to_owned())),
        };
        let document: Document = serde_json::from_value(value)?;
        Ok(Self { entries: document.entries, is_of_lines })
    }

    /// The document: an entry a line, so that a diff shows what went.
    pub fn to_json(&self) -> String {
        let entries: Vec<String> = self.entries.iter().filter_map(|entry| serde_json::to_string(entry).ok()).collect();
        let lines = if entries.is_empty() { String::new() } else { format!("\n    {}\n  ", entries.join(",\n    ")) };
        let format = if self.is_of_lines { FORMAT_OF_LINES } else { FORMAT };
        format!("{{\n  \"format\": \"{format}\",\n  \"entries\": [{lines}]\n}}\n")
    }

    /// How many findings it holds.
    pub fn count(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }
}

/// Makes a baseline of findings.
pub fn freeze(files: &[LintFile], findings: &[Finding]) -> Baseline {
    let mut places: BTreeMap<Key, Vec<Place>> = BTreeMap::new();
    for finding in findings {
        places.entry(key(files, finding, false)).or_default().push(finding.place);
    }
    let mut standing = Standing { files, pieces: BTreeMap::new() };
    let entries = places.into_iter().map(|(key, places)| {
        let mut places: Vec<String> = places.iter().map(|place| standing.piece(place)).collect();
        places.sort_unstable();
        entry(&key, places.len(), places)
    });
    Baseline { entries: entries.collect(), is_of_lines: false }
}

/// Takes out the findings that a baseline knows, and says what of it no longer occurs.
///
/// An entry is judged only where the run could have found it: its file was selected and its rule was on. What is not found goes
/// where the statement it stood in is gone too: one that reads as it did may only have been overtaken by a later migration, which
/// another branch does not have. Of a file or a rule that is gone, the entries go.
pub fn apply(baseline: &Baseline, files: &[LintFile], config: &Config, findings: Vec<Finding>) -> Applied {
    let mut known: BTreeMap<Key, Known> = BTreeMap::new();
    for Entry { path, rule, fingerprint, count, places } in baseline.entries.iter().cloned() {
        let known = known.entry((path, rule, fingerprint)).or_default();
        known.count += count;
        known.places.extend(places);
    }
    let mut fresh = Vec::new();
    let mut frozen = 0;
    for finding in findings {
        match known.get_mut(&key(files, &finding, baseline.is_of_lines)) {
            Some(known) if known.seen.len() < known.count => {
                known.seen.push(finding.place);
                frozen += 1;
            }
            _ => fresh.push(finding),
        }
    }
    let by_path: BTreeMap<&str, &LintFile> = files.iter().map(|file| (file.path(), file)).collect();
    let mut standing = Standing { files, pieces: BTreeMap::new() };
    let mut kept = Baseline { entries: Vec::new(), is_of_lines: baseline.is_of_lines };
    let mut stale = Vec::new();
    for (key, known) in known {
        let unseen = known.count - known.seen.len();
        let file = by_path.get(&*key.0).copied();
        let is_judged = match (find(&key.1), file) {
            (Some(rule), Some(file)) => file.selected && config.level(rule, &key.0).is_some(),
            _ => true,
        };
        if unseen == 0 || !is_judged || baseline.is_of_lines {
            kept.entries.push(entry(&key, known.count, known.places));
            continue;
        }
        let mut places: Vec<String> = known.seen.iter().map(|place| standing.piece(place)).collect();
        if let Some(file) = file.filter(|_| find(&key.1).is_some()) {
            let unmended = left_over(known.places, &places, unseen, standing.of(file));
            places.extend(unmended);
        }
        places.sort_unstable();
        let gone = known.count - places.len();
        if gone > 0 {
            stale.push(entry(&key, gone, Vec::new()));
        }
        if !places.is_empty() {
            kept.entries.push(entry(&key, places.len(), places));
        }
    }
    Applied { findings: fresh, frozen, stale, kept }
}

/// An entry's findings in a run.
#[derive(Default)]
struct Known {
    count: usize,
    places: Vec<String>,
    seen: Vec<Place>,
}

/// The pieces of the files that were asked about.
struct Standing<'a> {
    files: &'a [LintFile],
    pieces: BTreeMap<FileId, Pieces>,
}

impl Standing<'_> {
    fn of(&mut self, file: &LintFile) -> &Pieces {
        self.pieces.entry(file.id).or_insert_with(|| Pieces::new(file))
    }

    /// The piece that a place is in; nothing for what is in no file.
    fn piece(&mut self, place: &Place) -> String {
        let file = place.file.and_then(|file| self.files.get(file));
        file.map(|file| self.of(file).at(place.span).to_owned()).unwrap_or_default()
    }
}

/// Where those that are not found stood, as far as that is still there.
fn left_over(mut places: Vec<String>, seen: &[String], unseen: usize, pieces: &Pieces) -> Vec<String> {
    for piece in seen {
        if let Some(at) = places.iter().position(|it| it == piece) {
            places.swap_remove(at);
        }
    }
    // What is seen in a statement that was edited stands in one that is not there any more.
    places.retain(|piece| pieces.has(piece));
    places.truncate(unseen);
    places
}

fn entry((path, rule, fingerprint): &Key, count: usize, places: Vec<String>) -> Entry {
    Entry { path: path.clone(), rule: rule.clone(), fingerprint: fingerprint.clone(), count, places }
}

fn key(files: &[LintFile], finding: &Finding, is_of_lines: bool) -> Key {
    let path = finding.place.file.and_then(|file| files.get(file)).map_or("", LintFile::path);
    let likeness = if is_of_lines { likeness_of_line } else { likeness };
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
        let all = |files: &[LintFile], rule: &'static Rule| [at(files, rule, " a;"), at(files, rule, " b;")].concat();
        let before = parse_all(vec![file("a.sql", "drop table a;\ndrop table a;\ndrop table b;\n", true)]);
        let baseline = freeze(&before, &all(&before, &unused_ignore::RULE));
        assert_eq!(baseline.entries.iter().map(|entry| entry.count).sum::<usize>(), 3);
        assert_eq!(baseline.entries.len(), 2);

        let moved = "-- new\n\n  drop   table b;\ndrop table a;\ndrop table a;\ndrop table a;\n";
        let after = parse_all(vec![file("a.sql", moved, true)]);
        let applied = apply(&baseline, &after, &Config::default(), all(&after, &unused_ignore::RULE));
        assert_eq!((applied.findings.len(), applied.frozen, applied.stale.len()), (1, 3, 0));
        assert_eq!(applied.findings[0].place.span.start, moved.rfind(" a;").unwrap());
        assert_eq!(applied.kept, baseline);

        let applied = apply(&baseline, &after, &Config::default(), all(&after, &unknown_ignore_rule::RULE));
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
    fn edits_beside_a_finding_leave_it_frozen() {
        let config = Config::default();
        let text = "create table a (b text, c text);\n";
        let find = |files: &[LintFile], words: &[&str]| -> Vec<Finding> {
            words.iter().flat_map(|word| at(files, &unused_ignore::RULE, word)).collect()
        };
        let files = parse_all(vec![file("a.sql", text, true)]);
        let baseline = freeze(&files, &find(&files, &["b text", "c text"]));
        let files = parse_all(vec![file("a.sql", &text.replace("b text", "b  int").replace('\n', " -- why\n"), true)]);
        let applied = apply(&baseline, &files, &config, find(&files, &["b text", "c text"]));
        assert_eq!((applied.findings.len(), applied.frozen), (0, 1));
        assert_eq!(applied.stale.iter().map(|entry| entry.count).sum::<usize>(), 1);
        // What the first form froze is known by its line, and stays.
        let mut old = baseline.clone();
        old.is_of_lines = true;
        let files = parse_all(vec![file("a.sql", text, true)]);
        let found = find(&files, &["b text"]);
        old.entries.truncate(1);
        old.entries[0].fingerprint = likeness_of_line(&files, &found[0]);
        assert_eq!(apply(&old, &files, &config, found).frozen, 1);
        assert_eq!(apply(&old, &files, &config, Vec::new()).kept, old);
    }

    #[test]
    fn what_a_later_migration_overtakes_stays_frozen() {
        let config = Config::default();
        let text = "create table a (b text, c text);\ncreate table d (c text);\n";
        let files = parse_all(vec![file("a.sql", text, true)]);
        let baseline = freeze(&files, &at(&files, &unused_ignore::RULE, "c text"));
        let applied = apply(&baseline, &files, &config, Vec::new());
        assert_eq!((applied.stale.len(), &applied.kept), (0, &baseline));
        let commented = format!("-- new\n{}", text.replace("b text", "b /* so */ text"));
        let files = parse_all(vec![file("a.sql", &commented, true)]);
        assert_eq!(apply(&baseline, &files, &config, Vec::new()).kept, baseline);
        let files = parse_all(vec![file("a.sql", &text.replace("(c text)", "(c int)"), true)]);
        assert_eq!(apply(&baseline, &files, &config, Vec::new()).kept.count(), 1);
    }

    #[test]
    fn is_written_as_it_is_read() {
        let entry = |path: &str| Entry {
            path: path.to_owned(),
            rule: "a-b".to_owned(),
            fingerprint: "00ff".to_owned(),
            count: 2,
            places: vec!["1a".to_owned(), "2b".to_owned()],
        };
        let baseline = Baseline { entries: vec![entry("a.sql"), entry("b.sql")], is_of_lines: false };
        insta::assert_snapshot!(baseline.to_json(), @r#"
        {
          "format": "dbctl/lint-baseline/v2",
          "entries": [
            {"path":"a.sql","rule":"a-b","fingerprint":"00ff","count":2,"places":["1a","2b"]},
            {"path":"b.sql","rule":"a-b","fingerprint":"00ff","count":2,"places":["1a","2b"]}
          ]
        }
        "#);
        assert_eq!(Baseline::parse(&baseline.to_json()).unwrap(), baseline);
        assert_eq!(Baseline::parse(&Baseline::default().to_json()).unwrap(), Baseline::default());
        let old = "{\n  \"format\": \"dbctl/lint-baseline/v1\",\n  \"entries\": []\n}\n";
        assert_eq!(Baseline::parse(old).unwrap().to_json(), old);
        let other = Baseline::parse("{\"format\": \"x/v2\", \"entries\": []}").unwrap_err().to_string();
        assert_eq!(
            other,
            "the baseline has the format `x/v2`; this dbctl reads `dbctl/lint-baseline/v2` and `dbctl/lint-baseline/v1`"
        );
        assert!(Baseline::parse("[").is_err());
    }
}
