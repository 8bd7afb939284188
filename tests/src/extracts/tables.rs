//! Tables as Parquet files with a manifest, in the format of the site's own `datapackage.json`.

use almanac_model::manifest::{FILE_NAME, Field, File, Manifest, Resource, Schema};
use almanac_model::types::Type;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::error::Error;
use std::fmt::{Display, Write as _};
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group: few enough that the larger tables have several.
const GROUP: usize = 65_536;

/// One table's columns.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name in SQL.
    pub name: &'static str,
    /// Its columns, of equal length.
    pub batch: RecordBatch,
}

impl Table {
    /// A table of these columns.
    ///
    /// # Panics
    /// When the columns differ in length.
    #[must_use]
    pub fn new(name: &'static str, columns: Vec<(&str, ArrayRef)>) -> Self {
        let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
        Self { name, batch }
    }

    /// The table as a Parquet file.
    ///
    /// # Errors
    /// When a column's type has no place in Parquet.
    pub fn to_parquet(&self) -> Result<Bytes, Box<dyn Error>> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let mut out = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut out, self.batch.schema(), Some(properties))?;
        writer.write(&self.batch)?;
        writer.close()?;
        Ok(out.into())
    }

    fn resource(&self, bytes: &[u8]) -> Result<Resource, Box<dyn Error>> {
        let rows = self.batch.num_rows() as u64;
        let path = format!("{}.parquet", self.name);
        let fields = self.batch.schema().fields().iter().zip(self.batch.columns()).map(field).collect();
        // A Parquet file ends with the footer, its length in four bytes, and `PAR1`.
        let footer: [u8; 4] = bytes[bytes.len() - 8..bytes.len() - 4].try_into()?;
        let sha256 = Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let file = File {
            path,
            bytes: bytes.len() as u64,
            sha256,
            rows,
            footer_start: bytes.len() as u64 - 8 - u64::from(u32::from_le_bytes(footer)),
            footer: None,
            ..File::default()
        };
        Ok(Resource {
            name: self.name.to_owned(),
            description: String::new(),
            format: "parquet".to_owned(),
            rows,
            schema: Schema { fields, ..Schema::default() },
            files: vec![file],
            ..Resource::default()
        })
    }
}

fn field((field, values): (&Arc<arrow_schema::Field>, &ArrayRef)) -> Field {
    let (ty, distinct) = match values.data_type() {
        DataType::Int32 => (Type::Integer, distinct(values.as_primitive::<arrow_array::types::Int32Type>().iter())),
        DataType::Int64 => (Type::BigInt, distinct(values.as_primitive::<arrow_array::types::Int64Type>().iter())),
        DataType::Date32 => (Type::Date, distinct(values.as_primitive::<arrow_array::types::Date32Type>().iter())),
        DataType::Float64 => {
            let bits = values.as_primitive::<arrow_array::types::Float64Type>().iter();
            (Type::Double, distinct(bits.map(|value| value.map(f64::to_bits))))
        }
        _ => (Type::Varchar, distinct(values.as_string::<i32>().iter())),
    };
    Field {
        name: field.name().clone(),
        ty,
        description: String::new(),
        nullable: values.null_count() > 0,
        distinct: Some(distinct),
        ..Field::default()
    }
}

fn distinct<T: Eq + std::hash::Hash>(values: impl Iterator<Item = Option<T>>) -> u64 {
    values.flatten().collect::<HashSet<T>>().len() as u64
}

/// Writes the tables and their manifest.
pub(super) fn write(folder: &Path, title: &str, tables: &[Table]) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let mut resources = Vec::new();
    for table in tables {
        let bytes = table.to_parquet()?;
        resources.push(table.resource(&bytes)?);
        std::fs::write(folder.join(format!("{}.parquet", table.name)), &bytes)?;
    }
    let manifest =
        Manifest { name: format!("tests-{title}"), title: title.to_owned(), resources, ..Manifest::default() };
    std::fs::write(folder.join(FILE_NAME), serde_json::to_string_pretty(&manifest)?)?;
    Ok(())
}

/// `BIGINT`.
pub(super) fn bigint<R>(rows: &[R], value: impl Fn(&R) -> i64) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(rows.iter().map(value)))
}

/// `INTEGER`.
pub(super) fn integer<R>(rows: &[R], value: impl Fn(&R) -> i32) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(rows.iter().map(value)))
}

/// `DOUBLE`.
pub(super) fn double<R>(rows: &[R], value: impl Fn(&R) -> f64) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(rows.iter().map(value)))
}

/// `DATE`, from days since 1970-01-01.
pub(super) fn date<R>(rows: &[R], value: impl Fn(&R) -> i32) -> ArrayRef {
    Arc::new(Date32Array::from_iter_values(rows.iter().map(value)))
}

/// `VARCHAR`.
pub(super) fn text<'r, R, T: Display>(rows: &'r [R], value: impl Fn(&'r R) -> T) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(rows.iter().map(|row| value(row).to_string())))
}
