//! The operators, and those that damage a file's ends or any of its bytes.

use super::file::File;
use super::{footer, pages};

/// What is done to a file, and the file it makes.
pub type Damage<'a> = (String, Box<dyn Fn() -> Vec<u8> + 'a>);

/// An operator: its name, how many of its cases are used at most, and all of them.
pub type Operator = (&'static str, usize, fn(&File) -> Vec<Damage<'_>>);

/// All operators.
pub const ALL: &[Operator] = &[
    ("cut", 40, cuts),
    ("end", 64, ends),
    ("footer length", 16, lengths),
    ("mark", 8, marks),
    ("footer bit", 50, footer_bits),
    ("data bit", 40, data_bits),
    ("footer value", 80, footer::values),
    ("footer part", 40, footer::parts),
    ("chunks exchanged", 24, footer::exchanges),
    ("codec", 18, footer::codecs),
    ("page header", 50, pages::headers),
    ("page start", 60, pages::starts),
    ("page body", 26, pages::bodies),
    ("pages exchanged", 14, pages::exchanges),
];

/// Cut off at the borders of every structure.
fn cuts(file: &File) -> Vec<Damage<'_>> {
    let borders = file.pages.iter().flat_map(|page| [page.head.start, page.body.start, page.body.end]);
    let footer =
        [file.start, file.start + 1, (file.start + file.bytes.len()) / 2, file.bytes.len() - 8, file.bytes.len() - 4];
    let mut all: Vec<usize> = borders.chain(footer).chain([0, 1, 4, 11, 12]).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|at| cut(file, at)).collect()
}

/// Cut off within the last bytes.
fn ends(file: &File) -> Vec<Damage<'_>> {
    (1..=64).filter_map(|less| Some(cut(file, file.bytes.len().checked_sub(less)?))).collect()
}

fn cut(file: &File, at: usize) -> Damage<'_> {
    (format!("at byte {at}"), Box::new(move || file.bytes[..at].to_vec()))
}

/// Another length of the footer, and two footers.
fn lengths(file: &File) -> Vec<Damage<'_>> {
    let len = file.bytes.len();
    let own = (len - 8 - file.start) as u32;
    let claims =
        [0, 1, own - 1, own + 1, own / 2, own * 2, len as u32, len as u32 - 12, u32::MAX, 1 << 31, 16 << 20, 17 << 20];
    let mut all: Vec<Damage<'_>> = Vec::new();
    for claim in claims {
        all.push((
            format!("{claim}"),
            Box::new(move || {
                let mut bytes = file.bytes.clone();
                bytes[len - 8..len - 4].copy_from_slice(&claim.to_le_bytes());
                bytes
            }),
        ));
    }
    all.push(("twice".into(), Box::new(move || [&file.bytes, &file.bytes[file.start..]].concat())));
    all.push(("all twice".into(), Box::new(move || [&file.bytes[..], &file.bytes].concat())));
    all.push(("letters behind".into(), Box::new(move || [&file.bytes[..], b"\r\n"].concat())));
    all
}

/// Other marks at either end.
fn marks(file: &File) -> Vec<Damage<'_>> {
    let len = file.bytes.len();
    let places = [0, len - 4];
    let marks: [&[u8; 4]; 4] = [b"PARE", b"PAR2", b"\0\0\0\0", b"PK\x03\x04"];
    let all = places.into_iter().flat_map(|at| marks.map(|mark| (at, *mark)));
    all.map(|(at, mark)| over(file, format!("{mark:?} at {at}"), at, mark.to_vec())).collect()
}

/// One bit of the footer turned.
fn footer_bits(file: &File) -> Vec<Damage<'_>> {
    (file.start..file.bytes.len() - 8).map(|at| bit(file, at)).collect()
}

/// One bit of the data turned.
fn data_bits(file: &File) -> Vec<Damage<'_>> {
    (4..file.start).map(|at| bit(file, at)).collect()
}

fn bit(file: &File, at: usize) -> Damage<'_> {
    over(file, format!("{} of byte {at}", at % 8), at, vec![file.bytes[at] ^ 1 << (at % 8)])
}

/// The file with other bytes in a place.
pub fn over(file: &File, what: String, at: usize, bytes: Vec<u8>) -> Damage<'_> {
    (
        what,
        Box::new(move || {
            let mut all = file.bytes.clone();
            let end = (at + bytes.len()).min(all.len());
            all[at..end].copy_from_slice(&bytes[..end - at]);
            all
        }),
    )
}
