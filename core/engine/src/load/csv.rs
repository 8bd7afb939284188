//! Text with separated values: delimiter, header and types are found by looking at the whole file.

use std::collections::BTreeSet;
use std::sync::Arc;

use almanac_model::Diagnostic;
use arrow::array::RecordBatch;
use arrow::csv::ReaderBuilder;
use arrow::csv::reader::Format;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use bytes::Bytes;

use super::{Memory, memory};

/// Candidates, the likeliest first: ties go to the earlier.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Lines looked at to find the delimiter.
const SAMPLE_LINES: usize = 100;
const BATCH_ROWS: usize = 1 << 16;

/// Reads a CSV text whole.
///
/// # Errors
/// When it is not UTF-8, has no columns, or a row has more values than the first.
pub(crate) fn read(name: &str, bytes: &Bytes) -> Result<Memory, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").map_or_else(|| bytes.clone(), |rest| bytes.slice_ref(rest));
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        Diagnostic::error_without_place(
            "not-utf8",
            format!("`{name}` is not UTF-8 text: byte {} does not fit", error.valid_up_to()),
        )
        .hint("save it as \"CSV UTF-8\"")
    })?;
    if text.trim().is_empty() {
        return Err(Diagnostic::error_without_place("empty-file", format!("`{name}` has no rows")));
    }
    let delimiter = delimiter(text);
    let header = has_header(text, delimiter);
    let format = Format::default().with_header(header).with_delimiter(delimiter).with_truncated_rows(true);
    let (schema, rows) = format.infer_schema(text.as_bytes(), None).map_err(|error| unreadable(name, &error))?;
    let mut schema = with_names(&schema, header);
    // A column whose values look like numbers or dates but do not fit the type (a 20-digit key) is text.
    let batches = loop {
        match decode(&bytes, &schema, header, delimiter) {
            Ok(batches) => break batches,
            Err(error) => {
                match failing_column(&error).filter(|at| schema.field(*at).data_type() != &DataType::Utf8View) {
                    Some(at) => schema = with_text(&schema, at),
                    None => return Err(unreadable(name, &error)),
                }
            }
        }
    };
    let mut memory = memory(name, &schema, &batches)?;
    if header && rows == 0 {
        memory.warnings.push(Diagnostic {
            severity: almanac_model::Severity::Warning,
            ..Diagnostic::error_without_place("empty-file", format!("`{name}` has column names but no rows"))
        });
    }
    Ok(memory)
}

fn unreadable(name: &str, error: &ArrowError) -> Diagnostic {
    let text = error.to_string();
    let code = if text.contains("incorrect number of fields") { "ragged-row" } else { "unreadable-csv" };
    Diagnostic::error_without_place(code, format!("`{name}` cannot be read as CSV: {text}"))
        .hint("every row needs as many values as the first; values with the delimiter in them need quotes")
}

fn decode(bytes: &Bytes, schema: &Arc<Schema>, header: bool, delimiter: u8) -> Result<Vec<RecordBatch>, ArrowError> {
    ReaderBuilder::new(Arc::clone(schema))
        .with_header(header)
        .with_delimiter(delimiter)
        .with_truncated_rows(true)
        .with_batch_size(BATCH_ROWS)
        .build(std::io::Cursor::new(bytes))?
        .collect()
}

