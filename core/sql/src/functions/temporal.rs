//! Dates, times and intervals.

use almanac_model::{ListType, Type};

use super::signature::{BIG, DATE, DBL, IVL, Signature, TIME, TS, TXT, sig};
use super::{Category, DatePart, Entry, Param, Scalar, Shorthand, Target};

const PART: &[Signature] = &[sig(&[DATE], BIG), sig(&[TS], BIG), sig(&[IVL], BIG), sig(&[TIME], BIG)];
// The result is DATE for parts of a day and longer: the binder sets it.
const TRUNC: &[Signature] = &[sig(&[DATE], TS), sig(&[TS], TS), sig(&[IVL], IVL)];
const BETWEEN: &[Signature] = &[sig(&[DATE, DATE], BIG), sig(&[TS, TS], BIG), sig(&[TIME, TIME], BIG)];
const READ: &[Signature] =
    &[sig(&[TXT, TXT], TS), sig(&[TXT, Param::Is(Type::List(ListType::of(&Type::Varchar)))], TS)];
const COUNT: &[Signature] = &[sig(&[BIG], IVL)];
const NAME: &[Signature] = &[sig(&[DATE], TXT), sig(&[TS], TXT)];

const fn entry(
    names: &'static [&'static str],
    target: Target,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target,
        category: Category::Temporal,
        signatures,
        description,
        example: example.0,
        answer: example.1,
    }
}

const fn scalar(
    names: &'static [&'static str],
    function: Scalar,
    signatures: &'static [Signature],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    entry(names, Target::Scalar(function), signatures, description, example)
}

const fn part(
    names: &'static [&'static str],
    part: DatePart,
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    scalar(names, Scalar::DatePart(part), PART, description, example)
}

