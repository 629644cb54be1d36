//! The document `dbctl/lint/v1`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use crate::diagnostic::Level;
use crate::lint::fingerprint::fingerprints;
use crate::lint::schema::Place as At;
use crate::lint::{Edit, Finding, Fix, LintFile, Rule, level_word};
use crate::risk::LockMode;
use crate::text::{Source, Span};

/// What a run has seen, after the baseline.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// All files of the chain.
    pub files: &'a [LintFile],
    /// What is told.
    pub findings: &'a [Finding],
    /// How many findings comments have silenced.
    pub ignored: usize,
    /// How many findings the baseline knows.
    pub frozen: usize,
}

/// The whole answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LintView {
    /// Always `dbctl/lint/v1`.
    pub format: &'static str,
    /// The findings, by file and place.
    pub findings: Vec<FindingView>,
    /// How many there are of which kind.
    pub summary: Summary,
    /// A row for each rule that found something, by id.
    pub statistics: Vec<Statistic>,
    /// The paths of the files that were looked at, in order.
    #[serde(skip)]
    pub paths: Vec<String>,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// The rule; its id in the document.
    #[serde(serialize_with = "id")]
    pub rule: &'static Rule,
    /// `error`, `warning` or `info`.
    #[serde(serialize_with = "word")]
    pub level: Level,
    /// What the rule is about, such as `locking`.
    pub group: &'static str,
    /// Where: path, lines, columns, bytes.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong, on one line.
    pub message: String,
    /// What is said at the place itself; may be empty.
    pub label: String,
    /// The object it is about, as SQL.
    pub object: Option<String>,
    /// The lock it is about, such as `ACCESS EXCLUSIVE`.
    #[serde(serialize_with = "lock")]
    pub lock: Option<LockMode>,
    /// Facts.
    pub notes: Vec<String>,
    /// What to write instead.
    pub helps: Vec<String>,
    /// Places that explain it.
    pub related: Vec<RelatedView>,
    /// What it is known by from one run to the next, although lines have moved.
    pub fingerprint: String,
    /// How it is mended, where dbctl can.
    pub fix: Option<FixView>,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The path, relative to the project, with `/`.
    pub path: String,
    /// Which part.
    #[serde(flatten)]
    pub region: Region,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// The line it begins on, from 1.
    pub line: usize,
    /// The column it begins at, in characters, from 1.
    pub column: usize,
    /// The line it ends on, from 1.
    pub end_line: usize,
    /// The column behind its last character, from 1.
    pub end_column: usize,
    /// Its bytes, from 0.
    #[serde(serialize_with = "bytes")]
    pub span: Span,
    /// Its characters, from 0.
    #[serde(skip)]
    pub characters: Span,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelatedView {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is there.
    pub text: String,
}

/// How a finding is mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixView {
    /// What it does, as an imperative.
    pub title: String,
    /// `safe` (`--fix`) or `unsafe` (`--unsafe-fixes`).
    pub safety: &'static str,
    /// The edits in the finding's file; they do not overlap.
    pub edits: Vec<EditView>,
    /// The migrations that it adds behind the newest one; without them the edits alone are only half of it.
    pub adds: Vec<NewFileView>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditView {
    /// What is replaced; empty to insert.
    #[serde(flatten)]
    pub region: Region,
    /// By what.
    pub text: String,
}

/// A migration that a fix adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewFileView {
    /// Its name without version.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// How many there are of which kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are good to know.
    pub infos: usize,
    /// Files that were looked at.
    pub files: usize,
    /// Files in which something was found.
    pub files_with_findings: usize,
    /// Findings that comments have silenced.
    pub ignored: usize,
    /// Findings that the baseline knows.
    pub frozen: usize,
    /// Findings that `--fix` mends.
    pub fixable: usize,
    /// Findings that only `--unsafe-fixes` mends.
    pub unsafely_fixable: usize,
}

