//! Texts: positions count characters from 1, as in SQL.

use polars_core::prelude::Column;

use crate::lower::call::{Answer, Call};
use crate::physical::{Cells, ints, texts};
use crate::text_form;
use almanac_model::Type;

/// Longest text a function makes: a slip like `repeat('x', 1e9)` must not take the worker down.
const LONGEST: usize = 64 << 20;

/// A function of one text.
pub(crate) fn unary<S: AsRef<str>>(call: &Call<'_>, f: impl Fn(&str) -> S) -> Answer<Column> {
    let values = texts(call.arg(0)?)?;
    call.texts(|row| Ok(values.get(row).map(&f)))
}

/// A number made of one text.
pub(crate) fn measure(call: &Call<'_>, f: impl Fn(&str) -> i64) -> Answer<Column> {
    let values = texts(call.arg(0)?)?;
    call.ints(|row| Ok(values.get(row).map(&f)))
}

/// A truth about two texts.
pub(crate) fn test(call: &Call<'_>, f: impl Fn(&str, &str) -> bool) -> Answer<Column> {
    let (values, others) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    call.bools(|row| Ok(values.get(row).zip(others.get(row)).map(|(a, b)| f(a, b))))
}

/// A number made of two texts.
pub(crate) fn compare(call: &Call<'_>, f: impl Fn(&str, &str) -> i64) -> Answer<Column> {
    let (values, others) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?);
    call.ints(|row| Ok(values.get(row).zip(others.get(row)).map(|(a, b)| f(a, b))))
}

/// Position of the first occurrence, from 1; 0 where there is none.
pub(crate) fn position(text: &str, wanted: &str) -> i64 {
    text.find(wanted).map_or(0, |at| text[..at].chars().count() as i64 + 1)
}

/// `||`: NULL if one is.
pub(crate) fn joined(call: &Call<'_>) -> Answer<Column> {
    let values = call.args.iter().map(texts).collect::<Result<Vec<_>, _>>()?;
    let mut out = String::new();
    let mut results = Vec::with_capacity(call.rows);
    for row in 0..call.rows {
        out.clear();
        let complete = values.iter().all(|value| value.get(row).map(|text| out.push_str(text)).is_some());
        results.push(complete.then(|| out.clone()));
    }
    let mut results = results.into_iter();
    call.texts(|_| Ok(results.next().flatten()))
}

/// `concat(…)`: NULLs are left out, other types become text.
pub(crate) fn concat(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    concat_with(call, types, 0, |_| Some(String::new()))
}

/// `concat_ws(separator, …)`: NULL if the separator is, other NULLs are left out.
pub(crate) fn concat_ws(call: &Call<'_>, types: &[Type]) -> Answer<Column> {
    let separators = texts(call.arg(0)?)?;
    concat_with(call, types, 1, |row| separators.get(row).map(str::to_owned))
}

fn concat_with(
    call: &Call<'_>,
    types: &[Type],
    from: usize,
    separator: impl Fn(usize) -> Option<String>,
) -> Answer<Column> {
    let cells = call.args.iter().skip(from).map(Cells::new).collect::<Result<Vec<_>, _>>()?;
    call.texts(|row| {
        Ok(separator(row).map(|separator| {
            let parts: Vec<String> = cells
                .iter()
                .zip(types.iter().skip(from))
                .filter_map(|(cells, ty)| text_form::of(&cells.value(row, *ty)))
                .collect();
            parts.join(&separator)
        }))
    })
}

/// Characters from a position (from 1; from the end when negative), at most so many (backwards when negative), as in DuckDB.
pub(crate) fn substring(text: &str, start: i64, length: Option<i64>) -> String {
    let total = text.chars().count() as i64;
    let mut from = if start < 0 { (total + start).max(0) } else { start - 1 };
    // A negative start before the text shortens nothing; position 0 lies before the first character and counts.
    let mut to = match length {
        None => total,
        Some(length) if length < 0 => {
            let end = from;
            from = end.saturating_add(length);
            end
        }
        Some(length) => (if start < 0 { total + start } else { start - 1 }).saturating_add(length),
    };
    from = from.clamp(0, total);
    to = to.clamp(from, total);
    text.chars().skip(from as usize).take((to - from) as usize).collect()
}

