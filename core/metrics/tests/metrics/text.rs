//! Hostile texts: nothing panics, and what is said points into the text.

use crate::common::with;
use almanac_metrics::{Dialect, parse_expression, print};
use almanac_model::Span;
use almanac_model::metric::{MetricFile, TablesFile, Written};
use proptest::prelude::*;

fn written(text: &str) -> Written {
    Written { text: text.to_owned(), span: Span::new(0, text.len()), plain: true }
}

proptest! {
    #[test]
    fn any_expression_is_read_or_refused(text in "\\PC{0,60}") {
        if let Err(problem) = parse_expression(&written(&text)) {
            let span = problem.span.expect("a place");
            prop_assert!(text.get(span.start..span.end).is_some(), "{:?} of {:?}", span, text);
        }
    }

    #[test]
    fn expressions_of_its_own_words_are_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec!["sum", "(", ")", "a", "not", "in", "between", "and", "case", "when", "end", "1", "'x'", "/", "-", ",", "date", "quantile", "0.5"]), 0..14)
    ) {
        let text = words.join(" ");
        if let Ok(expr) = parse_expression(&written(&text)) {
            // What is printed is read as the same again.
            let printed = print::expression(&expr, Dialect::DuckDb);
            if !printed.contains("nullif") && !printed.contains("date_") && !printed.contains("quantile_cont") {
                prop_assert_eq!(parse_expression(&written(&printed)).ok(), Some(expr), "{}", printed);
            }
        }
    }

    #[test]
    fn any_file_is_read(text in "\\PC{0,80}", lines in prop::collection::vec("[a-z_]{1,9}: [\\[\\]{}a-z,: 0-9]{0,20}", 0..6)) {
        let _ = (MetricFile::parse(&text), TablesFile::parse(&text));
        let nested: String = lines.iter().map(|line| format!("    {line}\n")).collect();
        with(&format!("metrics:\n  m:\n{nested}"));
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = "(".repeat(5_000) + "a" + &")".repeat(5_000);
    assert!(parse_expression(&written(&deep)).is_err());
    assert!(parse_expression(&written(&format!("{}1", "not ".repeat(900)))).is_ok());
    assert!(parse_expression(&written(&format!("{}a{}", "(".repeat(300), ")".repeat(300)))).is_err());
}
