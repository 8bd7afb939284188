//! The words of `almanac check`: a table of cells, and problems with a caret under their place.

use super::Row;
use almanac_model::{Diagnostic, Severity};
use std::fmt::Write;

/// The cells of a notebook.
pub(super) fn cells(name: &str, title: &str, rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.id.chars().count()).max().unwrap_or(0).max(4);
    let mut text = format!("{name}  {title}\n");
    for row in rows {
        let millis = row.millis.map_or(String::new(), |millis| format!("{millis:.0} ms"));
        // Writing into a text cannot fail.
        let _ = writeln!(text, "  {:<width$}  {:<6}  {:>12}  {millis:>8}", row.id, row.kind, row.answer);
    }
    text.push('\n');
    text
}

/// A problem: what, where, the line with a caret, what to try.
pub(super) fn diagnostic(name: &str, source: &str, problem: &Diagnostic) -> String {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{severity}[{}]: {}\n", problem.code, problem.message);
    let place = problem.span.filter(|span| span.start <= source.len() && source.is_char_boundary(span.start));
    match place {
        None => {
            let _ = writeln!(text, "  --> {name}");
        }
        Some(span) => {
            let before = &source[..span.start];
            let number = before.matches('\n').count() + 1;
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = source[start..].lines().next().unwrap_or_default();
            let column = source[start..span.start].chars().count();
            let end = span.end.clamp(span.start, start + line.len().max(span.start - start));
            let length = source.get(span.start..end).map_or(1, |marked| marked.chars().count()).max(1);
            let gutter = " ".repeat(number.to_string().len());
            let _ = writeln!(text, "{gutter}--> {name}:{number}:{}", column + 1);
            let _ = writeln!(text, "{gutter} |");
            let _ = writeln!(text, "{number} | {line}");
            let _ = writeln!(text, "{gutter} | {}{}", " ".repeat(column), "^".repeat(length));
        }
    }
    for hint in &problem.hints {
        let _ = writeln!(text, "  hint: {hint}");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::Span;

    #[test]
    fn a_caret_stands_under_the_place() {
        let source = "one\nselect größe frm t\nend";
        let at = source.find("frm").unwrap();
        let problem =
            Diagnostic::error("syntax", Span::new(at, at + 3), "unexpected `frm`").hint("did you mean `from`?");
        assert_eq!(
            diagnostic("a.md", source, &problem),
            "error[syntax]: unexpected `frm`\n --> a.md:2:14\n  |\n2 | select größe frm t\n  |              ^^^\n  hint: did you mean `from`?\n\n"
        );
    }

    #[test]
    fn a_place_over_several_lines_marks_the_first() {
        let problem = Diagnostic::warning("x", Span::new(1, 6), "m");
        assert!(diagnostic("a.md", "abc\ndef\n", &problem).contains("1 | abc\n  |  ^^\n"));
    }

    #[test]
    fn a_place_outside_the_text_is_no_panic() {
        for span in [Span::new(99, 120), Span::new(3, 3), Span::new(2, 1)] {
            assert!(diagnostic("a.md", "abc", &Diagnostic::error("x", span, "m")).starts_with("error[x]: m\n"));
        }
    }
}