impl Summary {
    /// How many findings are at least as bad.
    pub fn at_least(&self, level: Level) -> usize {
        match level {
            Level::Error => self.errors,
            Level::Warning => self.errors + self.warnings,
            Level::Note => self.errors + self.warnings + self.infos,
        }
    }
}

/// What one rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistic {
    /// The rule.
    pub rule: &'static str,
    /// The worst level it was told at.
    #[serde(serialize_with = "word")]
    pub level: Level,
    /// How many findings.
    pub count: usize,
    /// How many of them `--fix` mends.
    pub fixable: usize,
    /// How many of them only `--unsafe-fixes` mends.
    pub unsafely_fixable: usize,
}

impl LintView {
    /// Makes the document.
    pub fn new(seen: &Seen<'_>) -> Self {
        let regions = Regions::new(seen.files);
        let known = fingerprints(seen.files, seen.findings);
        let findings: Vec<FindingView> =
            seen.findings.iter().zip(known).filter_map(|(finding, known)| regions.finding(finding, known)).collect();
        let paths: Vec<String> =
            seen.files.iter().filter(|file| file.selected).map(|file| file.path().to_owned()).collect();
        let mut summary =
            Summary { files: paths.len(), ignored: seen.ignored, frozen: seen.frozen, ..Summary::default() };
        summary.files_with_findings = findings.iter().map(|finding| &finding.place.path).collect::<BTreeSet<_>>().len();
        let mut rules: BTreeMap<&str, Statistic> = BTreeMap::new();
        for finding in &findings {
            let (safe, needs_look) = match finding.fix.as_ref().map(|fix| fix.safety) {
                Some("safe") => (1, 0),
                Some(_) => (0, 1),
                None => (0, 0),
            };
            match finding.level {
                Level::Error => summary.errors += 1,
                Level::Warning => summary.warnings += 1,
                Level::Note => summary.infos += 1,
            }
            summary.fixable += safe;
            summary.unsafely_fixable += needs_look;
            let row = rules.entry(finding.rule.id).or_insert(Statistic {
                rule: finding.rule.id,
                level: finding.level,
                count: 0,
                fixable: 0,
                unsafely_fixable: 0,
            });
            row.level = row.level.max(finding.level);
            row.count += 1;
            row.fixable += safe;
            row.unsafely_fixable += needs_look;
        }
        Self { format: "dbctl/lint/v1", findings, summary, statistics: rules.into_values().collect(), paths }
    }

    /// One document of several projects.
    pub fn joined(views: impl IntoIterator<Item = Self>) -> Self {
        let mut views = views.into_iter();
        let mut whole =
            views.next().unwrap_or_else(|| Self::new(&Seen { files: &[], findings: &[], ignored: 0, frozen: 0 }));
        for view in views {
            whole.findings.extend(view.findings);
            whole.paths.extend(view.paths);
            let (sum, more) = (&mut whole.summary, view.summary);
            sum.errors += more.errors;
            sum.warnings += more.warnings;
            sum.infos += more.infos;
            sum.files += more.files;
            sum.files_with_findings += more.files_with_findings;
            sum.ignored += more.ignored;
            sum.frozen += more.frozen;
            sum.fixable += more.fixable;
            sum.unsafely_fixable += more.unsafely_fixable;
            for row in view.statistics {
                match whole.statistics.iter_mut().find(|known| known.rule == row.rule) {
                    Some(known) => {
                        known.level = known.level.max(row.level);
                        known.count += row.count;
                        known.fixable += row.fixable;
                        known.unsafely_fixable += row.unsafely_fixable;
                    }
                    None => whole.statistics.push(row),
                }
            }
        }
        whole.statistics.sort_by_key(|row| row.rule);
        whole
    }
}

/// The document as JSON.
pub fn json(view: &LintView) -> String {
    // A struct of texts and numbers has no way to fail.
    serde_json::to_string_pretty(view).map(|text| text + "\n").unwrap_or_default()
}

