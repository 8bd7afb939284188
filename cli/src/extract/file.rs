//! A Parquet file, laid out as the engine reads it well: zstd, dictionaries, page index, plain types, money as doubles of cents.

use almanac_model::manifest::File;
use arrow_array::RecordBatch;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Rows of a row group, at most, unless somebody says otherwise.
pub(super) const ROW_GROUP: usize = 131_072;
/// Rows of a page, at most: fine enough for the page index to skip by.
const PAGE: usize = 20_000;

/// Files up to this length are fetched whole: `SMALL` in `core/engine/src/load/extract.rs`.
const SMALL: usize = 1 << 20;
/// A footer up to this length is copied into the manifest; in Base64, compressed by the host, it takes about half of that.
const LARGEST_FOOTER: usize = 128 << 10;

/// Keys have many values and gain nothing from a dictionary: it would be written first and dropped later.
fn properties(primary_key: &[String], row_group_rows: usize) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9).unwrap_or_default()))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(row_group_rows))
        .set_data_page_row_count_limit(PAGE)
        .set_created_by(concat!("almanac ", env!("CARGO_PKG_VERSION")).to_owned());
    if let [key] = primary_key {
        properties = properties.set_column_dictionary_enabled(ColumnPath::new(vec![key.clone()]), false);
    }
    properties.build()
}

/// Writes rows as a file of that path below the folder.
///
/// # Errors
/// What the disk says, with the path.
pub(super) fn write(
    folder: &Path,
    path: &str,
    batch: &RecordBatch,
    primary_key: &[String],
    row_group_rows: usize,
) -> Result<File, String> {
    let bytes = encode(batch, properties(primary_key, row_group_rows))
        .map_err(|error| format!("`{path}` cannot be written: {error}"))?;
    let target = folder.join(path);
    let failed = |error: std::io::Error| format!("`{}` cannot be written: {error}", target.display());
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    std::fs::write(&target, &bytes).map_err(failed)?;
    describe(path.to_owned(), &bytes, batch.num_rows() as u64)
}

fn encode(batch: &RecordBatch, properties: WriterProperties) -> parquet::errors::Result<Vec<u8>> {
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut bytes, batch.schema(), options)?;
    writer.write(batch)?;
    writer.close()?;
    Ok(bytes)
}

/// The manifest's line on a Parquet file.
///
/// # Errors
/// A sentence, when the bytes do not end like a Parquet file.
pub(crate) fn describe(path: String, bytes: &[u8], rows: u64) -> Result<File, String> {
    let footer_start = footer_start(bytes).ok_or_else(|| format!("`{path}` does not end like a Parquet file"))?;
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let footer = usize::try_from(footer_start).ok().and_then(|start| bytes.get(start..bytes.len() - 8));
    // Small files are fetched whole, so their footers come along.
    let footer = footer.filter(|footer| bytes.len() > SMALL && footer.len() <= LARGEST_FOOTER);
    let footer = footer.map(|footer| BASE64_STANDARD.encode(footer));
    Ok(File { path, bytes: bytes.len() as u64, sha256, rows, footer_start, footer, ..File::default() })
}

/// Where the footer starts: its length stands in the four bytes before the closing magic.
fn footer_start(bytes: &[u8]) -> Option<u64> {
    let (rest, magic) = bytes.split_last_chunk::<4>()?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    if magic != b"PAR1" {
        return None;
    }
    rest.len().checked_sub(u32::from_le_bytes(*length) as usize).map(|start| start as u64)
}
