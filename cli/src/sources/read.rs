//! Readers of rows: CSV, JSON, Parquet, and what PostgreSQL answers, which comes as CSV.

use super::columns::{Columns, Given};
use super::problems::Problems;
use crate::extract::arrow_type;
use almanac_model::diagnostic::closest;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Names of a source's columns that the schema does not have: they are not published.
pub(crate) type LeftOut = BTreeSet<String>;

/// Reads one file, by the end of its name.
///
/// # Errors
/// A sentence that names the file, when it is not what its name says or lacks a column.
pub(crate) fn file(
    path: &Path,
    name: &str,
    into: &mut Columns<'_>,
    problems: &mut Problems,
) -> Result<LeftOut, String> {
    let open = || File::open(path).map_err(|error| format!("`{name}` cannot be read: {error}"));
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match ending.as_str() {
        "csv" => csv(BufReader::new(open()?), name, b',', "", into, problems),
        "tsv" => csv(BufReader::new(open()?), name, b'\t', "", into, problems),
        "json" | "ndjson" | "jsonl" => json(BufReader::new(open()?), name, into, problems),
        "parquet" => parquet(open()?, name, into, problems),
        _ => Err(format!("`{name}` ends in none of .csv, .tsv, .json, .ndjson, .jsonl, .parquet")),
    }
}

/// For each column of the schema its place among `given`, and the names that the schema does not have.
fn places(name: &str, given: &[String], into: &Columns<'_>) -> Result<(Vec<usize>, LeftOut), String> {
    let twice = given.iter().enumerate().find(|(at, column)| given[..*at].contains(column));
    if let Some((_, column)) = twice {
        return Err(format!("`{name}` has two columns `{column}`"));
    }
    let table = into.table();
    let places: Result<Vec<usize>, String> = (table.columns.iter())
        .map(|column| {
            given.iter().position(|given| *given == column.name).ok_or_else(|| {
                let near = closest(&column.name, given.iter().map(String::as_str));
                let near = near.map_or_else(|| given.join(", "), |near| format!("did you mean `{near}`?"));
                format!("`{name}` has no column `{}`, which the schema wants: {near}", column.name)
            })
        })
        .collect();
    let left_out = given.iter().filter(|given| !table.columns.iter().any(|column| column.name == **given));
    Ok((places?, left_out.cloned().collect()))
}

/// Reads CSV with a head line (RFC 4180). `null` is how NULL is written; an empty field of a text column that knows no NULL is an
/// empty text.
///
/// # Errors
/// A sentence with the line, when it is no CSV.
pub(super) fn csv(
    from: impl Read,
    name: &str,
    delimiter: u8,
    null: &str,
    into: &mut Columns<'_>,
    problems: &mut Problems,
) -> Result<LeftOut, String> {
    let failed = |error: csv::Error| {
        let line = error.position().map_or(String::new(), |place| format!(", line {}", place.line()));
        let hint = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("it has {len} fields and the head line {expected_len}; texts with `,` need quotes")
            }
            csv::ErrorKind::Utf8 { .. } => "it is not UTF-8; save the file in that encoding".to_owned(),
            _ => error.to_string(),
        };
        format!("`{name}`{line}: {hint}")
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(from);
    let head = reader.headers().map_err(failed)?.clone();
    // Some programs begin a file of UTF-8 with a byte order mark.
    let given: Vec<String> = head.iter().map(|column| column.trim_start_matches('\u{feff}').to_owned()).collect();
    let (places, left_out) = places(name, &given, into)?;
    let keeps_empty: Vec<bool> = (into.table().columns.iter())
        .map(|column| null.is_empty() && !column.nullable && column.ty == almanac_model::Type::Varchar)
        .collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(failed)? {
        let line = record.position().map_or(0, csv::Position::line);
        for (at, place) in places.iter().enumerate() {
            let field = record.get(*place).unwrap_or_default();
            let given = if field == null && !keeps_empty[at] { Given::Null } else { Given::Text(field) };
            into.push(at, given, &format_args!("`{name}`, line {line}"), problems);
        }
    }
    Ok(left_out)
}

