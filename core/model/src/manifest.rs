//! The manifest `data/datapackage.json`: a Data Package (v2) whose resources also say how large they are, what they hash to
//! and where their Parquet footer lies, so that a query is planned before the first data byte is fetched.
//! Source of the base format: <https://datapackage.org/standard/data-package/>.

use crate::metric::Grain;
use crate::types::Type;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest's name in the folder of the extracts.
pub const FILE_NAME: &str = "datapackage.json";

/// The whole manifest.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Name of the package, in kebab case.
    pub name: String,
    /// Title for readers.
    #[serde(default)]
    pub title: String,
    /// The last day the data speak of, `2025-11-30`; the notebooks' "today".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// One per table.
    pub resources: Vec<Resource>,
    /// Values of metrics that were calculated before, and which resources hold them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub store: Vec<Stored>,
}

/// A resource with values of metrics over one table: a row for each metric, split, period and slice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The resource.
    pub resource: String,
    /// The table the values were made of.
    pub table: String,
    /// [`Resource::fingerprint`] of that table then: another one means that the values are out of date.
    pub of: String,
    /// `month` or `day`.
    pub grain: Grain,
    /// The column of the table that says in which period a row counts.
    pub time: String,
    /// The dimensions it is split by, one at a time.
    pub splits: Vec<String>,
    /// The aggregates it holds, by the name of their column.
    pub values: BTreeMap<String, StoredValue>,
}

/// An aggregate of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredValue {
    /// One word that changes with its definition.
    pub definition: String,
    /// Whether its values are whole numbers.
    pub whole: bool,
}

impl Manifest {
    /// What the extracts are, as one word that changes with any of them: made of the names of the tables and the hashes of their
    /// files, in order.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let each = self.resources.iter().map(|resource| format!("{}\n{}\n", resource.name, resource.fingerprint()));
        crate::ahead::fingerprint(&each.collect::<String>())
    }
}

impl Resource {
    /// What its rows are, as one word that changes with any of its files.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hashes: Vec<&str> = self.files.iter().map(|file| file.sha256.as_str()).collect();
        crate::ahead::fingerprint(&hashes.join("\n"))
    }
}

/// One table: one or more Parquet files of one schema.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Resource {
    /// Table name in SQL.
    pub name: String,
    /// What one row is, and what the table is for.
    #[serde(default)]
    pub description: String,
    /// `entity`, `entity_month`, `event`, `cube` or `helper`; empty when nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// What one row stands for, in a few words: `account x month-end`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grain: String,
    /// The objects of other systems that it is made of: `stripe.invoices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The column that is constant in each file, when the table is cut into files by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// Always `parquet` today.
    pub format: String,
    /// Rows of all files.
    pub rows: u64,
    /// Columns.
    pub schema: Schema,
    /// The files, in order; their rows follow one another.
    pub files: Vec<File>,
}

/// A table's columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Schema {
    /// In the order of the Parquet files.
    pub fields: Vec<Field>,
    /// Columns that together name a row.
    #[serde(default, rename = "primaryKey", skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// Columns that name a row of another table.
    #[serde(default, rename = "foreignKeys", skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
}

/// Columns that name a row of another table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// The columns here.
    pub fields: Vec<String>,
    /// What they name.
    pub reference: Reference,
}

/// The other side of a foreign key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The other table.
    pub resource: String,
    /// Its columns, in the order of the first side.
    pub fields: Vec<String>,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Field {
    /// Column name.
    pub name: String,
    /// SQL type after loading.
    #[serde(rename = "type")]
    pub ty: Type,
    /// What the column means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What its numbers count: `usd`, `minutes`, `percent`; empty for keys, names and plain counts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Whether NULL can occur.
    #[serde(default)]
    pub nullable: bool,
    /// Distinct values, when the builder counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<u64>,
}

/// One Parquet file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct File {
    /// Address relative to the manifest's folder: `accounts.parquet`, `account_monthly/2025-11.parquet`.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, lower-case hexadecimal.
    pub sha256: String,
    /// Rows in this file.
    pub rows: u64,
    /// Where the footer metadata starts; it ends 8 bytes before the end of the file.
    pub footer_start: u64,
    /// The footer metadata itself, in Base64, unless it is large: places and statistics of all row groups, so that a query is
    /// planned, and what it need not read is left out, before the file is touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// The least and the greatest value of columns without NULL, so that a file which cannot answer a query is not opened.
    /// A bound that is not of the column's type says nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub between: BTreeMap<String, (Bound, Bound)>,
}

/// An end of a range of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A whole number.
    Int(i64),
    /// A text; a date as `2025-11-30`.
    Text(String),
}