/// arrow-csv says "Error while parsing value … for column 3 at line 7".
fn failing_column(error: &ArrowError) -> Option<usize> {
    let text = error.to_string();
    let rest = text.split(" for column ").nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn with_text(schema: &Schema, at: usize) -> Arc<Schema> {
    let fields: Vec<Field> =
        schema
            .fields()
            .iter()
            .enumerate()
            .map(|(i, field)| {
                if i == at { field.as_ref().clone().with_data_type(DataType::Utf8View) } else { field.as_ref().clone() }
            })
            .collect();
    Arc::new(Schema::new(fields))
}

/// Every column gets a name of its own: `column_2` where it is empty, `amount_1` where it repeats, as in DuckDB.
fn with_names(schema: &Schema, header: bool) -> Arc<Schema> {
    let mut seen = BTreeSet::new();
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let given = field.name().trim();
            let base = if given.is_empty() || !header { format!("column_{}", at + 1) } else { given.to_owned() };
            let mut name = base.clone();
            let mut n = 0;
            while !seen.insert(name.to_lowercase()) {
                n += 1;
                name = format!("{base}_{n}");
            }
            let ty = match field.data_type() {
                DataType::Utf8 => DataType::Utf8View,
                other => other.clone(),
            };
            Field::new(name, ty, true)
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// Fields of a line, quotes respected, as far as finding the delimiter needs it.
fn fields(line: &str, delimiter: u8) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b if b == delimiter && !quoted => {
                out.push(&line[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&line[start..]);
    out
}

/// The candidate that splits the lines most evenly into the most fields.
fn delimiter(text: &str) -> u8 {
    let score = |candidate: u8| {
        let counts: Vec<usize> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .take(SAMPLE_LINES)
            .map(|line| fields(line, candidate).len())
            .collect();
        let first = counts.first().copied().unwrap_or(1);
        let even = counts.iter().filter(|count| **count == first).count();
        if first < 2 { (0, 0) } else { (even, first) }
    };
    DELIMITERS.iter().copied().rev().max_by_key(|candidate| score(*candidate)).unwrap_or(b',')
}

/// The first line names the columns unless one of its values is a number or a date, or two are alike.
fn has_header(text: &str, delimiter: u8) -> bool {
    let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else { return true };
    let names: Vec<&str> = fields(first, delimiter).into_iter().map(|name| name.trim().trim_matches('"')).collect();
    let looks_like_data = |value: &&str| {
        value.parse::<f64>().is_ok()
            || matches!(value.to_ascii_lowercase().as_str(), "true" | "false")
            || (value.len() >= 10
                && value.is_char_boundary(10)
                && value[..10]
                    .bytes()
                    .enumerate()
                    .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() }))
    };
    !names.iter().any(looks_like_data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use almanac_model::Type;

    fn table(text: &'static [u8]) -> Memory {
        read("t.csv", &Bytes::from_static(text)).expect("reads")
    }

    fn types(memory: &Memory) -> Vec<(&str, Type)> {
        memory.columns.iter().map(|(name, ty, _)| (name.as_str(), *ty)).collect()
    }

    #[test]
    fn types_and_delimiters_are_found() {
        let memory = table(b"\xEF\xBB\xBFid;name;when;amount\n1;\"a;b\";2024-02-29;1.5\n2;;2024-03-01;\n");
        assert_eq!(
            types(&memory),
            [("id", Type::BigInt), ("name", Type::Varchar), ("when", Type::Date), ("amount", Type::Double)]
        );
        assert_eq!(memory.rows, 2);
        assert_eq!(memory.columns[1].2.null_count(), 1);
        assert_eq!(memory.columns[2].2.i32().expect("days").get(0), Some(19_782));
    }

    #[test]
    fn a_first_line_of_data_is_no_header() {
        let memory = table(b"1,x\n2,y\n");
        assert_eq!(types(&memory), [("column_1", Type::BigInt), ("column_2", Type::Varchar)]);
        assert_eq!(memory.rows, 2);
    }

    #[test]
    fn names_are_made_unique() {
        assert_eq!(
            types(&table(b"a,A,\nx,y,z\n")).iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["a", "A_1", "column_3"]
        );
    }

    #[test]
    fn numbers_that_do_not_fit_become_text() {
        assert_eq!(types(&table(b"key,n\n99999999999999999999,1\n"))[0], ("key", Type::Varchar));
    }

    #[test]
    fn short_rows_are_filled_and_long_ones_named() {
        let memory = table(b"a,b\n1,2\n3\n");
        assert_eq!((memory.rows, memory.columns[1].2.null_count()), (2, 1));
        let error = read("t.csv", &Bytes::from_static(b"a,b\n1,2\n3,4,5\n")).expect_err("too long");
        assert_eq!(error.code.0, "ragged-row");
        assert!(error.message.contains("line 3"), "{}", error.message);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(read("t", &Bytes::from_static(b"a\n\xFF\xFE")).expect_err("refused").code.0, "not-utf8");
        assert_eq!(read("t", &Bytes::from_static(b"\n \n")).expect_err("refused").code.0, "empty-file");
    }
}
