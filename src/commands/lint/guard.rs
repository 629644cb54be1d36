//! The form in which a statement can run again, as the rules of idempotency mend it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Cx;
use super::config_of;
use crate::error::Failure;
use crate::lint::again::{Again, again, guarded};
use crate::lint::{Finding, Fix, Group, Idempotency, lint, parse_all, rules};
use crate::project::Project;
use crate::sql;
use crate::text::Source;

/// What a second run has shown.
#[derive(Debug, Default)]
pub struct Seen {
    /// Statements that failed, as path and number.
    pub failed: BTreeSet<(String, usize)>,
    /// Objects and tables that were others after it, by path.
    pub changed: BTreeMap<String, (Vec<String>, Vec<String>)>,
}

/// What there is to write instead.
#[derive(Debug, Default)]
pub struct Guards {
    /// The guarded form of statements that failed, for those that rules can mend.
    pub failed: BTreeMap<(String, usize), String>,
    /// The statements that changed something, with their numbers, by path.
    pub changed: BTreeMap<String, (Source, Vec<(usize, Again)>)>,
}

/// Looks for the statements that cannot run twice, and for what there is to write instead.
pub fn guards(cx: &Cx, project: &Project, seen: &Seen) -> Result<Guards, Failure> {
    let mut found = Guards::default();
    let paths: BTreeSet<String> =
        seen.failed.iter().map(|(path, _)| path).chain(seen.changed.keys()).cloned().collect();
    if paths.is_empty() {
        return Ok(found);
    }
    let mut chain = cx.chain(project);
    chain.wanted = Some(paths.clone());
    let mut config = config_of(project);
    // Whatever the project is content with, here it has been run twice.
    config.idempotency = Idempotency::Rerun;
    let rules = rules::RULES.iter().filter(|rule| rule.group == Group::Idempotency);
    config.only.extend(rules.map(|rule| rule.id.to_owned()));
    let files = parse_all(chain.inputs()?);
    let findings = lint(&files, &config).findings;
    for file in files.iter().filter(|file| paths.contains(file.path())) {
        let Ok(statements) = sql::split(file.text()) else { continue };
        let of_file: Vec<&Finding> = findings.iter().filter(|it| it.place.file == Some(file.id)).collect();
        let mends: Vec<&Fix> = of_file.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        let path = file.path().to_owned();
        for statement in statements.iter().filter(|it| seen.failed.contains(&(path.clone(), it.number))) {
            if let Some(sql) = guarded(file, statement.span, &mends) {
                found.failed.insert((path.clone(), statement.number), sql);
            }
        }
        if let Some((objects, tables)) = seen.changed.get(&path) {
            let [objects, tables] = [objects, tables].map(|it| it.iter().map(String::as_str).collect::<Vec<&str>>());
            let number = |again: Again| {
                let at =
                    statements.iter().find(|it| it.span.start <= again.span.start && again.span.start < it.span.end)?;
                Some((at.number, again))
            };
            let again = again(file, &of_file, &objects, &tables).into_iter().filter_map(number).collect();
            found.changed.insert(path, (file.source.clone(), again));
        }
    }
    Ok(found)
}
