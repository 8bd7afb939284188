//! Round numbers and round dates for axes.

use almanac_model::format::{civil_from_days, days_from_civil};

/// A step of 1, 2 or 5 times a power of ten that cuts `span` into at most `most` parts.
pub(crate) fn nice_step(span: f64, most: usize) -> f64 {
    let rough = span / most.max(1) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999_999)
        .unwrap_or(10.0 * power)
}

/// Round values from at or below `low` to at or above `high`, at most about `most` of them.
pub(crate) fn ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let (low, high) = if low < high {
        (low, high)
    } else {
        (low - 0.5_f64.max(low.abs() * 0.05), low + 0.5_f64.max(low.abs() * 0.05))
    };
    let step = nice_step(high - low, most);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let count = (last - first).min(1000.0) as usize;
    (0..=count).map(|at| (first + at as f64) * step).collect()
}

/// The distance between ticks; 1 when there is only one.
pub(crate) fn step_of(ticks: &[f64]) -> f64 {
    match ticks {
        [first, second, ..] => second - first,
        _ => 1.0,
    }
}

/// A range that is not empty: one value gets room on both sides, as much as its size needs to be told apart.
pub(crate) fn apart(low: f64, high: f64) -> (f64, f64) {
    let room = 0.5_f64.max(low.abs() * 1e-9);
    if low < high { (low, high) } else { (low - room, low + room) }
}

/// Round places of a temporal axis from `low` to `high`, in days: see [`day_ticks`]; for moments less than two days apart round
/// times of a day.
pub(crate) fn moment_ticks(low: f64, high: f64, most: usize, moments: bool) -> Vec<f64> {
    if moments && high - low < 2.0 {
        for minutes in [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 360.0, 720.0] {
            let parts = 24.0 * 60.0 / minutes;
            let (first, last) = ((low * parts).ceil(), (high * parts).floor());
            if last - first < most.max(2) as f64 {
                return (0..=(last - first).max(0.0) as usize).map(|at| (first + at as f64) / parts).collect();
            }
        }
    }
    day_ticks(low, high, most).into_iter().map(|day| day as f64).collect()
}

/// Days on which a month, quarter or year begins, inside `low..=high`, at most `most` of them; days or weeks for short spans.
pub(crate) fn day_ticks(low: f64, high: f64, most: usize) -> Vec<i64> {
    let (first, last) = (low.ceil() as i64, high.floor() as i64);
    let most = most.max(2) as i64;
    if (last - first) < most {
        return (first..=last).collect();
    }
    for days in [2, 7, 14] {
        if (last - first) / days < most {
            // 1970-01-05 was a Monday.
            let start = first + (4 - first).rem_euclid(if days == 2 { 2 } else { 7 });
            return (0..).map(|at| start + at * days).take_while(|day| *day <= last).collect();
        }
    }
    for months in [1_i64, 3, 6, 12, 24, 60, 120, 240, 600, 1200] {
        let (year, month, _) = civil_from_days(first);
        let origin = year * 12 + i64::from(month) - 1;
        let start = origin.div_euclid(months) * months;
        let days: Vec<i64> = (0..)
            .map(|at| start + at * months)
            .map_while(|index| days_from_civil(index.div_euclid(12), index.rem_euclid(12) as u8 + 1, 1))
            .take_while(|day| *day <= last)
            .filter(|day| *day >= first)
            .collect();
        if days.len() as i64 <= most {
            return days;
        }
    }
    vec![first, last]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_five() {
        assert_eq!(nice_step(10.0, 5), 2.0);
        assert_eq!(nice_step(9.0, 10), 1.0);
        assert_eq!(nice_step(1_200_000.0, 5), 500_000.0);
        assert!((nice_step(0.3, 5) - 0.1).abs() < 1e-12);
        assert_eq!(nice_step(0.0, 5), 1.0);
        assert_eq!(nice_step(f64::NAN, 5), 1.0);
    }

    #[test]
    fn ticks_cover_the_data() {
        assert_eq!(ticks(0.0, 9.3, 5), vec![0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(-3.0, 4.0, 4), vec![-4.0, -2.0, 0.0, 2.0, 4.0]);
        let flat = ticks(7.0, 7.0, 5);
        assert!(flat[0] <= 7.0 && flat[flat.len() - 1] >= 7.0 && flat.len() > 1);
    }

    #[test]
    fn a_day_has_round_hours() {
        let hours = |ticks: Vec<f64>| ticks.iter().map(|tick| (tick * 24.0).round() as i64).collect::<Vec<_>>();
        assert_eq!(hours(moment_ticks(1.0 / 24.0, 23.0 / 24.0, 8, true)), [3, 6, 9, 12, 15, 18, 21]);
        assert_eq!(hours(moment_ticks(-1.5, -0.25, 4, true)), [-36, -24, -12], "before 1970, too");
        assert_eq!(moment_ticks(0.0, 1.0, 8, false), [0.0, 1.0], "days have no hours");
    }

    #[test]
    fn days_begin_months_and_quarters() {
        // 2024-01-01 is day 19723; two years of months, at most eight ticks: quarters.
        let days = day_ticks(19_723.0, 19_723.0 + 700.0, 8);
        assert_eq!(days[..2], [19_723, 19_814]);
        assert_eq!(civil_from_days(days[2]), (2024, 7, 1));
        assert_eq!(day_ticks(0.0, 3.0, 8), vec![0, 1, 2, 3]);
    }
}
