//! `almanac add`: puts an existing Parquet file into a site's data folder and its manifest.

use crate::{extract, manifest};
use almanac_model::manifest::{Field, Resource, Schema};
use almanac_model::types::Type;
use arrow_array::Array;
use arrow_schema::DataType;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;
use std::path::Path;

/// Copies the file to `<folder>/<name>.parquet`, unless it lies there already, and describes it in the manifest.
///
/// # Errors
/// A sentence with the path, when the file is no Parquet file, has a column that no SQL type fits, or cannot be copied.
pub(crate) fn add(folder: &Path, file: &Path, name: &str, description: &str) -> Result<Resource, String> {
    if !is_name(name) {
        return Err(format!(
            "`{name}` is no table name: give one with `--name`, of letters, digits and `_`, that begins with a letter"
        ));
    }
    let bytes = std::fs::read(file).map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?;
    let bytes = Bytes::from(bytes);
    let path = format!("{name}.parquet");
    let mut known = manifest::read(folder)?;
    let previous = known.resources.iter().find(|resource| resource.name.eq_ignore_ascii_case(name)).cloned();
    let resource = describe(&bytes, path.clone(), name, description, previous.as_ref())
        .map_err(|error| format!("`{}`: {error}", file.display()))?;
    let target = folder.join(path);
    if std::fs::read(&target).is_ok_and(|there| there == bytes) {
        // The same bytes are there already: nothing to copy, and no new time stamp.
    } else {
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&target, &bytes))
            .map_err(|error| format!("`{}` cannot be written: {error}", target.display()))?;
    }
    manifest::put(&mut known, resource.clone());
    manifest::write(folder, &known)?;
    Ok(resource)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The manifest's entry; words that a person wrote into an earlier entry are kept.
fn describe(
    bytes: &Bytes,
    path: String,
    name: &str,
    description: &str,
    previous: Option<&Resource>,
) -> Result<Resource, String> {
    let not_parquet =
        |error: parquet::errors::ParquetError| format!("this is no Parquet file that can be read: {error}");
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).map_err(not_parquet)?;
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
    let arrow = builder.schema().clone();
    let fields: Result<Vec<Field>, String> = (0..arrow.fields().len())
        .into_par_iter()
        .map(|at| {
            let field = arrow.field(at);
            let ty = sql_type(field.data_type()).ok_or_else(|| {
                format!(
                    "column `{}` is of type {}, which has no SQL type here; leave it out",
                    field.name(),
                    field.data_type()
                )
            })?;
            let (nulls, distinct) = values_of(bytes, at).map_err(not_parquet)?;
            let kept =
                previous.and_then(|resource| resource.schema.fields.iter().find(|kept| kept.name == *field.name()));
            Ok(Field {
                name: field.name().clone(),
                ty,
                description: kept.map(|kept| kept.description.clone()).unwrap_or_default(),
                unit: kept.map(|kept| kept.unit.clone()).unwrap_or_default(),
                nullable: nulls,
                distinct,
            })
        })
        .collect();
    let file = extract::describe(path, bytes, rows)?;
    let kept = previous.map(|resource| resource.description.clone()).unwrap_or_default();
    Ok(Resource {
        name: name.to_owned(),
        description: if description.is_empty() { kept } else { description.to_owned() },
        format: "parquet".to_owned(),
        rows,
        schema: Schema {
            fields: fields?,
            primary_key: previous.map(|resource| resource.schema.primary_key.clone()).unwrap_or_default(),
            foreign_keys: previous.map(|resource| resource.schema.foreign_keys.clone()).unwrap_or_default(),
        },
        files: vec![file],
        ..Resource::default()
    })
}

/// The SQL type that a column gets when it is loaded: what `core/engine/src/load/shape.rs` says, which is not at hand here.
fn sql_type(arrow: &DataType) -> Option<Type> {
    Some(match arrow {
        DataType::Null => Type::Null,
        DataType::Boolean => Type::Boolean,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 => Type::Integer,
        DataType::Int64 | DataType::UInt32 | DataType::UInt64 => Type::BigInt,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Type::Double,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            Type::Double
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Type::Varchar,
        DataType::Dictionary(_, values) => return sql_type(values),
        DataType::RunEndEncoded(_, values) => return sql_type(values.data_type()),
        DataType::Date32 | DataType::Date64 => Type::Date,
        DataType::Time32(_) | DataType::Time64(_) => Type::Time,
        DataType::Timestamp(..) => Type::Timestamp,
        _ => return None,
    })
}

/// Whether a column holds NULLs, and how many distinct values where these can be counted.
fn values_of(bytes: &Bytes, column: usize) -> parquet::errors::Result<(bool, Option<u64>)> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone())?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), [column]);
    let mut nulls = false;
    let mut seen = extract::Seen::default();
    let mut counted = true;
    for batch in builder.with_projection(mask).with_batch_size(65_536).build()? {
        let batch = batch?;
        let values = batch.column(0);
        nulls |= values.null_count() > 0;
        counted = counted && extract::count(values, &mut seen);
    }
    Ok((nulls, counted.then_some(seen.len() as u64)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extract;
    use almanac_model::manifest::FILE_NAME;
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("almanac-add-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A Parquet file that somebody else might have made.
    fn foreign(folder: &Path) -> PathBuf {
        let schema = "tables: {foreign: {columns: {delay: {type: bigint, nullable: true}, origin: {type: varchar}}}}";
        let tables = almanac_model::schema::parse(schema).value;
        Extract::new(&tables[0])
            .bigint_or_null("delay", [Some(3), None, Some(3)].into_iter())
            .text("origin", ["JFK", "LAX", "ORD"].into_iter())
            .write(folder, "foreign.parquet")
            .unwrap();
        folder.join("foreign.parquet")
    }

    #[test]
    fn a_file_gets_its_place_beside_the_others() {
        let folder = folder("place");
        let file = foreign(&folder);
        add(&folder, &file, "zebra", "Zebras").unwrap();
        let added = add(&folder, &file, "flights", "One row per flight.").unwrap();
        assert_eq!(added.rows, 3);
        let fields: Vec<_> = added
            .schema
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.ty, field.nullable, field.distinct))
            .collect();
        assert_eq!(fields, [("delay", Type::BigInt, true, Some(1)), ("origin", Type::Varchar, false, Some(3))]);
        let text = std::fs::read_to_string(folder.join(FILE_NAME)).unwrap();
        // Again, without a description: nothing changes, and the words of before stay.
        add(&folder, &file, "flights", "").unwrap();
        assert_eq!(std::fs::read_to_string(folder.join(FILE_NAME)).unwrap(), text);
        let names: Vec<_> =
            manifest::read(&folder).unwrap().resources.into_iter().map(|resource| resource.name).collect();
        assert_eq!(names, ["flights", "zebra"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_parquet_file_is_refused() {
        let folder = folder("refused");
        let file = folder.join("x.parquet");
        for bytes in [&b""[..], b"PAR1", b"PAR1 and much more that is not a footer PAR1"] {
            std::fs::write(&file, bytes).unwrap();
            assert!(add(&folder, &file, "x", "").is_err());
        }
        assert!(add(&folder, &folder.join("missing.parquet"), "x", "").is_err());
        assert!(add(&folder, &foreign(&folder), "../x", "").is_err());
        assert!(!folder.join(FILE_NAME).exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
