//! Dates as texts and back: names of months and days, `strftime` and `strptime`.

use almanac_model::format::{MONTHS, WEEKDAYS};
use almanac_model::{Type, Value};
use almanac_sql::functions::DatePart as Part;
use polars_core::prelude::Column;

use super::part::Calendar;
use super::{Instants, out};
use crate::calendar::{self, DAY, HOUR, MINUTE, SECOND};
use crate::lower::call::{Answer, Call};
use crate::physical::{Cells, texts};
use crate::text_form;

/// English name of the month.
pub(crate) fn month_name(micros: i64) -> &'static str {
    MONTHS[(Part::Month.of(micros) - 1).clamp(0, 11) as usize]
}

/// English name of the weekday.
pub(crate) fn day_name(micros: i64) -> &'static str {
    WEEKDAYS[(Part::IsoDayOfWeek.of(micros) - 1).clamp(0, 6) as usize]
}

/// A text made of an instant.
pub(crate) fn named(call: &Call<'_>, ty: Type, f: impl Fn(i64) -> &'static str) -> Answer<Column> {
    let values = Instants::new(call.arg(0)?, ty)?;
    call.texts(|row| Ok(values.get(row).map(&f)))
}

/// `strftime(instant, format)`.
pub(crate) fn format(call: &Call<'_>, ty: (Type, Type)) -> Answer<Column> {
    // DuckDB takes the format first as well.
    let (at, format_at, ty) = if ty.0 == Type::Varchar { (1, 0, ty.1) } else { (0, 1, ty.0) };
    let values = Instants::new(call.arg(at)?, ty)?;
    let formats = texts(call.arg(format_at)?)?;
    call.texts(|row| {
        let Some((micros, format)) = values.get(row).zip(formats.get(row)) else { return Ok(None) };
        match formatted(micros, format) {
            Ok(text) => Ok(Some(text)),
            Err(bad) => call.refuse(row, "bad-format", || format!("`%{bad}` is not part of a date format")),
        }
    })
}

/// The instant in a `strftime` format; the letter that is no part of one on failure.
fn formatted(micros: i64, format: &str) -> Result<String, char> {
    let (day, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let civil = calendar::civil(day);
    let (hour, minute, second) = (time / HOUR, time / MINUTE % 60, time / SECOND % 60);
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let day_of_year = calendar::day_of_year(day);
    let sunday_week = (day_of_year + 6 - calendar::iso_weekday(day) % 7) / 7;
    let monday_week = (day_of_year + 6 - (calendar::iso_weekday(day) - 1)) / 7;
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut letter = chars.next().ok_or('%')?;
        let plain = letter == '-';
        if plain {
            letter = chars.next().ok_or('-')?;
        }
        let two = |n: i64| if plain { n.to_string() } else { format!("{n:02}") };
        out.push_str(&match letter {
            'Y' => format!("{:04}", civil.year),
            'y' => two(civil.year.rem_euclid(100)),
            'm' => two(i64::from(civil.month)),
            'd' => two(i64::from(civil.day)),
            'H' => two(hour),
            'I' => two(hour12),
            'M' => two(minute),
            'S' => two(second),
            'p' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            'f' => format!("{:06}", time % SECOND),
            'g' => format!("{:03}", time % SECOND / 1000),
            'n' => format!("{:09}", time % SECOND * 1000),
            'j' => {
                if plain {
                    day_of_year.to_string()
                } else {
                    format!("{day_of_year:03}")
                }
            }
            'b' | 'h' => month_name(micros)[..3].to_owned(),
            'B' => month_name(micros).to_owned(),
            'a' => day_name(micros)[..3].to_owned(),
            'A' => day_name(micros).to_owned(),
            'w' => Part::DayOfWeek.of(micros).to_string(),
            'u' => Part::IsoDayOfWeek.of(micros).to_string(),
            'U' => two(sunday_week),
            'W' => two(monday_week),
            'G' => format!("{:04}", calendar::iso_week(day).0),
            'V' => two(calendar::iso_week(day).1),
            'c' => text_form::timestamp(micros),
            'x' => text_form::date(day),
            'X' => text_form::time(time),
            'z' => "+00".to_owned(),
            'Z' => String::new(),
            '%' => "%".to_owned(),
            other => return Err(other),
        });
    }
    Ok(out)
}

