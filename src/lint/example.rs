//! A rule's examples as chains of migrations.

use super::file::Input;

/// The line between migrations of one example.
const THEN: &str = "-- then";
/// The line between a migration and its way back.
const DOWN: &str = "-- down";
/// How the line begins that names a migration's file.
const FILE: &str = "-- file: ";

/// The migrations of an example; the last one is what it shows, those before it are history.
pub fn inputs(example: &str) -> Vec<Input> {
    let parts = split_at(example, THEN);
    let last = parts.len() - 1;
    let has_downs = parts.iter().any(|part| part.lines().any(|line| line == DOWN));
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let (first, rest) = part.split_once('\n').unwrap_or((part, ""));
            let named = first.strip_prefix(FILE);
            let body = if named.is_some() { rest } else { part };
            let file = named.map_or_else(|| format!("2024010100000{index}_example.sql"), str::to_owned);
            let (up, down) = body.split_once(&format!("{DOWN}\n")).map_or((body, None), |(up, down)| (up, Some(down)));
            let stem = file.rsplit('/').next().unwrap_or(&file).trim_end_matches(".sql");
            let (version, name) = stem.split_once('_').unwrap_or((stem, ""));
            Input {
                version: version.bytes().all(|byte| byte.is_ascii_digit()).then(|| version.to_owned()),
                name: name.to_owned(),
                down: down.map(|text| (format!("{stem}.down.sql"), text.into())),
                path: file,
                text: up.into(),
                has_downs,
                no_transaction: up.lines().any(|line| line.trim() == "-- dbctl: no-transaction"),
                selected: index == last,
            }
        })
        .collect()
}

/// What an example shows: the history, where it has one, and the migration itself.
#[expect(clippy::format_push_string, reason = "a page is put together once, for a person")]
pub fn shown(example: &str) -> String {
    let parts = split_at(example, THEN);
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        if parts.len() > 1 {
            let which = if index + 1 == parts.len() { "this migration" } else { "an earlier migration" };
            text.push_str(&format!("-- {which}:\n"));
        }
        text.push_str(part.trim_end());
        text.push('\n');
    }
    text
}

fn split_at(text: &str, separator: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    // Line ends are kept as they are: rules are about them too.
    for line in text.split_inclusive('\n') {
        if line.trim_end_matches('\n') == separator {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
        }
    }
    parts
}
