//! `printf` and `format`: values put into a text by a specification each. The rules are those of the {fmt} library, which DuckDB
//! uses, with its group separator (`,`, `_`, `'`) first.

use almanac_model::{Type, Value};
use polars_core::prelude::Column;

use crate::lower::call::{Answer, Call};
use crate::physical::{Cells, texts};
use crate::text_form;

/// Widest field; a slip must not take the worker down.
const WIDEST: usize = 10_000;

/// The two languages of specifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `%5.2f`
    Percent,
    /// `{:5.2f}`
    Braces,
}

/// `printf(format, …)`, `format(format, …)`.
pub(crate) fn formatted(call: &Call<'_>, types: &[Type], style: Style) -> Answer<Column> {
    let formats = texts(call.arg(0)?)?;
    let cells = call.args.iter().skip(1).map(Cells::new).collect::<Result<Vec<_>, _>>()?;
    call.texts(|row| {
        let Some(format) = formats.get(row) else { return Ok(None) };
        let values: Vec<Value> =
            cells.iter().zip(types.iter().skip(1)).map(|(cells, ty)| cells.value(row, *ty)).collect();
        if values.contains(&Value::Null) {
            return Ok(None);
        }
        match write(format, &values, style) {
            Ok(text) => Ok(Some(text)),
            Err(why) => call.refuse(row, "bad-format", || format!("'{format}': {why}")),
        }
    })
}

/// How one value is written.
#[derive(Debug, Clone, Default)]
struct Spec {
    fill: Option<char>,
    /// `<`, `^` or `>`.
    align: Option<char>,
    separator: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    kind: Option<char>,
}

/// What is read so far, and the values there are.
struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    values: &'a [Value],
    next: usize,
}

fn write(format: &str, values: &[Value], style: Style) -> Result<String, String> {
    let mut reader = Reader { rest: format.chars().peekable(), values, next: 0 };
    let mut out = String::new();
    while let Some(c) = reader.rest.next() {
        match (style, c) {
            (Style::Percent, '%') if reader.rest.next_if_eq(&'%').is_some() => out.push('%'),
            (Style::Percent, '%') => out.push_str(&reader.percent()?),
            (Style::Braces, '{') if reader.rest.next_if_eq(&'{').is_some() => out.push('{'),
            (Style::Braces, '{') => out.push_str(&reader.braces()?),
            (Style::Braces, '}') if reader.rest.next_if_eq(&'}').is_some() => out.push('}'),
            (Style::Braces, '}') => return Err("a `}` without its `{`".to_owned()),
            (_, c) => out.push(c),
        }
        if out.len() > 64 << 20 {
            return Err("the text is too long".to_owned());
        }
    }
    Ok(out)
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok()
    }

    fn value(&mut self, at: Option<usize>) -> Result<&'a Value, String> {
        let at = at.unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        self.values.get(at).ok_or_else(|| format!("there is no value {}", at + 1))
    }

    fn width(&mut self, star: char) -> Result<Option<usize>, String> {
        if self.rest.next_if_eq(&star).is_some() {
            return match self.value(None)? {
                Value::Int(n) => usize::try_from(*n).map(Some).map_err(|_| "a negative width".to_owned()),
                _ => Err("a width must be a whole number".to_owned()),
            };
        }
        Ok(self.number())
    }

    fn precision(&mut self) -> Result<Option<usize>, String> {
        if self.rest.next_if_eq(&'.').is_none() {
            return Ok(None);
        }
        Ok(Some(self.width('*')?.unwrap_or(0).min(WIDEST)))
    }

    /// After `%`.
    fn percent(&mut self) -> Result<String, String> {
        let mut spec = Spec { align: Some('>'), ..Spec::default() };
        let mut position = None;
        if self.rest.peek().is_some_and(|c| ('1'..='9').contains(c)) {
            let number = self.number().unwrap_or(0);
            if self.rest.next_if_eq(&'$').is_some() {
                position = Some(number.saturating_sub(1));
            } else {
                spec.width = number;
            }
        }
        while let Some(flag) = self.rest.next_if(|c| "-+ #0,_'".contains(*c)) {
            match flag {
                '-' => spec.align = Some('<'),
                '+' | ' ' => spec.sign = Some(flag),
                '#' => spec.alternate = true,
                '0' => spec.zeros = true,
                other => spec.separator = Some(other),
            }
        }
        if let Some(width) = self.width('*')? {
            spec.width = width;
        }
        spec.precision = self.precision()?;
        while self.rest.next_if(|c| "hlLjzt".contains(*c)).is_some() {}
        spec.kind = Some(self.rest.next().ok_or("it ends after `%`")?);
        if matches!(spec.kind, Some('i' | 'u')) {
            spec.kind = Some('d');
        }
        shown(self.value(position)?, &spec)
    }

    /// After `{`.
    fn braces(&mut self) -> Result<String, String> {
        let position = self.number();
        let mut spec = Spec::default();
        let value = self.value(position)?;
        if self.rest.next_if_eq(&':').is_some() {
            let mut ahead = self.rest.clone();
            let (first, second) = (ahead.next(), ahead.next());
            if let (Some(fill), Some('<' | '>' | '^')) = (first, second) {
                spec.fill = Some(fill);
                spec.align = second;
                self.rest.next();
                self.rest.next();
            } else if let Some('<' | '>' | '^') = first {
                spec.align = self.rest.next();
            }
            spec.separator = self.rest.next_if(|c| ",_'".contains(*c));
            spec.sign = self.rest.next_if(|c| "+- ".contains(*c)).filter(|sign| *sign != '-');
            spec.alternate = self.rest.next_if_eq(&'#').is_some();
            spec.zeros = self.rest.next_if_eq(&'0').is_some();
            spec.width = self.number().unwrap_or(0);
            spec.precision = self.precision()?;
            spec.kind = self.rest.next_if(char::is_ascii_alphabetic);
        }
        if self.rest.next() != Some('}') {
            return Err("a `{` without its `}`, or a specification that is none".to_owned());
        }
        shown(value, &spec)
    }
}

