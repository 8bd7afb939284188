//! What kind of file a reader dropped: decided by its bytes; a name only tells text from what should not be text.

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC, file format ("Feather v2").
    ArrowFile,
    /// Arrow IPC, stream format.
    ArrowStream,
    /// Text with separated values.
    Csv,
    /// Nothing.
    Empty,
    /// A known foreign format, with its name.
    Foreign(&'static str),
    /// Bytes that are not text.
    Unknown,
}

/// Beginnings of formats that readers try and Almanac does not read.
const FOREIGN: [(&[u8], &str); 8] = [
    (b"PK\x03\x04", "a ZIP file (an Excel workbook is one)"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
    (b"\x1F\x8B", "a gzip file"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"Obj\x01", "an Avro file"),
    (b"%PDF", "a PDF"),
    (b"ORC", "an ORC file"),
];

/// The kind of file that begins so.
pub(crate) fn kind(bytes: &[u8]) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if bytes.starts_with(b"PAR1") {
        return Kind::Parquet;
    }
    if bytes.starts_with(b"PARE") {
        return Kind::Foreign("an encrypted Parquet file");
    }
    if bytes.starts_with(b"ARROW1") {
        return Kind::ArrowFile;
    }
    if bytes.starts_with(&[0xFF, 0xFF, 0xFF, 0xFF]) {
        return Kind::ArrowStream;
    }
    if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Kind::Foreign(name);
    }
    if bytes.len() >= 8 && bytes.get(4..8) == Some(b"DUCK") || bytes.get(8..12) == Some(b"DUCK") {
        return Kind::Foreign("a DuckDB database");
    }
    let head = &bytes[..bytes.len().min(4096)];
    let text = head.trim_ascii_start();
    if text.starts_with(b"[") || text.starts_with(b"{") {
        return Kind::Foreign("JSON");
    }
    // A NUL byte does not occur in text, except in UTF-16, which has one in every other place.
    if head.contains(&0) {
        return if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
            Kind::Foreign("UTF-16 text; save it as UTF-8")
        } else {
            Kind::Unknown
        };
    }
    Kind::Csv
}

/// Whether a file is named like a table in a binary format: any text would pass for a CSV with one column.
pub(crate) fn is_named_binary(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    ["parquet", "arrow", "arrows", "ipc", "feather"].contains(&extension.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        for (bytes, expected) in [
            (&b""[..], Kind::Empty),
            (b"PAR1....", Kind::Parquet),
            (b"ARROW1\0\0", Kind::ArrowFile),
            (b"\xFF\xFF\xFF\xFF\x10\0\0\0", Kind::ArrowStream),
            (b"a,b\n1,2\n", Kind::Csv),
            (b"\xEF\xBB\xBFa;b\n", Kind::Csv),
            (b"PK\x03\x04xl", Kind::Foreign("a ZIP file (an Excel workbook is one)")),
            (b" [{\"a\":1}]", Kind::Foreign("JSON")),
            (b"\x01\x02\0\0\0", Kind::Unknown),
        ] {
            assert_eq!(kind(bytes), expected, "{bytes:?}");
        }
    }
}
