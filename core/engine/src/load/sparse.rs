//! A file of which only some ranges are at hand, read as if it were whole.

use std::io::Cursor;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Fetched parts of one file.
#[derive(Debug, Clone)]
pub(crate) struct SparseFile {
    len: u64,
    /// Sorted by offset, without overlaps.
    parts: Vec<(u64, Bytes)>,
}

impl SparseFile {
    /// A file of `len` bytes with these parts at hand.
    pub(crate) fn new(len: u64, mut parts: Vec<(u64, Bytes)>) -> Self {
        parts.sort_by_key(|(offset, _)| *offset);
        Self { len, parts }
    }

    /// Bytes that were fetched.
    pub(crate) fn bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.get_bytes(start, length)
    }

    fn from(&self, start: u64) -> Result<Bytes> {
        self.parts
            .iter()
            .rev()
            .find(|(offset, _)| *offset <= start)
            .and_then(|(offset, bytes)| {
                let skip = usize::try_from(start - offset).ok()?;
                (skip <= bytes.len()).then(|| bytes.slice(skip..))
            })
            .ok_or_else(|| ParquetError::EOF(format!("byte {start} was not fetched")))
    }
}

impl Length for SparseFile {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for SparseFile {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(Cursor::new(self.from(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let rest = self.from(start)?;
        if rest.len() < length {
            return Err(ParquetError::EOF(format!("bytes {start} to {} were not fetched", start + length as u64)));
        }
        Ok(rest.slice(..length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_what_was_fetched() {
        let file = SparseFile::new(100, vec![(50, Bytes::from_static(b"world")), (10, Bytes::from_static(b"hello"))]);
        assert_eq!(file.get_bytes(11, 4).expect("fetched"), Bytes::from_static(b"ello"));
        assert!(file.get_bytes(11, 5).is_err());
        assert!(file.get_bytes(0, 1).is_err());
        assert!(file.get_bytes(40, 1).is_err());
    }
}
