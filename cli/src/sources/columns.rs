//! The columns of a table while its rows come in: every value is made what the schema says, or is told with its place.

use super::problems::Problems;
use crate::extract::arrow_type;
use almanac_model::Type;
use almanac_model::format::{parse_date, parse_timestamp};
use almanac_model::schema::{Column, Table};
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, new_empty_array};
use std::fmt::Display;
use std::sync::Arc;

/// A value as it stands in a source.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    Null,
    Text(&'a str),
    Json(&'a serde_json::Value),
}

/// Rows so far, in the order of the schema.
pub(crate) struct Columns<'a> {
    table: &'a Table,
    columns: Vec<Filling>,
}

struct Filling {
    builder: Builder,
    chunks: Vec<ArrayRef>,
}

enum Builder {
    Boolean(BooleanBuilder),
    Integer(Int32Builder),
    BigInt(Int64Builder),
    Double(Float64Builder),
    Varchar(StringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl<'a> Columns<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        let columns =
            table.columns.iter().map(|column| Filling { builder: Builder::of(column.ty), chunks: Vec::new() });
        Self { table, columns: columns.collect() }
    }

    pub(super) fn table(&self) -> &'a Table {
        self.table
    }

    /// Adds the next value of a column. What does not fit is told, and is NULL until somebody mends the source.
    pub(super) fn push(&mut self, at: usize, given: Given<'_>, place: &dyn Display, problems: &mut Problems) {
        let (Some(column), Some(filling)) = (self.table.columns.get(at), self.columns.get_mut(at)) else { return };
        if let Err(wrong) = filling.builder.push(given, column) {
            filling.builder.null();
            problems.tell(format!("{place}, column `{}`: {wrong}", column.name));
        }
    }

    /// Adds many values of a column that are of its type already.
    pub(super) fn append(&mut self, at: usize, values: ArrayRef) {
        if let Some(filling) = self.columns.get_mut(at) {
            let before = filling.builder.finish();
            filling.chunks.extend([before, values].into_iter().filter(|chunk| !chunk.is_empty()));
        }
    }

    /// The finished columns.
    ///
    /// # Errors
    /// What Arrow says; columns beyond its sizes.
    pub(crate) fn finish(self) -> Result<Vec<ArrayRef>, String> {
        let finished = self.columns.into_iter().zip(&self.table.columns).map(|(mut filling, column)| {
            let last = filling.builder.finish();
            filling.chunks.push(last);
            let chunks: Vec<&dyn arrow_array::Array> =
                filling.chunks.iter().filter(|chunk| !chunk.is_empty()).map(AsRef::as_ref).collect();
            if chunks.is_empty() {
                return Ok(new_empty_array(&arrow_type(column.ty)));
            }
            arrow_select::concat::concat(&chunks).map_err(|error| format!("column `{}`: {error}", column.name))
        });
        finished.collect()
    }
}

