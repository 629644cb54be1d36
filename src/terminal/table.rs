//! Tables without borders: upper-case headers, one row a thing, nothing truncated.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, presets};

/// Two spaces between the columns.
const PADDING: (u16, u16) = (0, 2);

/// Lays out rows under headers; `width` is the terminal's, none where lines may be as long as they are.
///
/// In a narrow terminal only the column `flexible` gives way: its text is broken after underscores, never cut off.
pub(super) fn table(
    headers: &[&str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    flexible: usize,
    width: Option<u16>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).enforce_styling();
    if !headers.is_empty() {
        table.set_header(headers.iter().map(Cell::new).collect::<Vec<_>>());
    }
    table.add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding(PADDING);
        if index == flexible {
            column.set_delimiter('_');
        } else {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}