/// Makes regions of spans.
struct Regions<'a> {
    files: &'a [LintFile],
    /// Of files with characters of several bytes: the bytes at which the lines begin, and the characters before them.
    lines: Vec<Option<Vec<(usize, usize)>>>,
}

impl<'a> Regions<'a> {
    fn new(files: &'a [LintFile]) -> Self {
        Self { files, lines: files.iter().map(|file| lines(file.text())).collect() }
    }

    fn finding(&self, finding: &Finding, fingerprint: String) -> Option<FindingView> {
        let place = self.place(finding.place)?;
        let mut notes = finding.notes.clone();
        let (known, platform): (Vec<_>, Vec<_>) = finding.related.iter().partition(|it| it.place.file.is_some());
        notes.extend(platform.iter().map(|it| it.text.clone()));
        let related =
            known.iter().filter_map(|it| Some(RelatedView { place: self.place(it.place)?, text: it.text.clone() }));
        Some(FindingView {
            rule: finding.rule,
            level: finding.level,
            group: finding.rule.group.word(),
            message: finding.message.clone(),
            label: finding.label.clone(),
            object: finding.object.clone(),
            lock: finding.lock,
            notes,
            helps: finding.helps.clone(),
            related: related.collect(),
            fingerprint,
            fix: finding.fix.as_ref().and_then(|fix| self.fix(finding.place, fix)),
            place,
        })
    }

    fn fix(&self, place: At, fix: &Fix) -> Option<FixView> {
        let edit = |edit: &Edit| {
            let region = self.region(place.file?, edit.span)?;
            Some(EditView { region, text: edit.text.clone() })
        };
        Some(FixView {
            title: fix.title.clone(),
            safety: if fix.is_unsafe { "unsafe" } else { "safe" },
            edits: fix.edits.iter().map(edit).collect::<Option<_>>()?,
            adds: fix.adds.iter().map(|add| NewFileView { name: add.slug.clone(), text: add.sql.clone() }).collect(),
        })
    }

    fn place(&self, place: At) -> Option<Place> {
        let file = self.files.get(place.file?)?;
        Some(Place { path: file.path().to_owned(), region: self.region(file.id, place.span)? })
    }

    fn region(&self, file: usize, span: Span) -> Option<Region> {
        let source: &Source = &self.files.get(file)?.source;
        let text = source.text();
        let start = text.floor_char_boundary(span.start);
        let end = text.floor_char_boundary(span.end).max(start);
        let (first, last) = (source.position(start), source.position(end));
        let characters = match self.lines.get(file) {
            Some(Some(lines)) => Span::new(character(text, lines, start), character(text, lines, end)),
            _ => Span::new(start, end),
        };
        Some(Region {
            line: first.line,
            column: first.column,
            end_line: last.line,
            end_column: last.column,
            span: Span::new(start, end),
            characters,
        })
    }
}

/// Where the lines begin in bytes and in characters; `None` where the two are the same.
fn lines(text: &str) -> Option<Vec<(usize, usize)>> {
    if text.is_ascii() {
        return None;
    }
    let mut lines = Vec::new();
    let (mut byte, mut character) = (0, 0);
    for line in text.split_inclusive('\n') {
        lines.push((byte, character));
        byte += line.len();
        character += line.chars().count();
    }
    Some(lines)
}

fn character(text: &str, lines: &[(usize, usize)], byte: usize) -> usize {
    let (start, before) = lines.partition_point(|line| line.0 <= byte).checked_sub(1).map_or((0, 0), |at| lines[at]);
    before + text.get(start..byte).map_or(0, |part| part.chars().count())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn id<S: Serializer>(rule: &&'static Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.id)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn word<S: Serializer>(level: &Level, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(level_word(*level))
}

#[expect(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "serde asks for it")]
fn lock<S: Serializer>(lock: &Option<LockMode>, serializer: S) -> Result<S::Ok, S::Error> {
    lock.map(LockMode::sql).serialize(serializer)
}

fn bytes<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Bytes {
        start: usize,
        end: usize,
    }
    Bytes { start: span.start, end: span.end }.serialize(serializer)
}
