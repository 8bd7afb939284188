//! Days and microseconds ↔ calendar fields, proleptic Gregorian.
//! Source: H. Hinnant, "chrono-compatible low-level date algorithms".

use almanac_model::Interval;

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;
/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60_000_000;
/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;

/// Year, month (1 to 12) and day (1 to 31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Civil {
    /// Astronomical year: 0 is 1 BC.
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: u32,
    /// 1 to 31.
    pub(crate) day: u32,
}

/// The calendar day of a number of days since 1970-01-01.
pub(crate) fn civil(days: i64) -> Civil {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Civil { year, month: month as u32, day: day as u32 }
}

/// Days since 1970-01-01 of a calendar day, which must exist.
pub(crate) fn days(civil: Civil) -> i64 {
    let year = civil.year - i64::from(civil.month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(civil.month) + 9) % 12;
    let of_year = (153 * month_from_march + 2) / 5 + i64::from(civil.day) - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

/// Days of a month.
pub(crate) fn month_length(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01, if there is such a day and it fits 32 bits.
pub(crate) fn checked_days(year: i64, month: u32, day: u32) -> Option<i32> {
    if !(1..=12).contains(&month) || day < 1 || day > month_length(year, month) || year.abs() > 5_900_000 {
        return None;
    }
    i32::try_from(days(Civil { year, month, day })).ok()
}

/// The day so many months later; the last of the month where the day does not exist there.
pub(crate) fn add_months(days_since: i64, months: i64) -> i64 {
    let date = civil(days_since);
    let total = date.year * 12 + i64::from(date.month) - 1 + months;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
    days(Civil { year, month, day: date.day.min(month_length(year, month)) })
}

/// The instant later by an interval: months first, then days, then microseconds. `None` past the end of time.
pub(crate) fn add_interval(micros: i64, interval: Interval) -> Option<i64> {
    let (mut day, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    if interval.months != 0 {
        day = add_months(day, i64::from(interval.months));
    }
    day = day.checked_add(i64::from(interval.days))?;
    day.checked_mul(DAY)?.checked_add(time)?.checked_add(interval.micros)
}

/// Monday is 1, Sunday is 7.
pub(crate) fn iso_weekday(days_since: i64) -> i64 {
    (days_since + 3).rem_euclid(7) + 1
}

/// ISO 8601 year and week.
pub(crate) fn iso_week(days_since: i64) -> (i64, i64) {
    // The week belongs to the year of its Thursday.
    let thursday = days_since - iso_weekday(days_since) + 4;
    let year = civil(thursday).year;
    let first = days(Civil { year, month: 1, day: 1 });
    (year, (thursday - first) / 7 + 1)
}

/// Day of the year, from 1.
pub(crate) fn day_of_year(days_since: i64) -> i64 {
    days_since - days(Civil { year: civil(days_since).year, month: 1, day: 1 }) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        // Values from Python's `datetime.date.toordinal() - 719163` and `isocalendar()`.
        for (number, year, month, day) in
            [(0, 1970, 1, 1), (19_782, 2024, 2, 29), (-1, 1969, 12, 31), (-719_162, 1, 1, 1), (2_932_896, 9999, 12, 31)]
        {
            assert_eq!(civil(number), Civil { year, month, day });
            assert_eq!(days(Civil { year, month, day }), number);
        }
        assert_eq!(iso_week(days(Civil { year: 2021, month: 1, day: 3 })), (2020, 53));
        assert_eq!(iso_week(days(Civil { year: 2024, month: 12, day: 30 })), (2025, 1));
        assert_eq!(day_of_year(days(Civil { year: 2024, month: 12, day: 31 })), 366);
    }

    #[test]
    fn months_end_early() {
        let jan31 = days(Civil { year: 2024, month: 1, day: 31 });
        assert_eq!(civil(add_months(jan31, 1)), Civil { year: 2024, month: 2, day: 29 });
        assert_eq!(civil(add_months(jan31, -1)), Civil { year: 2023, month: 12, day: 31 });
        assert_eq!(checked_days(2023, 2, 29), None);
    }
}
