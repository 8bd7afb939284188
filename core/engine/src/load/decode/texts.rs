//! Texts of a page.

use super::{Flaw, Outcome, length, reserve, take};

/// Where texts lie in the bytes of a page: starts and lengths.
pub(in crate::load) type Spans = Vec<(u32, u32)>;

/// Where `count` texts lie, each behind its length.
pub(super) fn plain(bytes: &[u8], count: usize, spans: &mut Spans) -> Outcome<()> {
    // Each takes four bytes at least, so a page claims no more than it holds.
    if count > bytes.len() / 4 {
        return Err(Flaw::damaged("texts end too early"));
    }
    spans.clear();
    reserve(spans, count)?;
    let mut rest = bytes;
    for _ in 0..count {
        let size = length(&mut rest)?;
        let start = bytes.len() - rest.len();
        take(&mut rest, size)?;
        spans.push((start as u32, size as u32));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_held_against_what_is_there() {
        let bytes = [1, 0, 0, 0, b'a', 0, 0, 0, 0, 2, 0, 0, 0, b'b', b'c'];
        let mut spans = Spans::new();
        plain(&bytes, 3, &mut spans).expect("reads");
        assert_eq!(spans, [(4, 1), (9, 0), (13, 2)]);
        assert!(plain(&bytes[..14], 3, &mut spans).is_err());
        assert!(plain(&bytes, 4, &mut spans).is_err());
        assert!(plain(&[0xff; 8], 1, &mut spans).is_err());
    }
}
