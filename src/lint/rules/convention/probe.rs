//! What one rule finds in a text, for the tests of this folder.

use crate::lint::{Config, Input, fix, lint, parse_all};

/// The text at each finding of a rule, and the whole text with that finding mended.
pub(super) fn found(rule: &str, sql: &str) -> Vec<(String, String)> {
    let input = Input {
        path: "20240101000000_a.sql".to_owned(),
        text: sql.into(),
        version: None,
        name: "a".to_owned(),
        down: None,
        has_downs: false,
        no_transaction: false,
        selected: true,
    };
    let config = Config { only: [rule.to_owned()].into(), ..Config::default() };
    let mended = |fix: Option<&crate::lint::Fix>| fix::apply(sql, fix.as_slice()).text;
    let findings = lint(&parse_all(vec![input]), &config).findings;
    findings.iter().map(|it| (it.place.span.of(sql).to_owned(), mended(it.fix.as_ref()))).collect()
}
