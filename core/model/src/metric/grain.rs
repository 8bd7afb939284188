//! The periods that values are asked for, and their calendar.

use crate::format::{civil_from_days, days_from_civil};
use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A year.
    Year,
}

impl Grain {
    /// All, from short to long.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Its name in files and in SQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The grain of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.name().eq_ignore_ascii_case(name))
    }

    /// Months in it; `None` when it is shorter than one.
    #[must_use]
    pub fn months(self) -> Option<u32> {
        match self {
            Self::Day | Self::Week => None,
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Year => Some(12),
        }
    }

    /// The first day of the period that a day lies in; days since 1970-01-01.
    #[must_use]
    pub fn start(self, day: i32) -> i32 {
        let (year, month, _) = civil_from_days(i64::from(day));
        let first = match self {
            Self::Day => return day,
            // 1970-01-01 was a Thursday.
            Self::Week => return day - (day + 3).rem_euclid(7),
            Self::Month => month,
            Self::Quarter => (month - 1) / 3 * 3 + 1,
            Self::Year => 1,
        };
        days_from_civil(year, first, 1).and_then(|days| i32::try_from(days).ok()).unwrap_or(day)
    }
}

/// The first day of the month so many months after that of a day; days since 1970-01-01.
#[must_use]
pub fn month_after(day: i32, months: i32) -> i32 {
    let (year, month, _) = civil_from_days(i64::from(day));
    let count = year * 12 + i64::from(month) - 1 + i64::from(months);
    let month = u8::try_from(count.rem_euclid(12) + 1).unwrap_or(1);
    days_from_civil(count.div_euclid(12), month, 1).and_then(|days| i32::try_from(days).ok()).unwrap_or(day)
}