impl Builder {
    fn of(ty: Type) -> Self {
        match ty {
            Type::Boolean => Self::Boolean(BooleanBuilder::new()),
            Type::Integer => Self::Integer(Int32Builder::new()),
            Type::BigInt => Self::BigInt(Int64Builder::new()),
            Type::Double => Self::Double(Float64Builder::new()),
            Type::Date => Self::Date(Date32Builder::new()),
            Type::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new()),
            // A schema file knows no other types.
            _ => Self::Varchar(StringBuilder::new()),
        }
    }

    fn null(&mut self) {
        match self {
            Self::Boolean(values) => values.append_null(),
            Self::Integer(values) => values.append_null(),
            Self::BigInt(values) => values.append_null(),
            Self::Double(values) => values.append_null(),
            Self::Varchar(values) => values.append_null(),
            Self::Date(values) => values.append_null(),
            Self::Timestamp(values) => values.append_null(),
        }
    }

    fn push(&mut self, given: Given<'_>, column: &Column) -> Result<(), String> {
        let json;
        let text = match given {
            Given::Null | Given::Json(serde_json::Value::Null) if column.nullable => {
                self.null();
                return Ok(());
            }
            Given::Null | Given::Json(serde_json::Value::Null) => {
                return Err("it is empty, but the schema does not say `nullable: true`".to_owned());
            }
            Given::Json(serde_json::Value::String(text)) => text,
            Given::Json(value @ (serde_json::Value::Array(_) | serde_json::Value::Object(_)))
                if column.ty != Type::Varchar =>
            {
                let kind = if value.is_array() { "a list" } else { "an object" };
                return Err(format!("{kind} is no {}; make it `varchar` to keep it as JSON text", column.ty));
            }
            Given::Json(value) => {
                json = value.to_string();
                &json
            }
            Given::Text(text) => text,
        };
        let wrong = || {
            let short: String = text.chars().take(40).collect();
            let more = if short.len() < text.len() { "…" } else { "" };
            let example = match column.ty {
                Type::Integer => "a whole number up to 2,147,483,647",
                Type::BigInt => "a whole number of 64 bits",
                Type::Double => "a number with a point, as 1234.5",
                Type::Boolean => "true or false",
                Type::Date => "a day, as 2025-11-30",
                Type::Timestamp => "a time, as 2025-11-30 12:00:00",
                _ => "text",
            };
            format!("`{short}{more}` is no {}: {example} is expected", column.ty)
        };
        let trimmed = text.trim();
        match self {
            Self::Varchar(values) => values.append_value(text),
            Self::Boolean(values) => values.append_value(truth(trimmed).ok_or_else(wrong)?),
            Self::Integer(values) => values.append_value(trimmed.parse().map_err(|_| wrong())?),
            Self::BigInt(values) => values.append_value(trimmed.parse().map_err(|_| wrong())?),
            Self::Double(values) => values.append_value(trimmed.parse().map_err(|_| wrong())?),
            Self::Date(values) => values.append_value(parse_date(trimmed).ok_or_else(wrong)?),
            Self::Timestamp(values) => values.append_value(instant(trimmed).ok_or_else(wrong)?),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(values) => Arc::new(values.finish()),
            Self::Integer(values) => Arc::new(values.finish()),
            Self::BigInt(values) => Arc::new(values.finish()),
            Self::Double(values) => Arc::new(values.finish()),
            Self::Varchar(values) => Arc::new(values.finish()),
            Self::Date(values) => Arc::new(values.finish()),
            Self::Timestamp(values) => Arc::new(values.finish()),
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "1" => Some(true),
        "false" | "f" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Microseconds since 1970 in UTC; a time with an offset (`Z`, `+02`, `+02:00`) is brought to UTC, one without is taken as it is.
fn instant(text: &str) -> Option<i64> {
    const MINUTE: i64 = 60_000_000;
    if let Some(utc) = text.strip_suffix(['Z', 'z']) {
        return parse_timestamp(utc.trim_end());
    }
    // A minus sign after the time of day is an offset; those before it are of the date.
    let day = text.find([' ', 'T', 't']).unwrap_or(text.len());
    let Some(sign) = text[day..].find(['+', '-']).map(|at| day + at) else { return parse_timestamp(text) };
    let (time, offset) = text.split_at(sign);
    let digits = offset[1..].replace(':', "");
    let minutes: i64 = match digits.len() {
        2 => digits.parse::<i64>().ok()? * 60,
        4 => digits[..2].parse::<i64>().ok()? * 60 + digits[2..].parse::<i64>().ok()?,
        _ => return None,
    };
    let minutes = if offset.starts_with('-') { -minutes } else { minutes };
    parse_timestamp(time.trim_end())?.checked_sub(minutes * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_brought_to_utc() {
        // 2025-11-30 12:00:00 UTC is 1,764,504,000 seconds after 1970 (`date -u -d … +%s`).
        let noon = Some(1_764_504_000_000_000);
        for text in [
            "2025-11-30 12:00:00",
            "2025-11-30T12:00:00Z",
            "2025-11-30 14:00:00+02",
            "2025-11-30 06:30:00-05:30",
            "2025-11-30T13:00:00.000+0100",
        ] {
            assert_eq!(instant(text), noon, "{text}");
        }
        for text in ["noon", "2025-11-30 12:00:00+2", "2025-13-01 00:00:00", ""] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
