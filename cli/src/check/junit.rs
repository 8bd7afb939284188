//! Results in the form that build servers read: one suite for each metric and each table.
//! Format: <https://github.com/testmoapp/junitxml>.

use almanac_model::quality::{Outcome, Quality, Subject, TestResult};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The results as XML.
pub(super) fn junit(quality: &Quality) -> String {
    let mut suites: BTreeMap<String, Vec<&TestResult>> = BTreeMap::new();
    for result in &quality.results {
        let suite = match &result.subject {
            Subject::Metric(id) => format!("metric {id}"),
            Subject::Table(table) | Subject::Column { table, .. } => format!("table {table}"),
        };
        suites.entry(suite).or_default().push(result);
    }
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let count = |results: &[&TestResult], outcome: Outcome| results.iter().filter(|one| one.outcome == outcome).count();
    let all: Vec<&TestResult> = quality.results.iter().collect();
    let counts = |results: &[&TestResult]| {
        let (failed, broken) = (count(results, Outcome::Failed), count(results, Outcome::Broken));
        format!("tests=\"{}\" failures=\"{failed}\" errors=\"{broken}\"", results.len())
    };
    // Writing into a text cannot fail.
    let _ = writeln!(text, "<testsuites name=\"almanac check\" {}>", counts(&all));
    for (name, results) in suites {
        let _ = writeln!(text, "  <testsuite name=\"{}\" {}>", escaped(&name), counts(&results));
        for result in results {
            case(&name, result, &mut text);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(suite: &str, result: &TestResult, text: &mut String) {
    let name = match &result.subject {
        Subject::Column { column, .. } => format!("{column} {}", result.test),
        _ => result.test.clone(),
    };
    let _ = write!(text, "    <testcase classname=\"{}\" name=\"{}\"", escaped(suite), escaped(&name));
    let tag = match result.outcome {
        Outcome::Passed => {
            text.push_str("/>\n");
            return;
        }
        Outcome::Failed => "failure",
        Outcome::Broken => "error",
    };
    let message = format!("found {}, expected {}", result.found, result.expected);
    let _ = writeln!(text, ">\n      <{tag} message=\"{}\">{}</{tag}>", escaped(&message), escaped(&result.next));
    text.push_str("    </testcase>\n");
}

/// A text that can stand in an attribute; characters that XML 1.0 does not know are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' | '\r' => safe.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_told_and_texts_are_safe() {
        let result = |test: &str, outcome, found: &str| TestResult {
            subject: Subject::Column { table: "deals".into(), column: "amount".into() },
            test: test.into(),
            outcome,
            found: found.into(),
            expected: "a < b".into(),
            next: "look & see".into(),
            reads: vec!["deals".into()],
        };
        let quality = Quality {
            results: vec![
                result("bounds", Outcome::Failed, "\"3\" rows\u{1}"),
                result("not_null", Outcome::Passed, ""),
            ],
            ..Quality::default()
        };
        let text = junit(&quality);
        assert!(text.contains("<testsuite name=\"table deals\" tests=\"2\" failures=\"1\" errors=\"0\">"), "{text}");
        assert!(
            text.contains("message=\"found &quot;3&quot; rows, expected a &lt; b\">look &amp; see</failure>"),
            "{text}"
        );
        assert!(text.contains("name=\"amount not_null\"/>"), "{text}");
    }
}
