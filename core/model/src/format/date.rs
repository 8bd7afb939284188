//! Days and moments in the proleptic Gregorian calendar.

pub(super) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// English names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// English names of the days of the week, from Monday.
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// How a day or a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// `30 Nov 2025`.
    Date,
    /// `30 November 2025`.
    DateLong,
    /// `2025-11-30`.
    Iso,
    /// `Nov 25`.
    MonthShort,
    /// `Nov 2025`.
    MonthYear,
    /// `November 2025`.
    Month,
    /// `Q4 2025`.
    Quarter,
    /// `2025`.
    Year,
    /// `Sunday`.
    Weekday,
    /// `14:05`.
    Time,
    /// `30 Nov 2025, 14:05`.
    DateTime,
}

impl DateStyle {
    pub(super) fn parse(tag: &str) -> Option<Self> {
        Some(match tag {
            "date" => Self::Date,
            "date-long" => Self::DateLong,
            "iso" => Self::Iso,
            "mmm-yy" => Self::MonthShort,
            "mmm-yyyy" => Self::MonthYear,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            "weekday" => Self::Weekday,
            "time" => Self::Time,
            "datetime" => Self::DateTime,
            _ => return None,
        })
    }

    /// A day, counted from 1970-01-01, and the microseconds of that day in this style.
    pub(super) fn format(self, days: i64, time: Option<i64>) -> String {
        let (year, month, day) = civil_from_days(days);
        let name = MONTHS[usize::from(month - 1)];
        let short = &name[..3];
        let minutes = time.unwrap_or(0) / 60_000_000;
        match self {
            Self::Date => format!("{day} {short} {year}"),
            Self::DateLong => format!("{day} {name} {year}"),
            Self::Iso => match time {
                Some(time) => format!("{} {}", iso_date(days), iso_time(time)),
                None => iso_date(days),
            },
            Self::MonthShort => format!("{short} {:02}", year.rem_euclid(100)),
            Self::MonthYear => format!("{short} {year}"),
            Self::Month => format!("{name} {year}"),
            Self::Quarter => format!("Q{} {year}", (month - 1) / 3 + 1),
            Self::Year => year.to_string(),
            // 1970-01-01 was a Thursday.
            Self::Weekday => WEEKDAYS[usize::try_from((days + 3).rem_euclid(7)).unwrap_or(0)].to_owned(),
            Self::Time => format!("{:02}:{:02}", minutes / 60, minutes % 60),
            Self::DateTime => format!("{day} {short} {year}, {:02}:{:02}", minutes / 60, minutes % 60),
        }
    }
}

/// Year, month and day of a number of days since 1970-01-01.
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
#[must_use]
pub fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

/// Days since 1970-01-01 of a day that exists; `None` for the 31st of April.
/// Source: as [`civil_from_days`], `days_from_civil`.
#[must_use]
pub fn days_from_civil(year: i64, month: u8, day: u8) -> Option<i64> {
    if !(1..=12).contains(&month) || day == 0 || year.abs() > 5_000_000 {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let month_shifted = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_shifted + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    (civil_from_days(days) == (year, month, day)).then_some(days)
}

/// Days since 1970-01-01 of `2025-11-30`.
#[must_use]
pub fn parse_date(text: &str) -> Option<i32> {
    let mut parts = text.trim().splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(year, 4, 6) || !digits(month, 1, 2) || !digits(day, 1, 2) {
        return None;
    }
    i32::try_from(days_from_civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?).ok()
}

/// Microseconds since 1970-01-01 of `2025-11-30 14:05:06.5` (or with a `T`).
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let text = text.trim();
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let mut parts = time.splitn(3, ':');
    let (hour, minute, second): (i64, i64, f64) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next().unwrap_or("0").parse().ok()?);
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0.0..60.0).contains(&second) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "less than a minute in microseconds")]
    let micros = (second * 1e6).round() as i64;
    Some(i64::from(parse_date(day)?) * MICROS_PER_DAY + (hour * 60 + minute) * 60_000_000 + micros)
}

pub(super) fn iso_date(days: i64) -> String {
    let (year, month, day) = civil_from_days(days);
    if year > 0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{:04}-{month:02}-{day:02} (BC)", 1 - year)
    }
}

pub(super) fn iso_time(micros: i64) -> String {
    let seconds = micros.div_euclid(1_000_000);
    let fraction = micros.rem_euclid(1_000_000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 { clock } else { format!("{clock}.{fraction:06}").trim_end_matches('0').to_owned() }
}

pub(super) fn iso_timestamp(micros: i64) -> String {
    format!("{} {}", iso_date(micros.div_euclid(MICROS_PER_DAY)), iso_time(micros.rem_euclid(MICROS_PER_DAY)))
}
