//! Rows as text for other programs.

use almanac_model::view::ColumnView;

/// Rows with their heads, parted by tabs, as spreadsheets paste them; tabs and line ends within a value become spaces.
pub(crate) fn tab_separated(columns: &[ColumnView], rows: &[Vec<Option<String>>]) -> String {
    let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let head = columns.iter().map(|column| clean(&column.name)).collect::<Vec<_>>().join("\t");
    let lines = rows
        .iter()
        .map(|row| row.iter().map(|cell| clean(cell.as_deref().unwrap_or_default())).collect::<Vec<_>>().join("\t"));
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::Type;

    #[test]
    fn tabs_part_values_and_nothing_else() {
        let columns = ["a", "b\tc"].map(|name| ColumnView { name: name.to_owned(), ty: Type::Varchar });
        let rows = [vec![Some("x\ny".to_owned()), None], vec![Some("1".to_owned()), Some("2".to_owned())]];
        assert_eq!(tab_separated(&columns, &rows), "a\tb c\nx y\t\n1\t2");
    }
}