fn shown(value: &Value, spec: &Spec) -> Result<String, String> {
    let refused = |what: &str| match spec.kind {
        Some(kind) => Err(format!("`{kind}` does not go with {what}")),
        None => Err(format!("this does not go with {what}")),
    };
    match (value, spec.kind) {
        (Value::Boolean(b), Some('d')) => whole(i64::from(*b), spec),
        (Value::Int(n), None | Some('d' | 'x' | 'X' | 'b' | 'B' | 'o' | 'n')) if spec.precision.is_none() => {
            whole(*n, spec)
        }
        (Value::Int(_), _) => refused("a whole number"),
        (Value::Double(x), None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G')) => Ok(double(*x, spec)),
        (Value::Double(_), _) => refused("a DOUBLE"),
        (value, None | Some('s')) => {
            let mut text = text_form::of(value).unwrap_or_default();
            if let Some(most) = spec.precision {
                text = text.chars().take(most).collect();
            }
            Ok(padded("", &text, spec, '<'))
        }
        _ => refused("a text"),
    }
}

fn sign_of(negative: bool, spec: &Spec) -> String {
    if negative { "-".to_owned() } else { spec.sign.map(String::from).unwrap_or_default() }
}

fn whole(n: i64, spec: &Spec) -> Result<String, String> {
    let size = n.unsigned_abs();
    let (prefix, digits) = match spec.kind {
        Some('x') => ("0x", format!("{size:x}")),
        Some('X') => ("0X", format!("{size:X}")),
        Some('b') => ("0b", format!("{size:b}")),
        Some('B') => ("0B", format!("{size:b}")),
        Some('o') => ("0", format!("{size:o}")),
        _ => ("", grouped(&size.to_string(), spec.separator)),
    };
    let sign = sign_of(n < 0, spec) + if spec.alternate { prefix } else { "" };
    Ok(padded(&sign, &digits, spec, '>'))
}

/// Digits before the point in groups of three.
fn grouped(digits: &str, separator: Option<char>) -> String {
    let Some(separator) = separator else { return digits.to_owned() };
    let whole = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let mut out = String::new();
    for (at, digit) in digits[..whole].chars().enumerate() {
        if at > 0 && (whole - at) % 3 == 0 {
            out.push(separator);
        }
        out.push(digit);
    }
    out + &digits[whole..]
}

fn double(x: f64, spec: &Spec) -> String {
    let size = x.abs();
    let upper = matches!(spec.kind, Some('E' | 'G' | 'F'));
    let mut digits = if size.is_finite() {
        match (spec.kind, spec.precision) {
            (None, None) => text_form::double(size),
            (Some('f' | 'F'), precision) => format!("{size:.*}", precision.unwrap_or(6)),
            (Some('e' | 'E'), precision) => exponential(size, precision.unwrap_or(6)),
            (_, precision) => general(size, precision.unwrap_or(6).max(1)),
        }
    } else if size.is_nan() {
        "nan".to_owned()
    } else {
        "inf".to_owned()
    };
    if upper {
        digits = digits.to_uppercase();
    }
    padded(&sign_of(x.is_sign_negative() && !x.is_nan(), spec), &grouped(&digits, spec.separator), spec, '>')
}

/// `1.234568e+04`
fn exponential(x: f64, precision: usize) -> String {
    let text = format!("{x:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// C's `%g`: so many significant digits, without zeros at the end, with an exponent where that is shorter.
fn general(x: f64, digits: usize) -> String {
    let text = exponential(x, digits - 1);
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let trimmed = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    match exponent.parse::<i64>() {
        Ok(power) if (-4..digits as i64).contains(&power) => {
            trimmed(&format!("{x:.*}", (digits as i64 - 1 - power) as usize))
        }
        _ => format!("{}e{exponent}", trimmed(mantissa)),
    }
}

fn padded(sign: &str, text: &str, spec: &Spec, usual: char) -> String {
    let have = sign.chars().count() + text.chars().count();
    let missing = spec.width.min(WIDEST).saturating_sub(have);
    if missing == 0 {
        return format!("{sign}{text}");
    }
    let numeric = usual == '>';
    // Zeros go between the sign and the digits; an alignment that was written wins.
    if spec.zeros && numeric && spec.align != Some('<') && spec.fill.is_none() {
        return format!("{sign}{}{text}", "0".repeat(missing));
    }
    let fill = |count: usize| String::from(spec.fill.unwrap_or(' ')).repeat(count);
    match spec.align.unwrap_or(usual) {
        '<' => format!("{sign}{text}{}", fill(missing)),
        '^' => format!("{}{sign}{text}{}", fill(missing / 2), fill(missing - missing / 2)),
        _ => format!("{}{sign}{text}", fill(missing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text on the right was printed by DuckDB 1.4.4.
    #[test]
    fn texts_are_duckdbs() {
        let (n, x, t) = (Value::Int(1_234_567), Value::Double(12_345.678), Value::Text("abc".into()));
        for (format, value, text) in [
            ("{:,}", &n, "1,234,567"),
            ("{:_d}", &n, "1_234_567"),
            ("{:e}", &x, "1.234568e+04"),
            ("{:g}", &x, "12345.7"),
            ("{:.2}", &x, "1.2e+04"),
            ("{:,.2f}", &x, "12,345.68"),
            ("{:*^8}", &t, "**abc***"),
            ("{0} {0:.2}", &t, "abc ab"),
            ("{{}}", &t, "{}"),
        ] {
            assert_eq!(write(format, std::slice::from_ref(value), Style::Braces).as_deref(), Ok(text), "{format}");
        }
        for (format, value, text) in [
            ("%'d", &n, "1'234'567"),
            ("%#x", &Value::Int(255), "0xff"),
            ("%08.2f|", &Value::Double(2.717_28), "00002.72|"),
            ("%5s|%%", &t, "  abc|%"),
            ("%1$.2s", &t, "ab"),
            ("%.0f", &Value::Double(2.5), "2"),
        ] {
            assert_eq!(write(format, std::slice::from_ref(value), Style::Percent).as_deref(), Ok(text), "{format}");
        }
        for bad in ["%", "%q", "%f", "%d %d"] {
            assert!(write(bad, std::slice::from_ref(&n), Style::Percent).is_err(), "{bad}");
        }
        for bad in ["{", "}", "{:s}", "{} {}", "{:.1f}"] {
            assert!(write(bad, std::slice::from_ref(&n), Style::Braces).is_err(), "{bad}");
        }
    }
}
