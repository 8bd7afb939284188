//! What a chart says, in a sentence or two.

use almanac_model::Value;
use almanac_model::format::{self, plural};

/// The words for a chart without rows.
pub(crate) fn nothing(rows: usize) -> String {
    if rows == 0 {
        "There are no rows to draw.".to_owned()
    } else {
        format!("None of the {} has values to draw.", plural(rows as i64, "row", "rows"))
    }
}

/// "No region has …": the note of series that were left out.
pub(crate) fn left_out(count: usize) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "showing the {} largest series; {} left out",
            crate::MAX_SERIES,
            plural(count as i64, "smaller one is", "smaller ones are")
        )
    })
}

/// The course of a line: first to last, with the change, and where it was highest and lowest.
/// `points` are label and value in order; `say` formats a value.
pub(crate) fn course(name: &str, points: &[(String, f64)], say: impl Fn(f64) -> String) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let who = if name.is_empty() { "It".to_owned() } else { name.to_owned() };
    if points.len() == 1 {
        return format!("{who} is {} in {}.", say(first.1), first.0);
    }
    let change = match last.1.partial_cmp(&first.1) {
        Some(std::cmp::Ordering::Greater) => "rose",
        Some(std::cmp::Ordering::Less) => "fell",
        _ => "stayed",
    };
    let share = if first.1 != 0.0 && change != "stayed" {
        format!(" ({})", signed_share(last.1 / first.1 - 1.0))
    } else {
        String::new()
    };
    let from_to = if change == "stayed" {
        format!("{who} stayed at {} from {} to {}", say(first.1), first.0, last.0)
    } else {
        format!("{who} {change} from {} in {} to {} in {}{share}", say(first.1), first.0, say(last.1), last.0)
    };
    let extreme = |pick: fn(f64, f64) -> bool| {
        points.iter().skip(1).fold(first, |best, point| if pick(point.1, best.1) { point } else { best })
    };
    let (highest, lowest) = (extreme(|a, b| a > b), extreme(|a, b| a < b));
    let mut aside = Vec::new();
    if highest.0 != first.0 && highest.0 != last.0 {
        aside.push(format!("highest {} in {}", say(highest.1), highest.0));
    }
    if lowest.0 != first.0 && lowest.0 != last.0 {
        aside.push(format!("lowest {} in {}", say(lowest.1), lowest.0));
    }
    if aside.is_empty() { format!("{from_to}.") } else { format!("{from_to}; {}.", aside.join(", ")) }
}

/// A signed share of one in per cent, `+4.2%`.
fn signed_share(share: f64) -> String {
    let words = format::format_value(&Value::Double(share), Some("pct1"));
    if share > 0.0 { format!("+{words}") } else { words }
}

/// The largest of some categories and its part of the whole.
pub(crate) fn largest(categories: &[(String, f64)], say: impl Fn(f64) -> String) -> String {
    let Some(top) = categories.iter().reduce(|best, one| if one.1 > best.1 { one } else { best }) else {
        return String::new();
    };
    let total: f64 = categories.iter().map(|(_, value)| *value).sum();
    let share = if categories.len() > 1 && total > 0.0 && categories.iter().all(|(_, value)| *value >= 0.0) {
        format!(
            ", {} of the total of {}",
            format::format_value(&Value::Double(top.1 / total), Some("pct1")),
            say(total)
        )
    } else {
        String::new()
    };
    format!(
        "{}: largest is {} with {}{share}.",
        plural(categories.len() as i64, "category", "categories"),
        top.0,
        say(top.1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(value: f64) -> String {
        format!("{value}")
    }

    #[test]
    fn a_course_names_its_ends_and_extremes() {
        let points = [("Jan".to_owned(), 10.0), ("Feb".to_owned(), 30.0), ("Mar".to_owned(), 15.0)];
        assert_eq!(
            course("EMEA", &points, plain),
            "EMEA rose from 10 in Jan to 15 in Mar (+50.0\u{2009}%); highest 30 in Feb."
        );
        assert_eq!(course("", &points[..1], plain), "It is 10 in Jan.");
        assert_eq!(course("", &[], plain), "");
    }

    #[test]
    fn shares_are_of_the_total() {
        let categories = [("a".to_owned(), 3.0), ("b".to_owned(), 1.0)];
        assert_eq!(largest(&categories, plain), "2 categories: largest is a with 3, 75.0\u{2009}% of the total of 4.");
        let negative = [("a".to_owned(), 3.0), ("b".to_owned(), -1.0)];
        assert_eq!(largest(&negative, plain), "2 categories: largest is a with 3.");
    }
}