/// Reads objects: a list of them, or one after another.
fn json(mut from: impl Read, name: &str, into: &mut Columns<'_>, problems: &mut Problems) -> Result<LeftOut, String> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
    let mut left_out = LeftOut::new();
    let mut seen = vec![false; into.table().columns.len()];
    let mut count = 0_u64;
    let mut row = |value: &serde_json::Value, problems: &mut Problems| {
        count += 1;
        let Some(object) = value.as_object() else {
            problems.tell(format!("`{name}`, record {count}: an object is expected, as {{\"column\": value}}"));
            return;
        };
        let columns = &into.table().columns;
        left_out.extend(object.keys().filter(|key| !columns.iter().any(|column| column.name == **key)).cloned());
        for (at, column) in columns.iter().enumerate() {
            let given = object.get(&column.name);
            seen[at] |= given.is_some();
            let given = given.map_or(Given::Null, Given::Json);
            into.push(at, given, &format_args!("`{name}`, record {count}"), problems);
        }
    };
    let failed = |error: serde_json::Error| format!("`{name}` is not JSON: {error}");
    if bytes.trim_ascii_start().starts_with(b"[") {
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&bytes).map_err(failed)?;
        rows.iter().for_each(|value| row(value, problems));
    } else {
        for value in serde_json::Deserializer::from_slice(&bytes).into_iter() {
            row(&value.map_err(failed)?, problems);
        }
    }
    let missing = into.table().columns.iter().zip(seen).find(|(_, seen)| !seen);
    match missing {
        Some((column, _)) if count > 0 => {
            let near = closest(&column.name, left_out.iter().map(String::as_str));
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(format!("no record of `{name}` has a value `{}`, which the schema wants{hint}", column.name))
        }
        _ => Ok(left_out),
    }
}

fn parquet(file: File, name: &str, into: &mut Columns<'_>, problems: &mut Problems) -> Result<LeftOut, String> {
    let failed = |error: &dyn std::fmt::Display| format!("`{name}` is no Parquet file that can be read: {error}");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| failed(&error))?;
    let given: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let (places, left_out) = places(name, &given, into)?;
    let columns = &into.table().columns;
    for (column, place) in columns.iter().zip(&places) {
        let found = builder.schema().field(*place).data_type();
        if !is_lossless(found, &arrow_type(column.ty)) {
            let (column, ty) = (&column.name, column.ty);
            return Err(format!(
                "`{name}`: column `{column}` is {found} there, which is not always a {ty}; say another type in the schema, or convert it where the file is made"
            ));
        }
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    // The reader gives the columns in the order of the file.
    let mut order: Vec<usize> = places.clone();
    order.sort_unstable();
    let reader = builder.with_projection(mask).build().map_err(|error| failed(&error))?;
    let mut before = 0;
    for batch in reader {
        let batch = batch.map_err(|error| failed(&error))?;
        for (at, place) in places.iter().enumerate() {
            let values = batch.column(order.partition_point(|other| other < place));
            take(at, values, (name, before), into, problems)?;
        }
        before += batch.num_rows();
    }
    Ok(left_out)
}

/// Adds values of a Parquet file, which begin after `before` rows of it.
fn take(
    at: usize,
    values: &ArrayRef,
    (name, before): (&str, usize),
    into: &mut Columns<'_>,
    problems: &mut Problems,
) -> Result<(), String> {
    let column = &into.table().columns[at];
    let target = arrow_type(column.ty);
    let cast = |to: &DataType| {
        cast_with_options(values, to, &CastOptions { safe: true, ..CastOptions::default() })
            .map_err(|error| format!("`{name}`, column `{}`: {error}", column.name))
    };
    if is_text(values.data_type()) && target != DataType::Utf8 {
        let texts = cast(&DataType::Utf8)?;
        for (row, text) in texts.as_string::<i32>().iter().enumerate() {
            let row = before + row + 1;
            into.push(at, text.map_or(Given::Null, Given::Text), &format_args!("`{name}`, row {row}"), problems);
        }
        return Ok(());
    }
    let made = cast(&target)?;
    for row in 0..made.len() {
        let lost = made.is_null(row) && values.is_valid(row);
        if lost || (made.is_null(row) && !column.nullable) {
            let what = if lost {
                format!("it is too large for {}", column.ty)
            } else {
                "it is NULL, but the schema does not say `nullable: true`".to_owned()
            };
            problems.tell(format!("`{name}`, row {}, column `{}`: {what}", before + row + 1, column.name));
        }
    }
    into.append(at, made);
    Ok(())
}

fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => false,
    }
}

/// Whether every value of a type can be said in another, but for its size, which is checked value by value.
fn is_lossless(from: &DataType, to: &DataType) -> bool {
    match to {
        _ if is_text(from) => true,
        DataType::Int32 | DataType::Int64 => {
            from.is_integer()
                || matches!(from, DataType::Decimal128(_, 0) | DataType::Decimal32(_, 0) | DataType::Decimal64(_, 0))
        }
        DataType::Float64 => from.is_integer() || from.is_floating() || from.is_decimal(),
        DataType::Date32 => matches!(from, DataType::Date32 | DataType::Date64),
        DataType::Timestamp(..) => matches!(from, DataType::Timestamp(..) | DataType::Date32),
        other => from == other,
    }
}
