//! A table on its way to disk: Arrow columns that a schema names and describes, written as Parquet with the manifest entry that goes
//! with them.

mod distinct;
mod file;

pub(crate) use distinct::{Seen, count};
pub(crate) use file::describe;

use almanac_model::format::civil_from_days;
use almanac_model::manifest::{Bound, Field, File, ForeignKey, Reference, Resource, Schema};
use almanac_model::schema::Table;
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field as ArrowField, Schema as ArrowSchema, TimeUnit};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Some rows of a table in memory. Columns are added in the order of the schema.
pub(crate) struct Extract<'a> {
    table: &'a Table,
    columns: Vec<ArrayRef>,
    row_group_rows: usize,
    problem: Option<String>,
}

/// One file of a table, written.
pub(crate) struct Written {
    file: File,
    /// The distinct values of each column, where they are counted.
    seen: Vec<Option<Seen>>,
    nulls: Vec<bool>,
}

impl<'a> Extract<'a> {
    /// No rows yet.
    pub(crate) fn new(table: &'a Table) -> Self {
        Self { table, columns: Vec::new(), row_group_rows: file::ROW_GROUP, problem: None }
    }

    /// Other row groups than the usual ones.
    pub(crate) fn row_groups_of(self, row_group_rows: usize) -> Self {
        Self { row_group_rows, ..self }
    }

    /// The next column.
    pub(crate) fn column(mut self, name: &str, values: ArrayRef) -> Self {
        let planned = self.table.columns.get(self.columns.len());
        let fits = planned.is_some_and(|planned| planned.name == name && arrow_type(planned.ty) == *values.data_type());
        if !fits && self.problem.is_none() {
            let planned = planned.map(|planned| format!("`{}` of type {}", planned.name, planned.ty));
            self.problem = Some(format!(
                "table `{}`: column `{name}` of type {} came where the schema has {}",
                self.table.name,
                values.data_type(),
                planned.unwrap_or_else(|| "no more".to_owned())
            ));
        }
        self.columns.push(values);
        self
    }

