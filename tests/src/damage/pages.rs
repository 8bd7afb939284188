//! Operators on pages: their headers, their first bytes (where levels, widths and counts stand), their bodies.

use super::file::{File, Page};
use super::footer::{NUMBERS, with_change};
use super::operators::{Damage, over};
use super::thrift::{self, Value, field_mut};

/// First bytes of a page that are made others: levels, the width of indices, the head of differences.
const FIRST: usize = 24;

/// Each number of a page's header made another; the file's other offsets stay right.
pub fn headers(file: &File) -> Vec<Damage<'_>> {
    let mut all: Vec<Damage<'_>> = Vec::new();
    for (at, page) in file.pages.iter().enumerate() {
        // A header has a dozen values, those in its structures included.
        for place in 1..12 {
            for way in 0..NUMBERS.len() {
                all.push((
                    format!("value {place} of page {at} in way {way}"),
                    Box::new(move || {
                        let header = thrift::write(&with_change(&page.header, place, way));
                        file.with_bytes(&page.head, page.chunk, &header)
                    }),
                ));
            }
        }
    }
    all
}

/// Each of the first bytes of a page made another.
pub fn starts(file: &File) -> Vec<Damage<'_>> {
    let mut all = Vec::new();
    for (at, page) in file.pages.iter().enumerate() {
        for place in page.body.clone().take(FIRST) {
            let own = file.bytes[place];
            for byte in [0, 1, 0x7f, 0x80, 0xff, own.wrapping_add(1), own ^ 0x40] {
                all.push(over(
                    file,
                    format!("byte {} of page {at} as {byte}", place - page.body.start),
                    place,
                    vec![byte],
                ));
            }
            if place + 4 <= page.body.end {
                for number in [0_u32, 1, 1 << 31, u32::MAX, i32::MAX as u32] {
                    let what = format!("number at byte {} of page {at} as {number}", place - page.body.start);
                    all.push(over(file, what, place, number.to_le_bytes().to_vec()));
                }
            }
        }
    }
    all
}

/// A body that is empty, shorter, longer, all zeros, all ones, noise; its header's sizes are told or not.
pub fn bodies(file: &File) -> Vec<Damage<'_>> {
    let mut all: Vec<Damage<'_>> = Vec::new();
    for (at, page) in file.pages.iter().enumerate() {
        for way in 0..6 {
            for told in [false, true] {
                let name = format!("page {at} in way {way}, {}", if told { "told" } else { "not told" });
                all.push((name, Box::new(move || with_body(file, page, &body(file, page, way), told))));
            }
        }
    }
    all
}

fn body(file: &File, page: &Page, way: usize) -> Vec<u8> {
    let own = &file.bytes[page.body.clone()];
    match way {
        0 => Vec::new(),
        1 => own[..own.len() / 2].to_vec(),
        2 => [own, own].concat(),
        3 => vec![0; own.len()],
        4 => vec![0xff; own.len()],
        _ => own.iter().zip((1..=u8::MAX).cycle()).map(|(byte, n)| byte ^ n.wrapping_mul(167)).collect(),
    }
}

/// The file with another body of a page; when it is told, the header has its length and all offsets are right.
fn with_body(file: &File, page: &Page, body: &[u8], told: bool) -> Vec<u8> {
    let mut header = page.header.clone();
    if told && let Some(Value::Int(_, packed)) = field_mut(&mut header, 3) {
        *packed = body.len() as i64;
    }
    let both = [&thrift::write(&header)[..], body].concat();
    file.with_bytes(&(page.head.start..page.body.end), page.chunk, &both)
}

/// The header of one page before another, and whole pages in each other's place.
pub fn exchanges(file: &File) -> Vec<Damage<'_>> {
    let mut all: Vec<Damage<'_>> = Vec::new();
    for (at, page) in file.pages.iter().enumerate() {
        for (from, other) in file.pages.iter().enumerate().filter(|(from, _)| *from != at) {
            all.push((
                format!("header of {from} before {at}"),
                Box::new(move || file.with_bytes(&page.head, page.chunk, &file.bytes[other.head.clone()])),
            ));
            all.push((
                format!("page {from} in place of {at}"),
                Box::new(move || {
                    let bytes = &file.bytes[other.head.start..other.body.end];
                    file.with_bytes(&(page.head.start..page.body.end), page.chunk, bytes)
                }),
            ));
        }
    }
    all
}