const fn unit(names: &'static [&'static str], part: DatePart, example: (&'static str, &'static str)) -> Entry {
    scalar(names, Scalar::ToInterval(part), COUNT, "An interval of so many of this unit.", example)
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        &["date_part", "datepart"],
        Target::WithPart(Scalar::DatePart),
        PART,
        "A part of a point in time, as a number; the same as EXTRACT.",
        ("date_part('year', date '2024-02-29')", "2024"),
    ),
    entry(
        &["date_trunc", "datetrunc"],
        Target::WithPart(Scalar::DateTrunc),
        TRUNC,
        "The start of the year, month, week, … a point in time lies in; a DATE for days and longer parts.",
        ("date_trunc('month', date '2024-02-29')", "2024-02-01"),
    ),
    entry(
        &["date_diff", "datediff"],
        Target::WithPart(Scalar::DateDiff),
        BETWEEN,
        "How many starts of a year, month, day, … lie between two points in time.",
        ("date_diff('month', date '2024-01-31', date '2024-02-01')", "1"),
    ),
    entry(
        &["date_sub", "datesub"],
        Target::WithPart(Scalar::DateSub),
        BETWEEN,
        "How many whole years, months, days, … lie between two points in time.",
        ("date_sub('month', date '2024-01-31', date '2024-02-01')", "0"),
    ),
    entry(
        &["date_add"],
        Target::Shorthand(Shorthand::DateAdd),
        &[sig(&[DATE, IVL], TS), sig(&[TS, IVL], TS), sig(&[DATE, BIG], DATE)],
        "A point in time plus an interval, or a date plus days.",
        ("date_add(date '2024-01-31', interval 1 month)", "2024-02-29 00:00:00"),
    ),
    entry(
        &["today", "current_date"],
        Target::Shorthand(Shorthand::Today),
        &[sig(&[], DATE)],
        "The current date.",
        ("today() = current_date", "true"),
    ),
    entry(
        &["now", "current_timestamp", "localtimestamp", "get_current_timestamp", "current_localtimestamp"],
        Target::Shorthand(Shorthand::Now),
        &[sig(&[], TS)],
        "The start of the current date: a site knows the day of its data, not the hour.",
        ("now() >= current_date", "true"),
    ),
    scalar(
        &["time_bucket"],
        Scalar::TimeBucket,
        &[
            sig(&[IVL, DATE], DATE),
            sig(&[IVL, TS], TS),
            sig(&[IVL, DATE, IVL], DATE),
            sig(&[IVL, TS, IVL], TS),
            sig(&[IVL, DATE, DATE], DATE),
            sig(&[IVL, TS, TS], TS),
        ],
        "The start of the bucket of that length; a third argument moves the buckets, or says where one begins.",
        ("time_bucket(interval 1 month, date '2024-02-29')", "2024-02-01"),
    ),
    scalar(
        &["age"],
        Scalar::Age,
        &[sig(&[TS, TS], IVL)],
        "First minus second, in years, months and days.",
        ("age(date '2024-01-01', date '2023-01-02')", "11 months 30 days"),
    ),
    entry(
        &["age"],
        Target::Shorthand(Shorthand::AgeToday),
        &[sig(&[TS], IVL)],
        "From the argument to the current date, in years, months and days.",
        ("age(current_date)", "00:00:00"),
    ),
    scalar(
        &["last_day"],
        Scalar::LastDay,
        &[sig(&[DATE], DATE), sig(&[TS], DATE)],
        "The last day of the month.",
        ("last_day(date '2024-02-10')", "2024-02-29"),
    ),
    scalar(
        &["dayname"],
        Scalar::DayName,
        NAME,
        "The English name of the weekday.",
        ("dayname(date '2024-02-29')", "Thursday"),
    ),
    scalar(
        &["monthname"],
        Scalar::MonthName,
        NAME,
        "The English name of the month.",
        ("monthname(date '2024-02-29')", "February"),
    ),
    scalar(
        &["strftime"],
        Scalar::Strftime,
        &[sig(&[DATE, TXT], TXT), sig(&[TS, TXT], TXT), sig(&[TXT, DATE], TXT), sig(&[TXT, TS], TXT)],
        "A point in time as text by a format of `%` codes.",
        ("strftime(date '2024-02-29', '%d.%m.%Y')", "29.02.2024"),
    ),
    scalar(
        &["strptime"],
        Scalar::Strptime,
        READ,
        "Text to a timestamp by a format of `%` codes, or by the first of a list that fits.",
        ("strptime('29/02/2024', '%d/%m/%Y')", "2024-02-29 00:00:00"),
    ),
    scalar(
        &["try_strptime"],
        Scalar::TryStrptime,
        READ,
        "Text to a timestamp by a format; NULL when it does not fit.",
        ("try_strptime('nonsense', '%Y')", "NULL"),
    ),
    scalar(
        &["make_date"],
        Scalar::MakeDate,
        &[sig(&[BIG, BIG, BIG], DATE)],
        "The date of a year, a month and a day.",
        ("make_date(2024, 2, 29)", "2024-02-29"),
    ),
    scalar(
        &["make_timestamp"],
        Scalar::MakeTimestamp,
        &[sig(&[BIG], TS), sig(&[BIG, BIG, BIG, BIG, BIG, DBL], TS)],
        "The timestamp of a year, month, day, hour, minute and second.",
        ("make_timestamp(2024, 2, 29, 12, 30, 15.5)", "2024-02-29 12:30:15.5"),
    ),
    scalar(
        &["make_timestamp_ms"],
        Scalar::EpochMs,
        &[sig(&[BIG], TS)],
        "The timestamp of so many milliseconds since 1970.",
        ("make_timestamp_ms(86400000)", "1970-01-02 00:00:00"),
    ),
    scalar(
        &["make_time"],
        Scalar::MakeTime,
        &[sig(&[BIG, BIG, DBL], TIME)],
        "The time of an hour, a minute and a second.",
        ("make_time(13, 34, 27.5)", "13:34:27.5"),
    ),
    scalar(
        &["to_timestamp"],
        Scalar::ToTimestamp,
        &[sig(&[DBL], TS)],
        "The timestamp of so many seconds since 1970.",
        ("strftime(to_timestamp(86400), '%Y-%m-%d %H:%M')", "1970-01-02 00:00"),
    ),
    scalar(
        &["epoch_ms"],
        Scalar::EpochMs,
        &[sig(&[BIG], TS), sig(&[DATE], BIG), sig(&[TS], BIG), sig(&[IVL], BIG), sig(&[TIME], BIG)],
        "Milliseconds since 1970 to a timestamp, or back.",
        ("epoch_ms(86400000)", "1970-01-02 00:00:00"),
    ),
    scalar(
        &["epoch_us"],
        Scalar::EpochUs,
        PART,
        "Microseconds since 1970.",
        ("epoch_us(date '1970-01-02')", "86400000000"),
    ),
    scalar(
        &["epoch_ns"],
        Scalar::EpochNs,
        PART,
        "Nanoseconds since 1970.",
        ("epoch_ns(date '1970-01-02')", "86400000000000"),
    ),
    scalar(
        &["normalized_interval"],
        Scalar::NormalizedInterval,
        &[sig(&[IVL], IVL)],
        "The interval with 30 days carried over as a month, and 24 hours as a day.",
        ("normalized_interval(interval 40 day)", "1 month 10 days"),
    ),
    scalar(
        &["epoch"],
        Scalar::DatePart(DatePart::Epoch),
        &[sig(&[DATE], DBL), sig(&[TS], DBL), sig(&[IVL], DBL), sig(&[TIME], DBL)],
        "Seconds since 1970.",
        ("epoch(date '1970-01-02')", "86400.0"),
    ),
    part(&["year"], DatePart::Year, "The year.", ("year(date '2024-02-29')", "2024")),
    part(&["quarter"], DatePart::Quarter, "The quarter, 1 to 4.", ("quarter(date '2024-02-29')", "1")),
    part(&["month"], DatePart::Month, "The month, 1 to 12.", ("month(date '2024-02-29')", "2")),
    part(&["week", "weekofyear"], DatePart::Week, "The ISO week, 1 to 53.", ("week(date '2024-02-29')", "9")),
    part(&["day", "dayofmonth"], DatePart::Day, "The day of the month.", ("day(date '2024-02-29')", "29")),
    part(
        &["dayofweek", "weekday"],
        DatePart::DayOfWeek,
        "The day of the week, Sunday is 0.",
        ("dayofweek(date '2024-02-29')", "4"),
    ),
    part(
        &["isodow"],
        DatePart::IsoDayOfWeek,
        "The day of the week, Monday is 1 and Sunday 7.",
        ("isodow(date '2024-03-03')", "7"),
    ),
    part(&["dayofyear"], DatePart::DayOfYear, "The day of the year.", ("dayofyear(date '2024-02-29')", "60")),
    part(&["isoyear"], DatePart::IsoYear, "The year the ISO week belongs to.", ("isoyear(date '2024-12-30')", "2025")),
    part(
        &["yearweek"],
        DatePart::YearWeek,
        "ISO year and week as one number.",
        ("yearweek(date '2024-02-29')", "202409"),
    ),
    part(&["hour"], DatePart::Hour, "The hour.", ("hour(time '13:45:00')", "13")),
    part(&["minute"], DatePart::Minute, "The minute.", ("minute(time '13:45:00')", "45")),
    part(&["second"], DatePart::Second, "The second.", ("second(time '13:45:10')", "10")),
    part(
        &["millisecond"],
        DatePart::Millisecond,
        "Milliseconds of the minute.",
        ("millisecond(time '13:45:10.5')", "10500"),
    ),
    part(
        &["microsecond"],
        DatePart::Microsecond,
        "Microseconds of the minute.",
        ("microsecond(time '13:45:10.5')", "10500000"),
    ),
    part(&["decade"], DatePart::Decade, "The year divided by ten.", ("decade(date '1999-12-31')", "199")),
    part(&["century"], DatePart::Century, "The century.", ("century(date '2001-01-01')", "21")),
    part(&["millennium"], DatePart::Millennium, "The millennium.", ("millennium(date '2001-01-01')", "3")),
    part(&["era"], DatePart::Era, "1 since Christ, 0 before.", ("era(date '2024-02-29')", "1")),
    scalar(
        &["julian"],
        Scalar::DatePart(DatePart::Julian),
        &[sig(&[DATE], DBL), sig(&[TS], DBL)],
        "The Julian day, with the time as decimals.",
        ("julian(timestamp '2024-01-01 12:00:00')", "2460311.5"),
    ),
    unit(&["to_years"], DatePart::Year, ("to_years(2)", "2 years")),
    unit(&["to_quarters"], DatePart::Quarter, ("to_quarters(2)", "6 months")),
    unit(&["to_months"], DatePart::Month, ("to_months(2)", "2 months")),
    unit(&["to_weeks"], DatePart::Week, ("to_weeks(2)", "14 days")),
    unit(&["to_days"], DatePart::Day, ("to_days(2)", "2 days")),
    unit(&["to_hours"], DatePart::Hour, ("to_hours(2)", "02:00:00")),
    unit(&["to_minutes"], DatePart::Minute, ("to_minutes(2)", "00:02:00")),
    scalar(
        &["to_seconds"],
        Scalar::ToInterval(DatePart::Second),
        &[sig(&[DBL], IVL)],
        "An interval of so many of this unit.",
        ("to_seconds(1.5)", "00:00:01.5"),
    ),
    scalar(
        &["to_milliseconds"],
        Scalar::ToInterval(DatePart::Millisecond),
        &[sig(&[DBL], IVL)],
        "An interval of so many of this unit.",
        ("to_milliseconds(1500)", "00:00:01.5"),
    ),
    unit(&["to_microseconds"], DatePart::Microsecond, ("to_microseconds(1500)", "00:00:00.0015")),
    unit(&["to_decades"], DatePart::Decade, ("to_decades(1)", "10 years")),
    unit(&["to_centuries"], DatePart::Century, ("to_centuries(1)", "100 years")),
    unit(&["to_millennia"], DatePart::Millennium, ("to_millennia(1)", "1000 years")),
];
