//! Bytes of texts in other alphabets: hashes, hexadecimal and binary digits, base64, percent encoding.
//!
//! DuckDB's decoders answer with a BLOB; here they answer with the text, and refuse bytes that are none.

use md5::Md5;
use polars_core::prelude::Column;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::lower::call::{Answer, Call};
use crate::physical::{Cells, texts};

/// Which hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Hash {
    /// The hash as hexadecimal digits.
    pub(crate) fn of(self, text: &str) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(text)),
            Self::Sha1 => hex(&Sha1::digest(text)),
            Self::Sha256 => hex(&Sha256::digest(text)),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `hex` and `bin`: digits of a whole number, or of the bytes of a text.
pub(crate) fn digits(call: &Call<'_>, binary: bool) -> Answer<Column> {
    let cells = Cells::new(call.arg(0)?)?;
    call.texts(|row| {
        Ok(match &cells {
            Cells::Texts(values) => values.get(row).map(|text| {
                text.bytes().map(|byte| if binary { format!("{byte:08b}") } else { format!("{byte:02X}") }).collect()
            }),
            Cells::Ints(values) => values.get(row).map(|n| if binary { format!("{n:b}") } else { format!("{n:X}") }),
            _ => None,
        })
    })
}

/// A text made of a text, or a sentence why it is none.
pub(crate) fn decoded(call: &Call<'_>, f: impl Fn(&str) -> Result<Vec<u8>, &'static str>) -> Answer<Column> {
    let values = texts(call.arg(0)?)?;
    call.texts(|row| {
        let Some(text) = values.get(row) else { return Ok(None) };
        match f(text).and_then(|bytes| String::from_utf8(bytes).map_err(|_| "these bytes are no UTF-8 text")) {
            Ok(text) => Ok(Some(text)),
            Err(why) => call.refuse(row, "conversion-failed", || why.to_owned()),
        }
    })
}

/// The bytes of digits; the first one may be short of digits.
pub(crate) fn from_digits(text: &str, radix: u32) -> Result<Vec<u8>, &'static str> {
    let each = if radix == 16 { 2 } else { 8 };
    let digits = text.chars().map(|c| c.to_digit(radix)).collect::<Option<Vec<u32>>>();
    let digits =
        digits.ok_or(if radix == 16 { "these are no hexadecimal digits" } else { "these are no binary digits" })?;
    let (first, rest) = digits.split_at(digits.len() % each);
    let byte = |digits: &[u32]| digits.iter().fold(0_u32, |byte, digit| byte * radix + digit) as u8;
    let start = (!first.is_empty()).then(|| byte(first));
    Ok(start.into_iter().chain(rest.chunks(each).map(byte)).collect())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648).
pub(crate) fn base64(text: &str) -> String {
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// The bytes of base64 with padding.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, &'static str> {
    const WHY: &str = "this is not base64: four letters stand for three bytes, `=` fills up the end";
    if !text.len().is_multiple_of(4) {
        return Err(WHY);
    }
    let body = text.trim_end_matches('=');
    if text.len() - body.len() > 2 {
        return Err(WHY);
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in body.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter).ok_or(WHY)?;
        bits = (bits << 6 | value as u32) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Ok(out)
}

/// Percent encoding of everything but RFC 3986's unreserved characters.
pub(crate) fn url_encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The bytes of a percent-encoded text; a `%` without two digits stays.
pub(crate) fn url_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of RFC 4648.
    #[test]
    fn base64_goes_both_ways() {
        for (text, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text), code);
            assert_eq!(from_base64(code).as_deref(), Ok(text.as_bytes()));
        }
        assert!(from_base64("Zg=").is_err() && from_base64("Z===").is_err() && from_base64("Z g=").is_err());
    }

    #[test]
    fn digits_and_percents_go_both_ways() {
        assert_eq!(from_digits("4A4b", 16).as_deref(), Ok(&b"JK"[..]));
        assert_eq!(from_digits("111", 2).as_deref(), Ok(&[7_u8][..]));
        assert!(from_digits("zz", 16).is_err());
        assert_eq!(url_encode("a b/ü"), "a%20b%2F%C3%BC");
        assert_eq!(url_decode("a%20b%2F%C3%BC%zz%4"), "a b/ü%zz%4".as_bytes());
    }
}
