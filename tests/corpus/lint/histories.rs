//! Real histories: lint reads all of them, and takes nothing that PostgreSQL accepts for an error.

use std::collections::BTreeMap;
use std::fmt::Write;

use dbctl::lint::{lint, parse_all};

use super::{everything, histories, loose, loose_files, misplaced};
use crate::support::corpora;

/// The rules whose findings say that PostgreSQL would not read a file.
const SYNTAX: [&str; 3] = ["syntax-error", "plpgsql-body-error", "psql-meta-command"];

/// Files that PostgreSQL does not read either: a part of the path, and why.
const NOT_SQL: &[(&str, &str)] = &[("20170318181441_downloads_need_no_id", "a semicolon is missing on the way back")];

#[test]
fn histories_have_no_syntax_findings_and_every_finding_has_its_place() {
    let Some(corpora) = corpora() else { return };
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, (usize, BTreeMap<String, usize>)> = BTreeMap::new();
    for history in histories(&corpora) {
        let files = parse_all(history.inputs);
        let report = lint(&files, &everything());
        for finding in report.findings.iter().chain(&report.silenced) {
            let path = finding.place.file.map_or("", |file| files[file].path());
            wrong.extend(misplaced(&files, finding).map(|what| format!("{}: {what}", history.name)));
            let (sum, by_history) = counts.entry(finding.rule.id).or_default();
            *sum += 1;
            *by_history.entry(history.name.clone()).or_default() += 1;
            if SYNTAX.contains(&finding.rule.id) && !is_expected(&format!("{}/{path}", history.name)) {
                wrong.push(format!("{}/{path}: {}: {}", history.name, finding.rule.id, finding.message));
            }
        }
        wrong.extend(errors_of_downs(&files).map(|error| format!("{}/{error}", history.name)));
    }
    let mut table = String::new();
    for (rule, (sum, by_history)) in counts {
        let parts: Vec<_> = by_history.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(table, "{sum:>6} {rule:<32} {}", parts.join(", ")).unwrap();
    }
    eprintln!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn schemas_that_diff_tools_compare_have_no_syntax_findings() {
    let Some(corpora) = corpora() else { return };
    let mut wrong = Vec::new();
    for (path, text) in loose_files(&corpora) {
        let files = parse_all(vec![loose(&path, text)]);
        let report = lint(&files, &everything());
        for finding in &report.findings {
            wrong.extend(misplaced(&files, finding));
            if SYNTAX.contains(&finding.rule.id) && !is_expected(&path) {
                wrong.push(format!("{path}: {}: {}", finding.rule.id, finding.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_expected(path: &str) -> bool {
    NOT_SQL.iter().any(|(part, _)| path.contains(part))
}

/// What does not parse, ways forth and back: so that nothing is missed while a rule is off or silenced.
fn errors_of_downs(files: &[dbctl::lint::LintFile]) -> impl Iterator<Item = String> {
    files.iter().flat_map(|file| {
        let down = file.down.iter().flat_map(|down| &down.errors);
        let errors = file.errors.iter().chain(down).filter(|_| !is_expected(file.path()));
        errors.map(|error| format!("{}: {error:?}", file.path()))
    })
}
