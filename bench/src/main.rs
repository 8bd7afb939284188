//! `almanac-bench <folder>`: TPC-H at scale factors 0.1 and 1 for the benchmark, as zstd Parquet and as Arrow streams; and the
//! order lines of scale factor 3 as Parquet alone.
//!
//! The rows are those of the `tpchgen` crate. Two changes, the same for both engines: money is a 64-bit float and text is
//! plain UTF-8, because those are what extracts of a data warehouse look like and what every reader accepts.

use arrow::array::{ArrayRef, AsArray, Float64Array, StringArray};
use arrow::datatypes::{DataType, Decimal128Type, Field, Schema};
use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::{RecordBatch, RecordBatchReader};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};
use tpchgen_arrow::{
    CustomerArrow, LineItemArrow, NationArrow, OrderArrow, PartArrow, PartSuppArrow, RegionArrow, SupplierArrow,
};

/// Rows of a Parquet row group.
const GROUP: usize = 262_144;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("usage: almanac-bench <folder>")?);
    for (name, scale, only) in [("sf0.1", 0.1, ""), ("sf1", 1.0, ""), ("sf3", 3.0, "lineitem")] {
        let folder = out.join(name);
        std::fs::create_dir_all(&folder)?;
        for (table, rows) in tables(scale).into_iter().filter(|(table, _)| only.is_empty() || *table == only) {
            write(&folder, table, rows, only.is_empty())?;
        }
    }
    Ok(())
}

/// The eight tables at a scale factor.
fn tables(scale: f64) -> Vec<(&'static str, Box<dyn RecordBatchReader>)> {
    vec![
        ("region", Box::new(RegionArrow::new(RegionGenerator::new(scale, 1, 1)))),
        ("nation", Box::new(NationArrow::new(NationGenerator::new(scale, 1, 1)))),
        ("supplier", Box::new(SupplierArrow::new(SupplierGenerator::new(scale, 1, 1)))),
        ("customer", Box::new(CustomerArrow::new(CustomerGenerator::new(scale, 1, 1)))),
        ("part", Box::new(PartArrow::new(PartGenerator::new(scale, 1, 1)))),
        ("partsupp", Box::new(PartSuppArrow::new(PartSuppGenerator::new(scale, 1, 1)))),
        ("orders", Box::new(OrderArrow::new(OrderGenerator::new(scale, 1, 1)))),
        ("lineitem", Box::new(LineItemArrow::new(LineItemGenerator::new(scale, 1, 1)))),
    ]
}

/// Writes a table as Parquet and, if `streamed`, as an Arrow stream, too.
fn write(folder: &Path, table: &str, rows: Box<dyn RecordBatchReader>, streamed: bool) -> Result<()> {
    let schema = Arc::new(plain_schema(&rows.schema()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let parquet = File::create(folder.join(format!("{table}.parquet")))?;
    let mut parquet = ArrowWriter::try_new(BufWriter::new(parquet), schema.clone(), Some(properties))?;
    let mut stream = None;
    if streamed {
        let file = File::create(folder.join(format!("{table}.arrows")))?;
        stream = Some(StreamWriter::try_new(BufWriter::new(file), &schema)?);
    }
    for batch in rows {
        let batch = plain(&batch?, &schema)?;
        parquet.write(&batch)?;
        if let Some(stream) = &mut stream {
            stream.write(&batch)?;
        }
    }
    parquet.close()?;
    if let Some(mut stream) = stream {
        stream.finish()?;
    }
    Ok(())
}

fn plain_schema(schema: &Schema) -> Schema {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| {
            let kind = match field.data_type() {
                DataType::Decimal128(..) => DataType::Float64,
                DataType::Utf8View => DataType::Utf8,
                other => other.clone(),
            };
            Field::new(field.name(), kind, field.is_nullable())
        })
        .collect();
    Schema::new(fields)
}

fn plain(batch: &RecordBatch, schema: &Arc<Schema>) -> Result<RecordBatch> {
    let columns: Vec<ArrayRef> = batch
        .columns()
        .iter()
        .map(|column| match column.data_type() {
            DataType::Decimal128(_, scale) => {
                let divisor = 10f64.powi(i32::from(*scale));
                // Prices have at most 12 digits: the division is exact to the nearest float.
                #[expect(clippy::cast_precision_loss, reason = "at most 12 digits")]
                let floats: Float64Array = column
                    .as_primitive::<Decimal128Type>()
                    .iter()
                    .map(|value| value.map(|value| value as f64 / divisor))
                    .collect();
                Arc::new(floats) as ArrayRef
            }
            DataType::Utf8View => Arc::new(column.as_string_view().iter().collect::<StringArray>()),
            _ => column.clone(),
        })
        .collect();
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}
