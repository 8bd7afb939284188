//! Compressed pages.

use parquet::basic::Compression;
use zstd::bulk::Decompressor;

use super::{Flaw, Outcome, take};

/// Bytes a page may unpack to whatever its size: smaller claims harm nobody.
const HARMLESS: u64 = 1 << 20;

/// The most bytes that so many packed ones can hold.
pub(in crate::load) fn most_of(packed: u64, codec: Compression) -> u64 {
    let times = match codec {
        Compression::UNCOMPRESSED => 1,
        // A copy of up to 64 bytes takes two.
        Compression::SNAPPY => 32,
        // A byte of a length stands for 255.
        Compression::LZ4 | Compression::LZ4_RAW => 255,
        // 258 bytes in two bits.
        Compression::GZIP(_) => 1_032,
        // A block of 128 KiB of one byte takes four.
        _ => 32_768,
    };
    packed.saturating_mul(times).saturating_add(HARMLESS)
}

/// Memory that is used again for each page.
#[derive(Default)]
pub(super) struct Unpacker {
    bytes: Vec<u8>,
    zstd: Option<Decompressor<'static>>,
}

impl Unpacker {
    /// The bytes of a page that claims to have `size` of them.
    ///
    /// # Errors
    /// When the bytes are damaged, or are not `size`.
    pub(super) fn unpack<'a>(&'a mut self, packed: &'a [u8], size: usize, codec: Compression) -> Outcome<&'a [u8]> {
        if codec == Compression::UNCOMPRESSED {
            return if packed.len() == size { Ok(packed) } else { Err(wrong(packed.len(), size)) };
        }
        if size as u64 > most_of(packed.len() as u64, codec) {
            return Err(Flaw::damaged(format!("a page of {} bytes claims to unpack to {size}", packed.len())));
        }
        if self.bytes.len() < size {
            self.bytes.clear();
            super::reserve(&mut self.bytes, size)?;
            self.bytes.resize(size, 0);
        }
        let Self { bytes, zstd } = self;
        let out = &mut bytes[..size];
        let came = match codec {
            Compression::SNAPPY => snap::raw::Decoder::new().decompress(packed, out).map_err(|error| broken(&error))?,
            Compression::GZIP(_) => gunzip(packed, out)?,
            Compression::LZ4_RAW => lz4_flex::block::decompress_into(packed, out).map_err(|error| broken(&error))?,
            Compression::LZ4 => hadoop(packed, out)
                .or_else(|_| framed(packed, out))
                .or_else(|_| lz4_flex::block::decompress_into(packed, out).map_err(|error| broken(&error)))?,
            Compression::ZSTD(_) => {
                let zstd = match zstd {
                    Some(zstd) => zstd,
                    None => zstd.insert(Decompressor::new().map_err(|error| broken(&error))?),
                };
                zstd.decompress_to_buffer(packed, out).map_err(|error| broken(&error))?
            }
            other => return Err(Flaw::damaged(format!("pages packed with {other} cannot be read"))),
        };
        if came == size { Ok(&self.bytes[..size]) } else { Err(wrong(came, size)) }
    }
}

fn wrong(came: usize, size: usize) -> Flaw {
    Flaw::damaged(format!("a page has {came} bytes instead of {size}"))
}

fn broken(error: &dyn std::fmt::Display) -> Flaw {
    Flaw::damaged(format!("a page cannot be unpacked: {error}"))
}

/// Reads to the end or until `out` is full; a byte more is told as one byte too many.
fn fill(mut from: impl std::io::Read, out: &mut [u8]) -> Outcome<usize> {
    let mut at = 0;
    while at < out.len() {
        match from.read(&mut out[at..]).map_err(|error| broken(&error))? {
            0 => return Ok(at),
            more => at += more,
        }
    }
    let more = from.read(&mut [0]).map_err(|error| broken(&error))?;
    Ok(at + more)
}

fn gunzip(packed: &[u8], out: &mut [u8]) -> Outcome<usize> {
    fill(flate2::read::MultiGzDecoder::new(packed), out)
}

fn framed(packed: &[u8], out: &mut [u8]) -> Outcome<usize> {
    fill(lz4_flex::frame::FrameDecoder::new(packed), out)
}

/// LZ4 as Hadoop frames it: before each block its two lengths, the highest byte first.
fn hadoop(packed: &[u8], out: &mut [u8]) -> Outcome<usize> {
    let mut rest = packed;
    let mut at = 0_usize;
    while !rest.is_empty() {
        let mut number =
            || take(&mut rest, 4).map(|head| head.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)));
        let (size, length) = (number()?, number()?);
        let block = take(&mut rest, length)?;
        let place = at.checked_add(size).and_then(|end| out.get_mut(at..end));
        let place = place.ok_or_else(|| Flaw::damaged("a page unpacks to more than it claims"))?;
        let came = lz4_flex::block::decompress_into(block, place).map_err(|error| broken(&error))?;
        if came != size {
            return Err(wrong(came, size));
        }
        at += size;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"to be or not to be, that is the question, to be or not to be";

    fn unpack(packed: &[u8], size: usize, codec: Compression) -> Outcome<Vec<u8>> {
        Unpacker::default().unpack(packed, size, codec).map(<[u8]>::to_vec)
    }

    #[test]
    fn lz4_comes_in_three_frames() {
        let block = lz4_flex::block::compress(TEXT);
        let mut framed = [(TEXT.len() as u32).to_be_bytes(), (block.len() as u32).to_be_bytes()].concat();
        framed.extend_from_slice(&block);
        assert_eq!(unpack(&framed, TEXT.len(), Compression::LZ4).expect("Hadoop's"), TEXT);
        assert_eq!(unpack(&block, TEXT.len(), Compression::LZ4).expect("none"), TEXT);
        assert_eq!(unpack(&block, TEXT.len(), Compression::LZ4_RAW).expect("none"), TEXT);
        let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
        std::io::Write::write_all(&mut encoder, TEXT).expect("memory");
        let framed = encoder.finish().expect("memory");
        assert_eq!(unpack(&framed, TEXT.len(), Compression::LZ4).expect("LZ4's own"), TEXT);
    }

    #[test]
    fn claims_are_held_against_what_comes() {
        let packed = zstd::bulk::compress(TEXT, 3).expect("packs");
        let codec = Compression::ZSTD(parquet::basic::ZstdLevel::default());
        assert_eq!(unpack(&packed, TEXT.len(), codec).expect("unpacks"), TEXT);
        for size in [0, 1, TEXT.len() - 1, TEXT.len() + 1, 1 << 40] {
            assert!(unpack(&packed, size, codec).is_err(), "{size}");
        }
        for cut in 0..packed.len() {
            assert!(unpack(&packed[..cut], TEXT.len(), codec).is_err(), "cut at {cut}");
        }
        assert!(unpack(TEXT, TEXT.len() - 1, Compression::UNCOMPRESSED).is_err());
    }
}
