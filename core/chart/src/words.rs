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

/// The note of series that were left out: "showing the 8 largest series; 2 smaller ones are left out".
pub(crate) fn left_out(count: usize) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "showing the {} largest series; {} left out",
            crate::MAX_SERIES,
            plural(count as i64, "smaller one is", "smaller ones are")
        )
    })
}

/// What is measured, as far as words depend on it.
#[derive(Clone, Copy)]
pub(crate) struct Measure<'a> {
    /// A value in words.
    pub(crate) say: &'a dyn Fn(f64) -> String,
    /// Whether values are shares of one: their change is told in points.
    pub(crate) share: bool,
    /// Whether values of several categories may be added up, as counts and amounts may and averages may not.
    pub(crate) adds_up: bool,
    /// "in" a month, "on" a day, "at" any other place of an axis.
    pub(crate) at: &'static str,
}

/// The course of a line: first to last, with the change, and where it was highest and lowest.
/// `points` are label and value in order.
pub(crate) fn course(name: &str, points: &[(String, f64)], measure: Measure<'_>) -> String {
    let Measure { say, at, .. } = measure;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let who = if name.is_empty() { "It".to_owned() } else { name.to_owned() };
    if points.len() == 1 {
        return format!("{who} is {} {at} {}.", say(first.1), first.0);
    }
    let change = match last.1.partial_cmp(&first.1) {
        Some(std::cmp::Ordering::Greater) => "rose",
        Some(std::cmp::Ordering::Less) => "fell",
        _ => "stayed",
    };
    let share = if change == "stayed" {
        String::new()
    } else if measure.share {
        format!(" ({})", signed((last.1 - first.1) * 100.0, "num1", " points"))
    } else if first.1 > 0.0 {
        format!(" ({})", signed(last.1 / first.1 - 1.0, "pct1", ""))
    } else {
        String::new()
    };
    let from_to = if change == "stayed" {
        format!("{who} stayed at {} from {} to {}", say(first.1), first.0, last.0)
    } else {
        format!("{who} {change} from {} {at} {} to {} {at} {}{share}", say(first.1), first.0, say(last.1), last.0)
    };
    let extreme = |pick: fn(f64, f64) -> bool| {
        points.iter().skip(1).fold(first, |best, point| if pick(point.1, best.1) { point } else { best })
    };
    let (highest, lowest) = (extreme(|a, b| a > b), extreme(|a, b| a < b));
    let mut aside = Vec::new();
    if highest.0 != first.0 && highest.0 != last.0 {
        aside.push(format!("highest {} {at} {}", say(highest.1), highest.0));
    }
    if lowest.0 != first.0 && lowest.0 != last.0 {
        aside.push(format!("lowest {} {at} {}", say(lowest.1), lowest.0));
    }
    if aside.is_empty() { format!("{from_to}.") } else { format!("{from_to}; {}.", aside.join(", ")) }
}

/// A change with its sign, `+4.2 %`.
fn signed(change: f64, tag: &str, unit: &str) -> String {
    let words = format::format_value(&Value::Double(change), Some(tag));
    format!("{}{words}{unit}", if change > 0.0 { "+" } else { "" })
}

/// The largest of some categories, with its part of the whole where there is a whole.
pub(crate) fn largest(categories: &[(String, f64)], measure: Measure<'_>) -> String {
    let say = measure.say;
    let Some(top) = categories.iter().reduce(|best, one| if one.1 > best.1 { one } else { best }) else {
        return String::new();
    };
    let total: f64 = categories.iter().map(|(_, value)| *value).sum();
    let whole = measure.adds_up && total > 0.0 && categories.iter().all(|(_, value)| *value >= 0.0);
    let share = if categories.len() > 1 && whole {
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

    const COUNTS: Measure<'_> = Measure { say: &plain, share: false, adds_up: true, at: "in" };
    const RATES: Measure<'_> = Measure { say: &plain, share: true, adds_up: false, at: "at" };

    #[test]
    fn a_course_names_its_ends_and_extremes() {
        let points = [("Jan".to_owned(), 10.0), ("Feb".to_owned(), 30.0), ("Mar".to_owned(), 15.0)];
        assert_eq!(
            course("EMEA", &points, COUNTS),
            "EMEA rose from 10 in Jan to 15 in Mar (+50.0\u{2009}%); highest 30 in Feb."
        );
        assert_eq!(course("", &points[..1], COUNTS), "It is 10 in Jan.");
        assert_eq!(course("", &[], COUNTS), "");
        let rates = [("5".to_owned(), 0.25), ("6".to_owned(), 0.5)];
        assert_eq!(course("", &rates, RATES), "It rose from 0.25 at 5 to 0.5 at 6 (+25.0 points).");
        assert_eq!(largest(&rates, RATES), "2 categories: largest is 6 with 0.5.");
    }

    #[test]
    fn shares_are_of_the_total() {
        let categories = [("a".to_owned(), 3.0), ("b".to_owned(), 1.0)];
        assert_eq!(largest(&categories, COUNTS), "2 categories: largest is a with 3, 75.0\u{2009}% of the total of 4.");
        let negative = [("a".to_owned(), 3.0), ("b".to_owned(), -1.0)];
        assert_eq!(largest(&negative, COUNTS), "2 categories: largest is a with 3.");
    }
}
