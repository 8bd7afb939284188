//! A table on its way to disk: named, described Arrow columns, written as Parquet with the manifest entry that goes with it.
//!
//! The layout follows what the engine reads well: zstd, dictionaries, page index, plain types, money as doubles of cents.

use almanac_model::ahead::fnv1a;
use almanac_model::manifest::{Field, File, Resource, Schema};
use almanac_model::types::Type;
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    downcast_primitive_array,
};
use arrow_buffer::ToByteSlice;
use arrow_schema::DataType;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group, at most.
const ROW_GROUP: usize = 131_072;
/// Rows of a page, at most: fine enough for the page index to skip by.
const PAGE: usize = 20_000;

/// Files up to this length are fetched whole: `SMALL` in `core/engine/src/load/extract.rs`.
const SMALL: usize = 1 << 20;
/// A footer up to this length is copied into the manifest; in Base64, compressed by the host, it takes about half of that.
const LARGEST_FOOTER: usize = 128 << 10;

/// A table in memory.
pub(crate) struct Extract {
    name: &'static str,
    description: &'static str,
    primary_key: Vec<String>,
    columns: Vec<Column>,
}

struct Column {
    field: Field,
    values: ArrayRef,
}

/// Which rows go into which file.
pub(crate) struct Part {
    /// Path relative to the data folder.
    pub(crate) path: String,
    /// Rows, in order.
    pub(crate) rows: Range<usize>,
}

impl Extract {
    /// A table without columns. `description` says what one row is.
    pub(crate) fn new(name: &'static str, description: &'static str, primary_key: &[&str]) -> Self {
        let primary_key = primary_key.iter().map(|&column| column.to_owned()).collect();
        Self { name, description, primary_key, columns: Vec::new() }
    }

    fn column(mut self, name: &str, description: &str, ty: Type, nullable: bool, values: ArrayRef) -> Self {
        let field = Field { name: name.to_owned(), ty, description: description.to_owned(), nullable, distinct: None };
        self.columns.push(Column { field, values });
        self
    }

