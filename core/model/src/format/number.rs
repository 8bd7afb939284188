//! Numbers.

use super::{MINUS, THIN_SPACE};

/// Without a tag four digits stay together: the column may hold years.
const UNTAGGED_FROM: usize = 5;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberStyle {
    unit: Unit,
    decimals: u8,
    scale: Scale,
    grouped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    None,
    Before(&'static str),
    Percent,
    Times,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    One,
    Thousand,
    Million,
    Billion,
}

impl Scale {
    fn divisor(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Thousand => 1e3,
            Self::Million => 1e6,
            Self::Billion => 1e9,
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::One => "",
            Self::Thousand => "k",
            Self::Million => "M",
            Self::Billion => "B",
        }
    }
}

impl NumberStyle {
    /// Reads `usd1m`: style, digits, scale.
    pub(super) fn parse(tag: &str) -> Option<Self> {
        let name_end = tag.find(|c: char| c.is_ascii_digit()).unwrap_or(tag.len());
        let (name, rest) = tag.split_at(name_end);
        let digits_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, suffix) = rest.split_at(digits_end);
        let decimals: Option<u8> =
            if digits.is_empty() { None } else { Some(digits.parse().ok().filter(|&decimals| decimals <= 9)?) };
        let scale = match suffix {
            "" => Scale::One,
            "k" => Scale::Thousand,
            "m" => Scale::Million,
            "b" => Scale::Billion,
            _ => return None,
        };
        let (unit, default_decimals, grouped) = match name {
            "num" => (Unit::None, 2, true),
            "int" if decimals.is_none() => (Unit::None, 0, true),
            "id" if decimals.is_none() => (Unit::None, 0, false),
            "usd" => (Unit::Before("$"), 2, true),
            "eur" => (Unit::Before("€"), 2, true),
            "gbp" => (Unit::Before("£"), 2, true),
            "pct" => (Unit::Percent, 1, true),
            "mult" => (Unit::Times, 1, true),
            _ => return None,
        };
        Some(Self { unit, decimals: decimals.unwrap_or(default_decimals), scale, grouped })
    }

    /// A whole number.
    pub(super) fn int(self, number: i64) -> String {
        if self.scale == Scale::One && self.unit != Unit::Percent {
            // Not by way of f64, which holds 53 bits only.
            let mut digits = number.unsigned_abs().to_string();
            if self.decimals > 0 {
                digits.push('.');
                digits.extend(std::iter::repeat_n('0', usize::from(self.decimals)));
            }
            return self.dress(number < 0, &digits);
        }
        #[expect(clippy::cast_precision_loss, reason = "a scaled or relative number shows few digits")]
        self.double(number as f64)
    }

    /// A number with a point.
    pub(super) fn double(self, number: f64) -> String {
        if !number.is_finite() {
            return not_finite(number);
        }
        let scaled = if self.unit == Unit::Percent { number * 100.0 } else { number / self.scale.divisor() };
        let digits = format!("{:.*}", usize::from(self.decimals), scaled.abs());
        let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
        self.dress(scaled < 0.0 && !is_zero, &digits)
    }

    fn dress(self, negative: bool, digits: &str) -> String {
        let digits = if self.grouped { group(digits, 4) } else { digits.to_owned() };
        let sign = if negative { MINUS.to_string() } else { String::new() };
        let suffix = self.scale.suffix();
        match self.unit {
            Unit::None => format!("{sign}{digits}{suffix}"),
            Unit::Before(symbol) => format!("{sign}{symbol}{digits}{suffix}"),
            Unit::Percent => format!("{sign}{digits}{THIN_SPACE}%"),
            Unit::Times => format!("{sign}{digits}{suffix}×"),
        }
    }
}

/// Parts the digits before the point into thousands when there are at least `from` of them.
fn group(digits: &str, from: usize) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    if whole.len() < from {
        text.push_str(whole);
    } else {
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                text.push(THIN_SPACE);
            }
            text.push(digit);
        }
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

pub(super) fn grouped_int(number: i64) -> String {
    grouped_from(number, UNTAGGED_FROM)
}

pub(super) fn counted(number: i64) -> String {
    grouped_from(number, 4)
}

fn grouped_from(number: i64, digits: usize) -> String {
    let digits = group(&number.unsigned_abs().to_string(), digits);
    if number < 0 { format!("{MINUS}{digits}") } else { digits }
}

/// Two decimals from 1 on, three figures below; trailing zeros go.
pub(super) fn default_double(number: f64) -> String {
    if !number.is_finite() {
        return not_finite(number);
    }
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e15).contains(&size) {
        return signed(number, &format!("{size:.3e}"));
    }
    let decimals = if size >= 1.0 || size == 0.0 {
        2
    } else {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size from 1e-6 to 1 has an exponent from 0 to 6"
        )]
        let zeros = (-size.log10()).floor() as usize;
        zeros + 3
    };
    let digits = format!("{size:.decimals$}");
    signed(number, &group(trim_zeros(&digits), UNTAGGED_FROM))
}

/// The shortest digits that read back as the same number.
pub(super) fn exact_double(number: f64) -> String {
    if !number.is_finite() {
        return not_finite(number);
    }
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        return signed(number, &format!("{size:e}"));
    }
    signed(number, &group(&size.to_string(), UNTAGGED_FROM))
}

/// As data files have it; whole numbers keep a `.0` so that they stay DOUBLE.
pub(super) fn plain_double(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "nan".to_owned()
        } else if number > 0.0 {
            "inf".to_owned()
        } else {
            "-inf".to_owned()
        };
    }
    let size = number.abs();
    if size != 0.0 && !(1e-5..1e16).contains(&size) { format!("{number:e}") } else { format!("{number:?}") }
}

fn signed(number: f64, digits: &str) -> String {
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    if number < 0.0 && !is_zero { format!("{MINUS}{digits}") } else { digits.to_owned() }
}

fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

fn not_finite(number: f64) -> String {
    if number.is_nan() {
        "not a number".to_owned()
    } else if number > 0.0 {
        "∞".to_owned()
    } else {
        format!("{MINUS}∞")
    }
}
