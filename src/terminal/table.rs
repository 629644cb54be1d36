//! Tables without borders: upper-case headers, one row a thing, nothing truncated.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// Two spaces between the columns.
const PADDING: (u16, u16) = (0, 2);

/// The column that gives way is not made narrower than this.
const NARROWEST: u16 = 16;

/// Lays out rows under headers; `width` is the terminal's, none where lines may be as long as they are.
///
/// In a narrow terminal only the column `flexible` gives way: its text goes on in the next line, every letter kept.
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
    table.style_text_only();
    table.add_rows(rows);
    let widths = table.column_max_content_widths();
    for (index, (column, content)) in table.column_iter_mut().zip(widths).enumerate() {
        column.set_padding(PADDING);
        if index == flexible {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(content.min(NARROWEST))));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<Cell>> {
        let row = |version: &str, name: &str| vec![Cell::new(version), Cell::new(name), Cell::new("applied")];
        vec![
            row("20240101000000", "漢字テーブル"),
            row("2", "größe"),
            row("3", "add_a_very_long_name_that_goes_on_and_on"),
        ]
    }

    #[test]
    fn aligns_wide_letters() {
        insta::assert_snapshot!(table(&["VERSION", "NAME", "STATE"], rows(), 1, None), @r#"
        VERSION         NAME                                      STATE
        20240101000000  漢字テーブル                              applied
        2               größe                                     applied
        3               add_a_very_long_name_that_goes_on_and_on  applied
        "#);
    }

    #[test]
    fn breaks_only_the_flexible_column_in_a_narrow_terminal_and_cuts_nothing() {
        insta::assert_snapshot!(table(&["VERSION", "NAME", "STATE"], rows(), 1, Some(48)), @r#"
        VERSION         NAME                   STATE
        20240101000000  漢字テーブル           applied
        2               größe                  applied
        3               add_a_very_long_name_  applied
                        that_goes_on_and_on
        "#);
    }
}
