//! Headers of pages, in Thrift's compact protocol; read without taking memory.

use crate::load::thrift::Compact;

/// Fields of a structure that are looked at, and one more: they count from 1.
const FIELDS: usize = 9;

/// The whole numbers and truth values of a structure, by field.
type Fields = [Option<i64>; FIELDS];

/// What a page's header says: `PageHeader` with its `DataPageHeader` (5), `DictionaryPageHeader` (7) or `DataPageHeaderV2` (8).
#[derive(Debug, Default)]
pub(in crate::load) struct PageHeader {
    kind: i64,
    /// Bytes of the page without compression.
    pub(in crate::load) unpacked: i64,
    /// Bytes of the page in the file.
    pub(in crate::load) packed: i64,
    data: Fields,
    dictionary: Fields,
    data_v2: Fields,
}

/// A kind of page, with what is to be known of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Distinct values, to be referred to.
    Dictionary {
        /// How many.
        values: i64,
    },
    /// Values; levels and values are compressed together.
    Data {
        /// How many, NULL among them.
        values: i64,
        /// Of the values.
        encoding: i64,
        /// Of the definition levels.
        levels: i64,
    },
    /// Values; the levels before them are not compressed.
    DataV2 {
        /// How many, NULL among them.
        values: i64,
        /// Of the values.
        encoding: i64,
        /// Bytes of the repetition levels.
        repetition: i64,
        /// Bytes of the definition levels.
        definition: i64,
        /// Whether the values are compressed.
        compressed: bool,
    },
    /// To be passed over.
    Other,
}

impl PageHeader {
    /// The header at the start of these bytes, and its length.
    pub(in crate::load) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Compact::new(bytes);
        let mut header = Self::default();
        let mut field = (0, 0);
        loop {
            field = reader.field(field.0)?;
            match field {
                (_, 0) => return Some((header, reader.at)),
                (1, 4..=6) => header.kind = reader.number()?,
                (2, 4..=6) => header.unpacked = reader.number()?,
                (3, 4..=6) => header.packed = reader.number()?,
                (5, 12) => header.data = fields(&mut reader)?,
                (7, 12) => header.dictionary = fields(&mut reader)?,
                (8, 12) => header.data_v2 = fields(&mut reader)?,
                (_, kind) => reader.skip(kind)?,
            }
        }
    }

    /// Entries of the dictionary that the page claims to be; 0 when it is none.
    pub(in crate::load) fn entries(&self) -> i64 {
        self.dictionary[1].unwrap_or(0)
    }

    /// What the page is.
    pub(super) fn kind(&self) -> Kind {
        let of = |fields: &Fields, field: usize| fields[field].unwrap_or(-1);
        match self.kind {
            0 => Kind::Data { values: of(&self.data, 1), encoding: of(&self.data, 2), levels: of(&self.data, 3) },
            2 => Kind::Dictionary { values: of(&self.dictionary, 1) },
            3 => Kind::DataV2 {
                values: of(&self.data_v2, 1),
                encoding: of(&self.data_v2, 4),
                definition: of(&self.data_v2, 5),
                repetition: of(&self.data_v2, 6),
                compressed: self.data_v2[7] != Some(0),
            },
            _ => Kind::Other,
        }
    }
}

/// A structure's whole numbers and truth values; passes over what else it has.
fn fields(reader: &mut Compact<'_>) -> Option<Fields> {
    let mut fields = Fields::default();
    let mut field = (0, 0);
    loop {
        field = reader.field(field.0)?;
        let value = match field.1 {
            0 => return Some(fields),
            1 => Some(1),
            2 => Some(0),
            4..=6 => Some(reader.number()?),
            kind => {
                reader.skip(kind)?;
                None
            }
        };
        if let Some(place) = usize::try_from(field.0).ok().and_then(|field| fields.get_mut(field)) {
            *place = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_the_rest_is_passed_over() {
        // A data page of 300 bytes in 9: type 0, sizes, checksum, a data page header with statistics.
        let bytes = [
            0x15, 0, 0x15, 0xd8, 4, 0x15, 18, 0x15, 2, 0x1c, 0x15, 8, 0x15, 0, 0x15, 6, 0x15, 6, 0x1c, 0x18, 1, 7, 0,
            0, 0, 99,
        ];
        let (header, length) = PageHeader::read(&bytes).expect("a header");
        assert_eq!((header.unpacked, header.packed, length), (300, 9, bytes.len() - 1));
        assert_eq!(header.kind(), Kind::Data { values: 4, encoding: 0, levels: 3 });
        for cut in 0..bytes.len() - 1 {
            assert!(PageHeader::read(&bytes[..cut]).is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn what_does_not_end_is_refused() {
        // A list of 2^63 elements, structures in structures, a number without end.
        for bytes in [&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f][..], &[0x1c; 99], &[0xff; 99]]
        {
            assert!(PageHeader::read(bytes).is_none());
        }
    }
}
