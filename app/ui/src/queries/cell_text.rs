//! A notebook's source with the text of one cell replaced.

use almanac_model::notebook::Cell;

/// The fence that can hold a text: one back-tick longer than any that begins a line of it, at least three.
fn fence_of(text: &str) -> String {
    let longest =
        text.lines().map(|line| line.trim_start().chars().take_while(|c| *c == '`').count()).max().unwrap_or(0);
    "`".repeat(if longest < 3 { 3 } else { longest + 1 })
}

/// The source with `text` as the body of `cell`; the fence grows when the text holds one itself.
pub(crate) fn with_cell(source: &str, cell: &Cell, text: &str) -> String {
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
    use almanac_model::notebook::{CellKind, parse};

    const SOURCE: &str = "# A\n\n```sql one\nselect 1\n```\n\nWords.\n\n```sql two\nselect 2\n```\n";

    fn sql(source: &str, id: &str) -> Option<String> {
        match &parse(source).value.cell(id)?.kind {
            CellKind::Sql(sql) => Some(sql.trim_end().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn only_that_cell_changes() {
        let notebook = parse(SOURCE).value;
        let cell = notebook.cell("one").expect("it is there");
        let changed = with_cell(SOURCE, cell, "select 1,\n  2");
        assert_eq!(sql(&changed, "one").as_deref(), Some("select 1,\n  2"));
        assert_eq!(sql(&changed, "two").as_deref(), Some("select 2"));
        assert!(changed.contains("\n\nWords.\n\n"));
    }

    #[test]
    fn a_fence_in_the_text_stays_in_the_cell() {
        let notebook = parse(SOURCE).value;
        let text = "select '\n```\n'";
        let changed = with_cell(SOURCE, notebook.cell("one").expect("it is there"), text);
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