/// `strptime(text, format)`, `strptime(text, [format, …])`: the first format that fits.
pub(crate) fn parse(call: &Call<'_>, formats_ty: Type, lenient: bool) -> Answer<Column> {
    let (values, formats) = (texts(call.arg(0)?)?, Cells::new(call.arg(1)?)?);
    call.ints(|row| {
        let Some(text) = values.get(row) else { return Ok(None) };
        let formats = match formats.value(row, formats_ty) {
            Value::Null => return Ok(None),
            Value::List(formats) => formats,
            format => vec![format],
        };
        let fits = |format: &Value| if let Value::Text(format) = format { parsed(text, format) } else { None };
        match formats.iter().find_map(fits) {
            Some(micros) => Ok(Some(out(call, micros))),
            None if lenient => Ok(None),
            None => {
                let forms: Vec<String> =
                    formats.iter().filter_map(text_form::of).map(|form| format!("'{form}'")).collect();
                call.refuse(row, "conversion-failed", || {
                    format!("'{text}' does not have the form {}", forms.join(" or "))
                })
            }
        }
    })
}

/// The instant a text names in a format; `None` when it does not have that form.
fn parsed(text: &str, format: &str) -> Option<i64> {
    let (mut year, mut month, mut day) = (1900_i64, 1_i64, 1_i64);
    let (mut hour, mut minute, mut second, mut micros) = (0_i64, 0_i64, 0_i64, 0_i64);
    let mut afternoon = None;
    let mut of_year = None;
    let mut rest = text.trim_start();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            if c.is_whitespace() {
                rest = rest.trim_start();
            } else {
                rest = rest.strip_prefix(c)?;
            }
            continue;
        }
        let mut letter = chars.next()?;
        if letter == '-' {
            letter = chars.next()?;
        }
        let mut number = |most: usize| -> Option<i64> {
            let end = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let (digits, after) = rest.split_at(end);
            rest = after;
            digits.parse().ok()
        };
        match letter {
            'Y' => year = number(4)?,
            'y' => year = number(2).map(|n| if n < 69 { 2000 + n } else { 1900 + n })?,
            'm' => month = number(2)?,
            'd' => day = number(2)?,
            'H' | 'I' => hour = number(2)?,
            'M' => minute = number(2)?,
            'S' => second = number(2)?,
            'j' => of_year = Some(number(3)?),
            'f' | 'g' => {
                let digits = rest.bytes().take(6).take_while(u8::is_ascii_digit).count();
                let (kept, after) = rest.split_at(digits);
                micros = format!("{kept:0<6}").parse().ok()?;
                rest = after;
            }
            'p' => {
                let (half, after) = rest.split_at_checked(2)?;
                afternoon = Some(if half.eq_ignore_ascii_case("pm") {
                    true
                } else if half.eq_ignore_ascii_case("am") {
                    false
                } else {
                    return None;
                });
                rest = after;
            }
            'b' | 'h' | 'B' => {
                let full = letter == 'B';
                let at = MONTHS.iter().position(|name| starts_with(rest, if full { name } else { &name[..3] }))?;
                rest = &rest[if full { MONTHS[at].len() } else { 3 }..];
                month = at as i64 + 1;
            }
            'a' | 'A' => {
                let full = letter == 'A';
                let at = WEEKDAYS.iter().position(|name| starts_with(rest, if full { name } else { &name[..3] }))?;
                rest = &rest[if full { WEEKDAYS[at].len() } else { 3 }..];
            }
            '%' => rest = rest.strip_prefix('%')?,
            _ => return None,
        }
    }
    if !rest.trim_end().is_empty() || minute > 59 || second > 59 {
        return None;
    }
    match afternoon {
        Some(pm) if (1..=12).contains(&hour) => hour = hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return None,
        None if hour > 23 => return None,
        None => {}
    }
    let days = match of_year {
        Some(n) if n >= 1 => i64::from(calendar::checked_days(year, 1, 1)?) + n - 1,
        Some(_) => return None,
        None => i64::from(calendar::checked_days(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?),
    };
    days.checked_mul(DAY)?.checked_add(hour * HOUR + minute * MINUTE + second * SECOND + micros)
}

fn starts_with(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        match text_form::parse(text, Type::Timestamp) {
            Some(Value::Timestamp(micros)) => micros,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn formats_go_both_ways() {
        let x = at("2024-02-03 15:04:05.6");
        assert_eq!(formatted(x, "%d %b %Y %I:%M %p %-m %j %%").as_deref(), Ok("03 Feb 2024 03:04 PM 2 034 %"));
        assert_eq!(formatted(x, "%q"), Err('q'));
        assert_eq!(parsed("03 Feb 2024 03:04 PM", "%d %b %Y %I:%M %p"), Some(at("2024-02-03 15:04:00")));
        assert_eq!(parsed("2024-02-30", "%Y-%m-%d"), None);
        assert_eq!(parsed("2024-02-03x", "%Y-%m-%d"), None);
    }
}
