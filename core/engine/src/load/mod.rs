//! Files into columns: Parquet by ranges or whole, CSV and Arrow IPC whole; decided by content.
//!
//! May use: arrow, parquet, the condition of a scan. Never: I/O other than through [`Host`](crate::host::Host), the rest of a plan.

pub(crate) mod claims;
mod column;
pub(crate) mod convert;
pub(crate) mod csv;
mod decode;
pub(crate) mod domain;
pub(crate) mod extract;
pub(crate) mod fetch;
pub(crate) mod ipc;
mod outline;
mod pages;
pub(crate) mod parquet;
pub(crate) mod prune;
pub(crate) mod rows;
pub(crate) mod shape;
pub(crate) mod sniff;
pub(crate) mod sparse;
mod texts;
mod thrift;
pub(crate) mod work;

use almanac_model::{Diagnostic, Severity, Type};
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::Schema;
use polars_core::prelude::Series;

/// A table that is wholly in memory.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Name, type and values.
    pub(crate) columns: Vec<(String, Type, Series)>,
    /// Rows.
    pub(crate) rows: u64,
    /// Columns left out.
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Says that a column of a type the engine has no shape for was left out.
pub(crate) fn left_out(table: &str, column: &str, data_type: &str) -> Diagnostic {
    let text = format!("column `{column}` of `{table}` was left out: its type {data_type} cannot be queried");
    Diagnostic { severity: Severity::Warning, ..Diagnostic::error_without_place("unreadable-column", text) }
}

/// Record batches of one schema as a table.
pub(crate) fn memory(name: &str, schema: &Schema, batches: &[RecordBatch]) -> Result<Memory, Diagnostic> {
    let mut out = Memory { rows: batches.iter().map(|batch| batch.num_rows() as u64).sum(), ..Memory::default() };
    for (at, field) in schema.fields().iter().enumerate() {
        let Some(ty) = shape::sql_type(field.data_type()) else {
            out.warnings.push(left_out(name, field.name(), &field.data_type().to_string()));
            continue;
        };
        let chunks: Vec<ArrayRef> =
            batches.iter().map(|batch| shape::physical(batch.column(at), ty)).collect::<Result<_, _>>().map_err(
                |error| {
                    Diagnostic::error_without_place(
                        "unreadable-column",
                        format!("column `{}` of `{name}`: {error}", field.name()),
                    )
                },
            )?;
        out.columns.push((field.name().clone(), ty, extract::column(field.name(), ty, &chunks)?));
    }
    Ok(out)
}
