//! How `dbctl lint --statistics` looks.

use comfy_table::Cell;

use crate::lint::level_word;
use crate::report::lint::Statistic;
use crate::terminal::table::table;

/// A row for each rule that found something, most findings first.
pub fn statistics(rows: &[Statistic]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut rows: Vec<&Statistic> = rows.iter().collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.count), row.rule));
    let cells = rows.iter().map(|row| {
        let fixable = match (row.fixable, row.unsafely_fixable) {
            (0, 0) => String::new(),
            (safe, 0) => format!("{safe} with --fix"),
            (0, needs_look) => format!("{needs_look} with --unsafe-fixes"),
            (safe, needs_look) => format!("{safe} with --fix, {needs_look} with --unsafe-fixes"),
        };
        let texts = [row.rule.to_owned(), level_word(row.level).to_owned(), row.count.to_string(), fixable];
        texts.into_iter().map(Cell::new).collect()
    });
    let mut text = table(&["RULE", "LEVEL", "COUNT", "FIXABLE"], cells, 0, None);
    text.push('\n');
    text
}