/// `substring(text, start)`, `substring(text, start, length)`.
pub(crate) fn substrings(call: &Call<'_>) -> Answer<Column> {
    let (values, starts) = (texts(call.arg(0)?)?, ints(call.arg(1)?)?);
    let lengths = call.args.get(2).map(ints).transpose()?;
    call.texts(|row| {
        let Some((text, start)) = values.get(row).zip(starts.get(row)) else { return Ok(None) };
        match &lengths {
            None => Ok(Some(substring(text, start, None))),
            Some(lengths) => Ok(lengths.get(row).map(|length| substring(text, start, Some(length)))),
        }
    })
}

/// The first `n` characters; all but the last `-n` when negative.
pub(crate) fn left(text: &str, n: i64) -> String {
    let total = text.chars().count() as i64;
    let keep = if n < 0 { (total + n).max(0) } else { n };
    text.chars().take(keep as usize).collect()
}

/// The last `n` characters; all but the first `-n` when negative.
pub(crate) fn right(text: &str, n: i64) -> String {
    let total = text.chars().count() as i64;
    let keep = if n < 0 { (total + n).max(0) } else { n.min(total) };
    text.chars().skip((total - keep) as usize).collect()
}

/// A text made of a text and a number.
pub(crate) fn with_number(call: &Call<'_>, f: impl Fn(&str, i64) -> String) -> Answer<Column> {
    let (values, numbers) = (texts(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.texts(|row| Ok(values.get(row).zip(numbers.get(row)).map(|(text, n)| f(text, n))))
}

/// The text so many times.
pub(crate) fn repeat(call: &Call<'_>) -> Answer<Column> {
    let (values, numbers) = (texts(call.arg(0)?)?, ints(call.arg(1)?)?);
    call.texts(|row| {
        let Some((text, n)) = values.get(row).zip(numbers.get(row)) else { return Ok(None) };
        let n = usize::try_from(n.max(0)).unwrap_or(usize::MAX);
        if text.len().saturating_mul(n) > LONGEST {
            return call.refuse(row, "out-of-range", || format!("a text repeated {n} times is too long"));
        }
        Ok(Some(text.repeat(n)))
    })
}

/// Which characters `trim` takes off, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// At the start.
    Left,
    /// At the end.
    Right,
    /// At both ends.
    Both,
}

/// `trim(text)`, `trim(text, characters)`: blanks, or any of the characters.
pub(crate) fn trim(call: &Call<'_>, side: Side) -> Answer<Column> {
    let values = texts(call.arg(0)?)?;
    let sets = call.args.get(1).map(texts).transpose()?;
    call.texts(|row| {
        let Some(text) = values.get(row) else { return Ok(None) };
        let set = match &sets {
            None => " ",
            Some(sets) => match sets.get(row) {
                Some(set) => set,
                None => return Ok(None),
            },
        };
        let is_in = |c: char| set.contains(c);
        Ok(Some(match side {
            Side::Left => text.trim_start_matches(is_in),
            Side::Right => text.trim_end_matches(is_in),
            Side::Both => text.trim_matches(is_in),
        }))
    })
}

/// `lpad` and `rpad`: filled up, or cut, to so many characters.
pub(crate) fn pad(call: &Call<'_>, left: bool) -> Answer<Column> {
    let (values, lengths) = (texts(call.arg(0)?)?, ints(call.arg(1)?)?);
    let fills = call.args.get(2).map(texts).transpose()?;
    call.texts(|row| {
        let Some((text, length)) = values.get(row).zip(lengths.get(row)) else { return Ok(None) };
        let fill = match &fills {
            None => " ",
            Some(fills) => match fills.get(row) {
                Some(fill) => fill,
                None => return Ok(None),
            },
        };
        let length = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
        if length > LONGEST {
            return call.refuse(row, "out-of-range", || format!("a text of {length} characters is too long"));
        }
        let have = text.chars().count();
        if have >= length {
            return Ok(Some(text.chars().take(length).collect()));
        }
        if fill.is_empty() {
            return call.refuse(row, "out-of-range", || "nothing to fill up with: the padding is empty".to_owned());
        }
        let filling: String = fill.chars().cycle().take(length - have).collect();
        Ok(Some(if left { filling + text } else { text.to_owned() + &filling }))
    })
}

/// Every occurrence replaced; an empty search text changes nothing.
pub(crate) fn replace(call: &Call<'_>) -> Answer<Column> {
    let (values, from, to) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?, texts(call.arg(2)?)?);
    call.texts(|row| {
        Ok(match (values.get(row), from.get(row), to.get(row)) {
            (Some(text), Some(""), Some(_)) => Some(text.to_owned()),
            (Some(text), Some(from), Some(to)) => Some(text.replace(from, to)),
            _ => None,
        })
    })
}

