//! The form in which a statement can run again, as the rules of idempotency mend it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Cx;
use super::config_of;
use crate::error::Failure;
use crate::lint::{Fix, Group, fix, lint, parse_all, rules};
use crate::project::Project;
use crate::sql;
use crate::text::{Source, Span};

/// The guarded form of statements, given as path and number, for those that rules can mend.
pub fn guarded(
    cx: &Cx,
    project: &Project,
    wanted: &BTreeSet<(String, usize)>,
) -> Result<BTreeMap<(String, usize), String>, Failure> {
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut chain = cx.chain(project);
    chain.wanted = Some(wanted.iter().map(|(path, _)| path.clone()).collect());
    let mut config = config_of(project);
    let rules = rules::RULES.iter().filter(|rule| rule.group == Group::Idempotency);
    config.only.extend(rules.map(|rule| rule.id.to_owned()));
    let files = parse_all(chain.inputs()?);
    let findings = lint(&files, &config).findings;
    for file in files.iter().filter(|file| wanted.iter().any(|(path, _)| path == file.path())) {
        let text = file.text();
        let Ok(statements) = sql::split(text) else { continue };
        for statement in statements.iter().filter(|it| wanted.contains(&(file.path().to_owned(), it.number))) {
            let inside = |span: Span| statement.span.start <= span.start && span.end <= statement.span.end;
            let of_it = findings.iter().filter(|it| it.place.file == Some(file.id) && inside(it.place.span));
            let own: Vec<&Fix> = of_it.filter_map(|finding| finding.fix.as_ref()).collect();
            let touching = |fix: &&Fix| !fix.edits.is_empty() && fix.edits.iter().all(|edit| inside(edit.span));
            let own: Vec<&Fix> = own.into_iter().filter(touching).collect();
            if let Some(sql) = mended(&file.source, statement.span, &own) {
                found.insert((file.path().to_owned(), statement.number), sql);
            }
        }
    }
    Ok(found)
}

/// A statement with fixes applied.
fn mended(source: &Source, span: Span, fixes: &[&Fix]) -> Option<String> {
    if fixes.is_empty() {
        return None;
    }
    let text = source.text();
    let whole = fix::apply(text, fixes).text;
    // What stands behind the statement is as long as before.
    let behind = text.len() - span.end;
    whole.get(span.start..whole.len() - behind).map(|sql| sql.trim().to_owned())
}
