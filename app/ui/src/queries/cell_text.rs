//! A notebook's source with the text of cells replaced.

use almanac_model::view::{CellHead, NotebookView};
use std::collections::BTreeMap;

/// The fence that can hold a text: one back-tick longer than any that begins a line of it, at least three.
fn fence_of(text: &str) -> String {
    let longest =
        text.lines().map(|line| line.trim_start().chars().take_while(|c| *c == '`').count()).max().unwrap_or(0);
    "`".repeat(if longest < 3 { 3 } else { longest + 1 })
}

/// The source with these texts as the bodies of its cells; a text of a cell that is not there is left out.
pub(crate) fn with_cells(source: &str, view: &NotebookView, texts: &BTreeMap<String, String>) -> String {
    let mut cells: Vec<(&CellHead, &String)> =
        texts.iter().filter_map(|(id, text)| view.cell(id).map(|cell| (cell, text))).collect();
    // From the last to the first, so that the places of those still to come stay true.
    cells.sort_by_key(|(cell, _)| std::cmp::Reverse(cell.span.start));
    cells.into_iter().fold(source.to_owned(), |source, (cell, text)| with_cell(&source, cell, text))
}

/// The source with `text` as the body of `cell`; the fence grows when the text holds one itself.
fn with_cell(source: &str, cell: &CellHead, text: &str) -> String {
    let (Some(before), Some(open), Some(after)) =
        (source.get(..cell.span.start), source.get(cell.span.start..cell.body.start), source.get(cell.span.end..))
    else {
        return source.to_owned();
    };
    let info = open.trim_start_matches(['`', '~', ' ']).trim_end();
    let fence = fence_of(text);
    let body = text.trim_end_matches('\n');
    let line = if source[..cell.span.end].ends_with('\n') { "\n" } else { "" };
    format!("{before}{fence}{info}\n{body}\n{fence}{line}{after}")
}

/// The source with another SQL cell at its end.
pub(crate) fn with_new_cell(source: &str, name: &str, sql: &str) -> String {
    let fence = fence_of(sql);
    let gap = if source.is_empty() || source.ends_with("\n\n") {
        ""
    } else if source.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    format!("{source}{gap}{fence}sql {name}\n{sql}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "# A\n\n```sql one\nselect 1\n```\n\nWords.\n\n```sql two\nselect 2\n```\n";

    fn sql(source: &str, id: &str) -> Option<String> {
        NotebookView::of(source).cell(id)?.sql().map(|sql| sql.trim_end().to_owned())
    }

    fn changed(texts: &[(&str, &str)]) -> String {
        let texts = texts.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        with_cells(SOURCE, &NotebookView::of(SOURCE), &texts)
    }

    #[test]
    fn several_cells_change_at_once() {
        let changed = changed(&[("one", "select 'longer than before'"), ("two", "select 22"), ("gone", "select 3")]);
        assert_eq!(sql(&changed, "one").as_deref(), Some("select 'longer than before'"));
        assert_eq!(sql(&changed, "two").as_deref(), Some("select 22"));
        assert!(changed.contains("\n\nWords.\n\n") && !changed.contains("select 3"));
    }

    #[test]
    fn only_that_cell_changes() {
        let changed = changed(&[("one", "select 1,\n  2")]);
        assert_eq!(sql(&changed, "one").as_deref(), Some("select 1,\n  2"));
        assert_eq!(sql(&changed, "two").as_deref(), Some("select 2"));
        assert!(changed.contains("\n\nWords.\n\n"));
    }

    #[test]
    fn a_fence_in_the_text_stays_in_the_cell() {
        let text = "select '\n```\n'";
        let changed = changed(&[("one", text)]);
        assert_eq!(sql(&changed, "one").as_deref(), Some(text));
        assert_eq!(sql(&changed, "two").as_deref(), Some("select 2"));
    }

    #[test]
    fn a_new_cell_stands_at_the_end() {
        let changed = with_new_cell(SOURCE.trim_end(), "three", "select 3");
        assert_eq!(sql(&changed, "three").as_deref(), Some("select 3"));
        assert_eq!(sql(&changed, "two").as_deref(), Some("select 2"));
    }
}
