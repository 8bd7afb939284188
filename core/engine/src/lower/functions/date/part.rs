//! What the parts of a date mean: `year`, `week`, `epoch`, … The parts are the registry's.

use almanac_model::Interval;
use almanac_sql::functions::DatePart as Part;

use crate::calendar::{self, Civil, DAY, HOUR, MINUTE, SECOND};

/// Julian day of 1970-01-01.
const JULIAN_EPOCH: i64 = 2_440_588;

/// What a part of a date means. The parts are the registry's.
pub(crate) trait Calendar: Sized + Copy {
    /// The field's value at an instant.
    fn of(self, micros: i64) -> i64;
    /// The field of an interval.
    fn of_interval(self, parts: Interval) -> i64;
    /// The start of the unit the instant lies in.
    fn truncated(self, micros: i64) -> i64;
    /// Boundaries of the unit between two instants: `date_diff`.
    fn boundaries(self, from: i64, to: i64) -> i64;
    /// Whole units between two instants: `date_sub`.
    fn completed(self, from: i64, to: i64) -> i64;
}

impl Calendar for Part {
    fn of(self, micros: i64) -> i64 {
        let (day, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        let civil = || calendar::civil(day);
        match self {
            Self::Millennium => century(civil().year, 1000),
            Self::Century => century(civil().year, 100),
            Self::Decade => civil().year.div_euclid(10),
            Self::Year => civil().year,
            Self::IsoYear => calendar::iso_week(day).0,
            Self::Quarter => i64::from(civil().month - 1) / 3 + 1,
            Self::Month => i64::from(civil().month),
            Self::Week => calendar::iso_week(day).1,
            Self::Day => i64::from(civil().day),
            Self::DayOfWeek => calendar::iso_weekday(day) % 7,
            Self::IsoDayOfWeek => calendar::iso_weekday(day),
            Self::DayOfYear => calendar::day_of_year(day),
            Self::YearWeek => {
                let (year, week) = calendar::iso_week(day);
                year * 100 + if year > 0 { week } else { -week }
            }
            Self::Hour => time / HOUR,
            Self::Minute => time / MINUTE % 60,
            Self::Second => time / SECOND % 60,
            Self::Millisecond => time % MINUTE / 1000,
            Self::Microsecond => time % MINUTE,
            Self::Epoch => micros.div_euclid(SECOND),
            Self::Era => i64::from(civil().year > 0),
            Self::Julian => day + JULIAN_EPOCH,
        }
    }

    fn of_interval(self, parts: Interval) -> i64 {
        let (months, micros) = (i64::from(parts.months), parts.micros);
        match self {
            Self::Millennium => months / 12_000,
            Self::Century => months / 1_200,
            Self::Decade => months / 120,
            Self::Year | Self::IsoYear => months / 12,
            Self::Quarter => months % 12 / 3 + 1,
            Self::Month => months % 12,
            Self::Day => i64::from(parts.days),
            Self::Hour => micros / HOUR,
            Self::Minute => micros % HOUR / MINUTE,
            Self::Second => micros % MINUTE / SECOND,
            Self::Millisecond => micros % MINUTE / 1000,
            Self::Microsecond => micros % MINUTE,
            Self::Week => i64::from(parts.days) / 7,
            Self::Epoch => {
                // Years of 365.25 days, as in DuckDB.
                let (years, months) = (months / 12, months % 12);
                (years * 31_557_600) + months * 2_592_000 + i64::from(parts.days) * 86_400 + micros / SECOND
            }
            Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear | Self::YearWeek | Self::Era | Self::Julian => 0,
        }
    }

    fn truncated(self, micros: i64) -> i64 {
        let day = micros.div_euclid(DAY);
        let first_of = |year: i64, month: u32| calendar::days(Civil { year, month, day: 1 }) * DAY;
        let civil = calendar::civil(day);
        match self {
            Self::Millennium => first_of(civil.year.div_euclid(1000) * 1000, 1),
            Self::Century => first_of(civil.year.div_euclid(100) * 100, 1),
            Self::Decade => first_of(civil.year.div_euclid(10) * 10, 1),
            Self::Year => first_of(civil.year, 1),
            Self::IsoYear => {
                let fourth = calendar::days(Civil { year: calendar::iso_week(day).0, month: 1, day: 4 });
                (fourth - calendar::iso_weekday(fourth) + 1) * DAY
            }
            Self::Quarter => first_of(civil.year, (civil.month - 1) / 3 * 3 + 1),
            Self::Month => first_of(civil.year, civil.month),
            Self::Week | Self::YearWeek => (day - calendar::iso_weekday(day) + 1).saturating_mul(DAY),
            Self::Day | Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear | Self::Era | Self::Julian => day * DAY,
            Self::Hour => micros.div_euclid(HOUR) * HOUR,
            Self::Minute => micros.div_euclid(MINUTE) * MINUTE,
            Self::Second | Self::Epoch => micros.div_euclid(SECOND) * SECOND,
            Self::Millisecond => micros.div_euclid(1000) * 1000,
            Self::Microsecond => micros,
        }
    }

    fn boundaries(self, from: i64, to: i64) -> i64 {
        if matches!(self, Self::Week | Self::YearWeek) {
            // Weeks are not counted by their Mondays: DuckDB takes the distance.
            return (to - from) / (7 * DAY);
        }
        let count = |micros: i64| {
            let day = micros.div_euclid(DAY);
            let civil = calendar::civil(day);
            match self {
                Self::Millennium => civil.year.div_euclid(1000),
                Self::Century => civil.year.div_euclid(100),
                Self::Decade => civil.year.div_euclid(10),
                Self::Year => civil.year,
                Self::IsoYear => calendar::iso_week(day).0,
                Self::Quarter => civil.year * 4 + i64::from(civil.month - 1) / 3,
                Self::Month => civil.year * 12 + i64::from(civil.month),
                Self::Week
                | Self::YearWeek
                | Self::Day
                | Self::DayOfWeek
                | Self::IsoDayOfWeek
                | Self::DayOfYear
                | Self::Era
                | Self::Julian => day,
                Self::Hour => micros.div_euclid(HOUR),
                Self::Minute => micros.div_euclid(MINUTE),
                Self::Second | Self::Epoch => micros.div_euclid(SECOND),
                Self::Millisecond => micros.div_euclid(1000),
                Self::Microsecond => micros,
            }
        };
        count(to) - count(from)
    }

    fn completed(self, from: i64, to: i64) -> i64 {
        let months = match self {
            Self::Millennium => 12_000,
            Self::Century => 1_200,
            Self::Decade => 120,
            Self::Year | Self::IsoYear => 12,
            Self::Quarter => 3,
            Self::Month => 1,
            _ => 0,
        };
        if months > 0 {
            return whole_months(from, to) / months;
        }
        let unit = match self {
            Self::Week | Self::YearWeek => 7 * DAY,
            Self::Day | Self::DayOfWeek | Self::IsoDayOfWeek | Self::DayOfYear | Self::Era | Self::Julian => DAY,
            Self::Hour => HOUR,
            Self::Minute => MINUTE,
            Self::Second | Self::Epoch => SECOND,
            Self::Millisecond => 1000,
            _ => 1,
        };
        (to - from) / unit
    }
}

fn century(year: i64, length: i64) -> i64 {
    if year > 0 { (year - 1) / length + 1 } else { -((-year) / length) - 1 }
}

/// Whole months between two instants, negative when `to` is earlier.
pub(super) fn whole_months(from: i64, to: i64) -> i64 {
    if to < from {
        return -whole_months(to, from);
    }
    let (a, b) = (calendar::civil(from.div_euclid(DAY)), calendar::civil(to.div_euclid(DAY)));
    let mut months = (b.year - a.year) * 12 + i64::from(b.month) - i64::from(a.month);
    // The last day of a shorter month completes it.
    let reached = calendar::add_months(from.div_euclid(DAY), months) * DAY + from.rem_euclid(DAY);
    if reached > to {
        months -= 1;
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_form;
    use almanac_model::{Type, Value};

    fn at(text: &str) -> i64 {
        match text_form::parse(text, Type::Timestamp) {
            Some(Value::Timestamp(micros)) => micros,
            other => panic!("{text}: {other:?}"),
        }
    }

    /// Answers printed by DuckDB 1.4.4.
    #[test]
    fn parts_and_units_are_duckdbs() {
        let x = at("2024-12-30 13:45:30.123456");
        for (part, value, start) in [
            ("century", 21, "2000-01-01"),
            ("decade", 202, "2020-01-01"),
            ("year", 2024, "2024-01-01"),
            ("isoyear", 2025, "2024-12-30"),
            ("quarter", 4, "2024-10-01"),
            ("week", 1, "2024-12-30"),
            ("dow", 1, "2024-12-30"),
            ("doy", 365, "2024-12-30"),
            ("hour", 13, "2024-12-30 13:00:00"),
            ("millisecond", 30_123, "2024-12-30 13:45:30.123"),
        ] {
            let part = Part::parse(part).expect("known");
            assert_eq!((part.of(x), part.truncated(x)), (value, at(start)), "{part:?}");
        }
        let (a, b) = (at("2024-01-31"), at("2024-02-29"));
        assert_eq!((Part::Month.boundaries(a, b), Part::Month.completed(a, b)), (1, 1));
        assert_eq!(Part::Year.boundaries(at("2023-12-31"), at("2024-01-01")), 1);
        assert_eq!(Part::Week.boundaries(at("2024-01-07"), at("2024-01-08")), 0);
        assert_eq!(Part::Week.boundaries(at("1969-12-24"), at("1970-01-01")), 1);
    }
}
