//! What will be public, in words: every table and column, and why those that look personal are there.

use super::Ready;
use almanac_model::format::{bytes, civil_from_days, plural};
use almanac_model::manifest::Resource;
use almanac_model::sources::Origin;
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use std::fmt::Write as _;
use std::path::Path;

/// The whole report, as Markdown.
pub(super) fn whole(sections: &[String], out: &Path, dry_run: bool) -> String {
    let head = if dry_run {
        format!("# What would be public in {}\n\nNothing was written.", out.display())
    } else {
        format!("# What is public in {}", out.display())
    };
    format!("{head}\nWhoever can open the site can read every row and column below.\n\n{}", sections.join("\n"))
}

/// The part of one table.
pub(super) fn section(ready: &Ready<'_>, written: Option<&Resource>) -> String {
    let table = ready.table;
    let rows = ready.columns.first().map_or(0, |first| first.len());
    let rows = plural(i64::try_from(rows).unwrap_or(i64::MAX), "row", "rows");
    let size = written.map_or(String::new(), |written| {
        let files = i64::try_from(written.files.len()).unwrap_or(i64::MAX);
        let size = bytes(written.files.iter().map(|file| file.bytes).sum());
        format!(", {size} in {}", plural(files, "file", "files"))
    });
    let mut text = format!("## {}\n\n{rows}{size}", table.name);
    // Writing into a text cannot fail.
    let _ = match &ready.source.origin {
        Origin::Files(files) => writeln!(text, ", from {}", files.join(", ")),
        Origin::Postgres { .. } => writeln!(text, ", from PostgreSQL"),
    };
    let _ = writeln!(text, "\n| column | type | NULL | values |\n|---|---|---|---|");
    for (column, values) in table.columns.iter().zip(&ready.columns) {
        let (nulls, sample) = (values.null_count(), sample(values));
        let _ = writeln!(text, "| {} | {} | {nulls} | {sample} |", column.name, column.ty);
    }
    for (finding, reason) in &ready.allowed {
        let _ = writeln!(
            text,
            "\n**Looks personal:** `{}` ({}). Published because: {reason}",
            finding.column, finding.what
        );
    }
    if !ready.left_out.is_empty() {
        let names: Vec<&str> = ready.left_out.iter().map(String::as_str).collect();
        let _ = writeln!(text, "\nLeft out, as the schema does not name them: {}", names.join(", "));
    }
    text
}

/// The least and the greatest value; of texts their number.
fn sample(values: &ArrayRef) -> String {
    let rows = values.len() - values.null_count();
    if rows == 0 {
        return "none".to_owned();
    }
    if *values.data_type() == DataType::Date32 {
        let days = values.as_primitive::<Date32Type>();
        let day = |day: Option<i32>| {
            let (year, month, day) = civil_from_days(i64::from(day.unwrap_or_default()));
            format!("{year:04}-{month:02}-{day:02}")
        };
        return format!("{} to {}", day(days.iter().flatten().min()), day(days.iter().flatten().max()));
    }
    if *values.data_type() == DataType::Utf8 {
        let texts = values.as_string::<i32>();
        let distinct: std::collections::BTreeSet<&str> = texts.iter().flatten().collect();
        return match distinct.len() {
            1..=8 if distinct.iter().all(|text| text.len() <= 24 && !text.contains(['|', '\n'])) => {
                distinct.into_iter().collect::<Vec<_>>().join(", ")
            }
            count => plural(i64::try_from(count).unwrap_or(i64::MAX), "text", "different texts"),
        };
    }
    plural(i64::try_from(rows).unwrap_or(i64::MAX), "value", "values")
}
