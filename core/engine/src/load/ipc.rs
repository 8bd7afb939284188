//! Arrow IPC files and streams, with or without compression.

use std::io::Cursor;

use almanac_model::Diagnostic;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use bytes::Bytes;

use super::{Memory, memory};

/// Reads a file (`stream` false) or a stream whole.
///
/// # Errors
/// When the bytes are damaged.
pub(crate) fn read(name: &str, bytes: &Bytes, stream: bool) -> Result<Memory, Diagnostic> {
    let read = || -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
        if stream {
            let reader = StreamReader::try_new(Cursor::new(bytes.clone()), None)?;
            Ok((reader.schema(), reader.collect::<Result<_, _>>()?))
        } else {
            let reader = FileReader::try_new(Cursor::new(bytes.clone()), None)?;
            Ok((reader.schema(), reader.collect::<Result<_, _>>()?))
        }
    };
    let (schema, batches) = read().map_err(|error| {
        Diagnostic::error_without_place("damaged-file", format!("`{name}` is not a whole Arrow file: {error}"))
            .hint("copy or export the file again; it may have been cut off on its way")
    })?;
    memory(name, &schema, &batches)
}