    /// Whole numbers of 32 bits: keys and small counts.
    pub(crate) fn int(self, name: &str, values: impl Iterator<Item = i32>) -> Self {
        self.column(name, Arc::new(Int32Array::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn int_or_null(self, name: &str, values: impl Iterator<Item = Option<i32>>) -> Self {
        self.column(name, Arc::new(values.collect::<Int32Array>()))
    }

    /// Keys and counts that are never negative.
    pub(crate) fn number(self, name: &str, values: impl Iterator<Item = u32>) -> Self {
        self.int(name, values.map(small))
    }

    /// The same, with NULLs.
    pub(crate) fn number_or_null(self, name: &str, values: impl Iterator<Item = Option<u32>>) -> Self {
        self.int_or_null(name, values.map(|value| value.map(small)))
    }

    /// Whole numbers of 64 bits: measures that are summed.
    pub(crate) fn bigint(self, name: &str, values: impl Iterator<Item = impl Into<i64>>) -> Self {
        self.column(name, Arc::new(Int64Array::from_iter_values(values.map(Into::into))))
    }

    /// The same, with NULLs.
    pub(crate) fn bigint_or_null(self, name: &str, values: impl Iterator<Item = Option<i64>>) -> Self {
        self.column(name, Arc::new(values.collect::<Int64Array>()))
    }

    /// Numbers.
    pub(crate) fn double(self, name: &str, values: impl Iterator<Item = f64>) -> Self {
        self.column(name, Arc::new(Float64Array::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn double_or_null(self, name: &str, values: impl Iterator<Item = Option<f64>>) -> Self {
        self.column(name, Arc::new(values.collect::<Float64Array>()))
    }

    /// Dollars, from cents.
    pub(crate) fn money(self, name: &str, cents: impl Iterator<Item = i64>) -> Self {
        self.double(name, cents.map(dollars))
    }

    /// The same, with NULLs.
    pub(crate) fn money_or_null(self, name: &str, cents: impl Iterator<Item = Option<i64>>) -> Self {
        self.double_or_null(name, cents.map(|cents| cents.map(dollars)))
    }

    /// Texts.
    pub(crate) fn text(self, name: &str, values: impl Iterator<Item = impl AsRef<str>>) -> Self {
        self.column(name, Arc::new(StringArray::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn text_or_null(self, name: &str, values: impl Iterator<Item = Option<impl AsRef<str>>>) -> Self {
        self.column(name, Arc::new(values.collect::<StringArray>()))
    }

    /// True or false.
    pub(crate) fn flag(self, name: &str, values: impl Iterator<Item = bool>) -> Self {
        self.column(name, Arc::new(BooleanArray::from(values.collect::<Vec<_>>())))
    }

    /// Days since 1970-01-01.
    pub(crate) fn date(self, name: &str, values: impl Iterator<Item = i32>) -> Self {
        self.column(name, Arc::new(Date32Array::from_iter_values(values)))
    }

    /// The same, with NULLs.
    pub(crate) fn date_or_null(self, name: &str, values: impl Iterator<Item = Option<i32>>) -> Self {
        self.column(name, Arc::new(values.collect::<Date32Array>()))
    }

    /// Name of the table.
    pub(crate) fn name(&self) -> &'a str {
        &self.table.name
    }

    /// A column by its name.
    pub(crate) fn values(&mut self, name: &str) -> Option<&mut ArrayRef> {
        let at = self.table.columns.iter().position(|column| column.name == name)?;
        self.columns.get_mut(at)
    }

    /// All columns, for changes of rows.
    pub(crate) fn all_values(&mut self) -> &mut Vec<ArrayRef> {
        &mut self.columns
    }

    /// Writes these rows as a file of that path below the folder.
    ///
    /// # Errors
    /// What the disk says, with the path; columns that are not those of the schema.
    pub(crate) fn write(self, folder: &Path, path: &str) -> Result<Written, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        if self.columns.len() != self.table.columns.len() {
            return Err(format!(
                "table `{}`: {} columns are missing",
                self.table.name,
                self.table.columns.len() - self.columns.len()
            ));
        }
        let nulls: Vec<bool> = self.columns.iter().map(|values| values.null_count() > 0).collect();
        let fields: Vec<ArrowField> = (self.table.columns.iter().zip(&self.columns).zip(&nulls))
            .map(|((column, values), nulls)| {
                ArrowField::new(&column.name, values.data_type().clone(), column.nullable || *nulls)
            })
            .collect();
        let batch = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), self.columns.clone())
            .map_err(|error| format!("table `{}`: {error}", self.table.name))?;
        let mut written = file::write(folder, path, &batch, &self.table.primary_key, self.row_group_rows)?;
        written.between = between(self.table, &self.columns);
        let seen = self.columns.iter().map(distinct::of).collect();
        Ok(Written { file: written, seen, nulls })
    }
}

/// The manifest's entry of a table that was written as these files.
pub(crate) fn resource(table: &Table, parts: Vec<Written>) -> Resource {
    let mut seen: Vec<Option<Seen>> = vec![Some(Seen::default()); table.columns.len()];
    let mut nulls = vec![false; table.columns.len()];
    let mut files = Vec::with_capacity(parts.len());
    for part in parts {
        for (all, more) in seen.iter_mut().zip(part.seen) {
            match (all.as_mut(), more) {
                (Some(all), Some(more)) if all.is_empty() => *all = more,
                (Some(all), Some(more)) => all.extend(more),
                _ => *all = None,
            }
        }
        nulls.iter_mut().zip(part.nulls).for_each(|(all, more)| *all |= more);
        files.push(part.file);
    }
    let fields = (table.columns.iter().zip(seen).zip(nulls))
        .map(|((column, seen), nulls)| Field {
            name: column.name.clone(),
            ty: column.ty,
            description: column.description.clone(),
            unit: column.unit.clone(),
            nullable: column.nullable || nulls,
            distinct: seen.map(|seen| seen.len() as u64),
        })
        .collect();
    Resource {
        name: table.name.clone(),
        description: table.description.clone(),
        kind: table.kind.clone(),
        grain: table.grain.clone(),
        sources: table.sources.clone(),
        partition: table.partition.clone(),
        format: "parquet".to_owned(),
        rows: files.iter().map(|file| file.rows).sum(),
        schema: Schema { fields, primary_key: table.primary_key.clone(), foreign_keys: Vec::new() },
        files,
    }
}

/// The keys of other tables that a table holds. `all` are the tables of its schema.
pub(crate) fn foreign_keys(table: &Table, all: &[Table]) -> Vec<ForeignKey> {
    let key_of = |name: &str| all.iter().find(|table| table.name == name).map(|table| table.primary_key.clone());
    let keys = table.columns.iter().filter_map(|column| {
        let resource = column.references.clone()?;
        let fields = key_of(&resource)?;
        Some(ForeignKey { fields: vec![column.name.clone()], reference: Reference { resource, fields } })
    });
    keys.collect()
}

/// First and last day of the date columns without NULL: enough to leave out whole files and to tell how fresh a table is.
fn between(table: &Table, columns: &[ArrayRef]) -> BTreeMap<String, (Bound, Bound)> {
    let mut found = BTreeMap::new();
    for (column, values) in table.columns.iter().zip(columns) {
        if *values.data_type() != DataType::Date32 || values.null_count() > 0 {
            continue;
        }
        let days = values.as_primitive::<Date32Type>().values();
        if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
            let bound = |day: i32| {
                let (year, month, day) = civil_from_days(i64::from(day));
                Bound::Text(format!("{year:04}-{month:02}-{day:02}"))
            };
            found.insert(column.name.clone(), (bound(*first), bound(*last)));
        }
    }
    found
}

/// How the engine's types are kept in a file.
pub(crate) fn arrow_type(ty: almanac_model::Type) -> DataType {
    use almanac_model::Type;
    match ty {
        Type::Boolean => DataType::Boolean,
        Type::Integer => DataType::Int32,
        Type::BigInt => DataType::Int64,
        Type::Double => DataType::Float64,
        Type::Varchar => DataType::Utf8,
        Type::Date => DataType::Date32,
        Type::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        _ => DataType::Null,
    }
}

/// Keys are small.
fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "cents of a company stay below 2^53")]
fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}
