//! Parts of a date, a time or an interval: the first argument of `date_part`, `date_trunc`, `date_diff`.

use std::fmt;

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DatePart {
    /// Calendar year.
    Year,
    /// 1 to 4.
    Quarter,
    /// 1 to 12.
    Month,
    /// ISO 8601 week, 1 to 53; weeks start on Monday.
    Week,
    /// Day of the month.
    Day,
    /// Hour of the day.
    Hour,
    /// Minute of the hour.
    Minute,
    /// Second of the minute.
    Second,
    /// Milliseconds of the minute, seconds included.
    Millisecond,
    /// Microseconds of the minute, seconds included.
    Microsecond,
    /// Ten years.
    Decade,
    /// A hundred years; 2000 is in the 20th, 2001 in the 21st.
    Century,
    /// A thousand years; 2001 opens the third.
    Millennium,
    /// Year the ISO week belongs to.
    IsoYear,
    /// Day of the week, Sunday is 0.
    DayOfWeek,
    /// Day of the week, Monday is 1, Sunday is 7.
    IsoDayOfWeek,
    /// Day of the year, 1 to 366.
    DayOfYear,
    /// ISO year and week as one number: 202453.
    YearWeek,
    /// Seconds since 1970-01-01, with decimals (a DOUBLE).
    Epoch,
    /// 1 since Christ, 0 before.
    Era,
    /// Julian day, with the time as decimals (a DOUBLE).
    Julian,
}

/// Each part and its names, the canonical one first.
const NAMES: &[(DatePart, &[&str])] = &[
    (DatePart::Year, &["year", "years", "y", "yr", "yrs"]),
    (DatePart::Quarter, &["quarter", "quarters"]),
    (DatePart::Month, &["month", "months", "mon", "mons"]),
    (DatePart::Week, &["week", "weeks", "w", "weekofyear"]),
    (DatePart::Day, &["day", "days", "d", "dayofmonth"]),
    (DatePart::Hour, &["hour", "hours", "h", "hr", "hrs"]),
    (DatePart::Minute, &["minute", "minutes", "m", "min", "mins"]),
    (DatePart::Second, &["second", "seconds", "s", "sec", "secs"]),
    (DatePart::Millisecond, &["millisecond", "milliseconds", "ms", "msec", "msecs"]),
    (DatePart::Microsecond, &["microsecond", "microseconds", "us", "usec", "usecs"]),
    (DatePart::Decade, &["decade", "decades", "dec", "decs"]),
    (DatePart::Century, &["century", "centuries", "cent"]),
    (DatePart::Millennium, &["millennium", "millennia", "mil", "millenium"]),
    (DatePart::IsoYear, &["isoyear"]),
    (DatePart::DayOfWeek, &["dayofweek", "dow", "weekday"]),
    (DatePart::IsoDayOfWeek, &["isodow"]),
    (DatePart::DayOfYear, &["dayofyear", "doy"]),
    (DatePart::YearWeek, &["yearweek"]),
    (DatePart::Epoch, &["epoch"]),
    (DatePart::Era, &["era"]),
    (DatePart::Julian, &["julian"]),
];

impl DatePart {
    /// The part of that name, letter case aside.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let wanted = name.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&wanted.as_str())).map(|(part, _)| *part)
    }

    /// Canonical names of all parts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, names)| names[0])
    }

    /// The canonical name.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(part, _)| *part == self).map_or("", |(_, names)| names[0])
    }

    /// Whether a point in time cut off at this part is a whole day.
    #[must_use]
    pub fn is_day_or_longer(self) -> bool {
        !matches!(self, Self::Hour | Self::Minute | Self::Second | Self::Millisecond | Self::Microsecond | Self::Epoch)
    }

    /// Whether it has decimals.
    #[must_use]
    pub fn is_double(self) -> bool {
        matches!(self, Self::Epoch | Self::Julian)
    }

    /// Whether intervals and differences can be counted in it.
    #[must_use]
    pub fn is_unit(self) -> bool {
        !matches!(
            self,
            Self::DayOfWeek
                | Self::IsoDayOfWeek
                | Self::DayOfYear
                | Self::YearWeek
                | Self::Epoch
                | Self::Era
                | Self::Julian
        )
    }
}

impl fmt::Display for DatePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