    /// Whole numbers of 32 bits: keys and small counts.
    pub(crate) fn int(self, name: &str, description: &str, values: impl Iterator<Item = i32>) -> Self {
        self.column(name, description, Type::Integer, false, Arc::new(Int32Array::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn int_or_null(self, name: &str, description: &str, values: impl Iterator<Item = Option<i32>>) -> Self {
        self.column(name, description, Type::Integer, true, Arc::new(values.collect::<Int32Array>()))
    }

    /// Whole numbers of 64 bits: measures that are summed.
    pub(crate) fn bigint(self, name: &str, description: &str, values: impl Iterator<Item = i64>) -> Self {
        self.column(name, description, Type::BigInt, false, Arc::new(Int64Array::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn bigint_or_null(
        self,
        name: &str,
        description: &str,
        values: impl Iterator<Item = Option<i64>>,
    ) -> Self {
        self.column(name, description, Type::BigInt, true, Arc::new(values.collect::<Int64Array>()))
    }

    /// Numbers.
    pub(crate) fn double(self, name: &str, description: &str, values: impl Iterator<Item = f64>) -> Self {
        self.column(name, description, Type::Double, false, Arc::new(Float64Array::from_iter_values(values)))
    }

    /// Dollars, from cents.
    #[expect(clippy::cast_precision_loss, reason = "cents of a company stay below 2^53")]
    pub(crate) fn money(self, name: &str, description: &str, cents: impl Iterator<Item = i64>) -> Self {
        self.double(name, description, cents.map(|cents| cents as f64 / 100.0))
    }

    /// Texts.
    pub(crate) fn text(self, name: &str, description: &str, values: impl Iterator<Item = impl AsRef<str>>) -> Self {
        self.column(name, description, Type::Varchar, false, Arc::new(StringArray::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn text_or_null(
        self,
        name: &str,
        description: &str,
        values: impl Iterator<Item = Option<impl AsRef<str>>>,
    ) -> Self {
        self.column(name, description, Type::Varchar, true, Arc::new(values.collect::<StringArray>()))
    }

    /// True or false.
    pub(crate) fn flag(self, name: &str, description: &str, values: impl Iterator<Item = bool>) -> Self {
        let values = BooleanArray::from(values.collect::<Vec<_>>());
        self.column(name, description, Type::Boolean, false, Arc::new(values))
    }

    /// Days since 1970-01-01.
    pub(crate) fn date(self, name: &str, description: &str, values: impl Iterator<Item = i32>) -> Self {
        self.column(name, description, Type::Date, false, Arc::new(Date32Array::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn date_or_null(self, name: &str, description: &str, values: impl Iterator<Item = Option<i32>>) -> Self {
        self.column(name, description, Type::Date, true, Arc::new(values.collect::<Date32Array>()))
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Writes the table as one file, `<name>.parquet`.
    ///
    /// # Errors
    /// What the disk says, with the path.
    pub(crate) fn write(self, folder: &Path) -> Result<Resource, String> {
        let part = Part { path: format!("{}.parquet", self.name), rows: 0..self.rows() };
        self.write_parts(folder, vec![part])
    }

    /// Writes the table as several files.
    ///
    /// # Errors
    /// What the disk says, with the path.
    pub(crate) fn write_parts(mut self, folder: &Path, parts: Vec<Part>) -> Result<Resource, String> {
        let batch = self.batch()?;
        let properties = self.properties();
        let files: Result<Vec<File>, String> = parts
            .into_par_iter()
            .map(|part| write_file(folder, &part.path, &batch.slice(part.rows.start, part.rows.len()), &properties))
            .collect();
        self.columns.par_iter_mut().for_each(|column| column.field.distinct = distinct(&column.values));
        Ok(Resource {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            format: "parquet".to_owned(),
            rows: self.rows() as u64,
            schema: Schema {
                fields: self.columns.into_iter().map(|column| column.field).collect(),
                primary_key: self.primary_key,
            },
            files: files?,
        })
    }

    fn batch(&self) -> Result<RecordBatch, String> {
        let columns = self
            .columns
            .iter()
            .map(|column| (column.field.name.as_str(), Arc::clone(&column.values), column.field.nullable));
        RecordBatch::try_from_iter_with_nullable(columns).map_err(|error| format!("table `{}`: {error}", self.name))
    }

    /// Numbers with many values gain nothing from a dictionary: it would be written first and dropped later.
    fn properties(&self) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(9).unwrap_or_default()))
            .set_statistics_enabled(EnabledStatistics::Page)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_data_page_row_count_limit(PAGE)
            .set_created_by(concat!("almanac ", env!("CARGO_PKG_VERSION")).to_owned());
        for column in &self.columns {
            if self.primary_key.len() == 1 && self.primary_key.contains(&column.field.name) {
                let path = ColumnPath::new(vec![column.field.name.clone()]);
                properties = properties.set_column_dictionary_enabled(path, false);
            }
        }
        properties.build()
    }
}

fn write_file(folder: &Path, path: &str, batch: &RecordBatch, properties: &WriterProperties) -> Result<File, String> {
    let bytes = encode(batch, properties.clone()).map_err(|error| format!("`{path}` cannot be written: {error}"))?;
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
    Ok(File { path, bytes: bytes.len() as u64, sha256, rows, footer_start, footer })
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

/// Distinct values of a column, NULL aside; none for types that are not counted.
pub(crate) fn distinct(values: &ArrayRef) -> Option<u64> {
    let mut seen = HashSet::new();
    count(values, &mut seen).then_some(seen.len() as u64)
}

/// Adds the values of a column to those seen, by a hash of 64 bits: two values of one hash are not to be feared below a billion
/// of them. Returns whether values of this type can be counted.
pub(crate) fn count(values: &ArrayRef, seen: &mut HashSet<u64>) -> bool {
    fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>, seen: &mut HashSet<u64>) {
        seen.extend(values.flatten().map(|text| fnv1a(text.as_bytes())));
    }
    downcast_primitive_array!(
        values => seen.extend(values.iter().flatten().map(|value| fnv1a(value.to_byte_slice()))),
        DataType::Boolean => seen.extend(values.as_boolean().iter().flatten().map(u64::from)),
        DataType::Utf8 => texts(values.as_string::<i32>().iter(), seen),
        DataType::LargeUtf8 => texts(values.as_string::<i64>().iter(), seen),
        DataType::Utf8View => texts(values.as_string_view().iter(), seen),
        _ => return false
    );
    true
}
