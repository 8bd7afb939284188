//! What a table needs to be laid out and named.

use almanac_model::view::TableView;

/// Width of a character of the table's type in pixels, on average.
const CHARACTER: f64 = 7.4;
/// Padding of a cell and room for the mark of the sort, in pixels.
const PADDING: f64 = 34.0;

/// Column widths in pixels, from the heads and the first rows, so that they do not change while the reader scrolls.
pub(crate) fn column_widths(view: &TableView) -> Vec<f64> {
    let cells = |column: usize| {
        view.page
            .rows
            .iter()
            .take(200)
            .filter_map(move |row| row.get(column)?.as_deref())
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = view.columns.iter().enumerate().map(|(index, column)| {
        let longest = column.name.chars().count().max(cells(index)).min(48);
        #[expect(clippy::cast_precision_loss, reason = "at most 48")]
        let width = longest as f64 * CHARACTER + PADDING;
        width.clamp(72.0, 360.0)
    });
    widths.collect()
}

/// A name for a cell over a table: `accounts_rows`.
pub(crate) fn table_name(table: &str) -> String {
    let plain: String =
        table.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    format!("{}_rows", plain.trim_matches('_'))
}
