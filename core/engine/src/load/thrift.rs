//! Thrift's compact protocol, as much of it as looking at a structure takes, without memory and without recursion that a file
//! could make deep. Source: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// Most nested values that are passed over; Parquet's own structures have six.
const DEEPEST: usize = 16;

/// A reader of bytes; `None` means that they end, or are no such structure.
pub(super) struct Compact<'a> {
    bytes: &'a [u8],
    /// Bytes read so far.
    pub(super) at: usize,
}

impl<'a> Compact<'a> {
    /// Reads from the start.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// A number of up to 64 bits.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number with a sign.
    pub(super) fn number(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The next field of a structure after field `last`: its number and kind; kind 0 is the structure's end.
    pub(super) fn field(&mut self, last: i16) -> Option<(i16, u8)> {
        let head = self.byte()?;
        match (head & 15, head >> 4) {
            (0, _) => Some((0, 0)),
            // The decoder cuts numbers off, too: both must see the same fields.
            (kind, 0) => Some((self.number()? as i16, kind)),
            (kind, step) => Some((last.checked_add(i16::from(step))?, kind)),
        }
    }

    /// The head of a list: its length, which its elements may not have, and their kind.
    pub(super) fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.unsigned()? } else { u64::from(head >> 4) };
        Some((count, head & 15))
    }

    /// Passes over a value of a kind.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_within(kind, DEEPEST)
    }

    fn skip_within(&mut self, kind: u8, deepest: usize) -> Option<()> {
        let deepest = deepest.checked_sub(1)?;
        match kind {
            // Truth values stand in the field's own head.
            1 | 2 => {}
            3 => _ = self.byte()?,
            4..=6 => _ = self.unsigned()?,
            7 => self.jump(8)?,
            8 => {
                let length = usize::try_from(self.unsigned()?).ok()?;
                self.jump(length)?;
            }
            9 | 10 => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.skip_element(kind, deepest)?;
                }
            }
            12 => {
                let mut field = (0, 0);
                while let Some(next) = Some(self.field(field.0)?).filter(|next| next.1 != 0) {
                    field = next;
                    self.skip_within(field.1, deepest)?;
                }
            }
            11 => {
                let count = self.unsigned()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    self.skip_element(kinds >> 4, deepest)?;
                    self.skip_element(kinds & 15, deepest)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// In lists, truth values take a byte each.
    fn skip_element(&mut self, kind: u8, deepest: usize) -> Option<()> {
        if matches!(kind, 1 | 2) { self.byte().map(|_| ()) } else { self.skip_within(kind, deepest) }
    }

    fn jump(&mut self, length: usize) -> Option<()> {
        self.at = self.at.checked_add(length).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }
}

/// Whether the list in the first field of a structure has no more elements than bytes; its decoder takes memory for all of them.
pub(super) fn list_fits(bytes: &[u8]) -> bool {
    let mut reader = Compact::new(bytes);
    let count = reader.field(0).and_then(|_| reader.list()).map_or(0, |(count, _)| count);
    count <= bytes.len() as u64
}