/// Characters of the second text replaced by those at the same place of the third; left out where it is shorter.
pub(crate) fn translate(call: &Call<'_>) -> Answer<Column> {
    let (values, from, to) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?, texts(call.arg(2)?)?);
    call.texts(|row| {
        let (Some(text), Some(from), Some(to)) = (values.get(row), from.get(row), to.get(row)) else { return Ok(None) };
        let replaced = text.chars().filter_map(|c| match from.chars().position(|wanted| wanted == c) {
            Some(at) => to.chars().nth(at),
            None => Some(c),
        });
        Ok(Some(replaced.collect::<String>()))
    })
}

/// The `n`-th part between separators, from 1, from the end when negative; empty where there is none.
pub(crate) fn split_part(call: &Call<'_>) -> Answer<Column> {
    let (values, separators, places) = (texts(call.arg(0)?)?, texts(call.arg(1)?)?, ints(call.arg(2)?)?);
    call.texts(|row| {
        let (Some(text), Some(separator), Some(n)) = (values.get(row), separators.get(row), places.get(row)) else {
            return Ok(None);
        };
        // DuckDB splits into characters where the separator is empty.
        let parts: Vec<&str> = if separator.is_empty() {
            text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]).collect()
        } else {
            text.split(separator).collect()
        };
        let at = if n > 0 {
            n - 1
        } else if n < 0 {
            parts.len() as i64 + n
        } else {
            -1
        };
        Ok(Some(usize::try_from(at).ok().and_then(|at| parts.get(at)).copied().unwrap_or("")))
    })
}

/// The character of a code point.
pub(crate) fn chr(call: &Call<'_>) -> Answer<Column> {
    let values = ints(call.arg(0)?)?;
    call.texts(|row| match values.get(row) {
        None => Ok(None),
        Some(n) => match u32::try_from(n).ok().and_then(char::from_u32) {
            Some(c) => Ok(Some(c.to_string())),
            None => call.refuse(row, "out-of-range", || format!("there is no character {n}")),
        },
    })
}

/// In upper case, letter by letter, as DuckDB does it: a letter whose upper case is several stays, but for `ß`.
pub(crate) fn upper(text: &str) -> String {
    let letter = |c: char| match c {
        'ß' => 'ẞ',
        _ => alone(c.to_uppercase()).unwrap_or(c),
    };
    text.chars().map(letter).collect()
}

/// In lower case, letter by letter; `İ` is the one letter whose lower case is several.
pub(crate) fn lower(text: &str) -> String {
    text.chars().map(|c| alone(c.to_lowercase()).unwrap_or('i')).collect()
}

fn alone(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

/// Backwards, but what is read as one letter stays together: accents, skin tones, joined and paired signs.
/// Source: the rules of UAX #29 (<https://unicode.org/reports/tr29/>) for the letters that have them most.
pub(crate) fn reversed(text: &str) -> String {
    let paired = |c: &char| ('\u{1f1e6}'..='\u{1f1ff}').contains(c);
    let belongs = |c: char, before: &str| {
        matches!(c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}'
            | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200c}'..='\u{200d}' | '\u{20d0}'..='\u{20ff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
            || before.ends_with('\u{200d}')
            || (c == '\n' && before.ends_with('\r'))
            || (paired(&c) && before.chars().rev().take_while(paired).count() % 2 == 1)
    };
    let mut out = String::with_capacity(text.len());
    let mut end = text.len();
    for (at, c) in text.char_indices().rev() {
        if !belongs(c, &text[..at]) {
            out.push_str(&text[at..end]);
            end = at;
        }
    }
    out.push_str(&text[..end]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substrings_are_duckdbs() {
        for (start, length, expected) in [
            (2, Some(3), "ell"),
            (0, Some(2), "h"),
            (-3, Some(2), "ll"),
            (-10, Some(7), "he"),
            (3, None, "llo"),
            (9, Some(2), ""),
            (1, Some(-1), ""),
            (4, Some(-2), "el"),
        ] {
            assert_eq!(substring("hello", start, length), expected, "{start} {length:?}");
        }
        assert_eq!(
            (left("hello", -2), right("hello", -2), right("hello", 9)),
            ("hel".into(), "llo".into(), "hello".into())
        );
    }
}
