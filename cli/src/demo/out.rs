//! Where the tables go: files below a folder, by the words of the schema, with defects when these are asked for.

use super::defects;
use super::random::Seed;
use super::time::{MONTHS, WINDOW, label};
use crate::extract::{self, Extract, Written};
use almanac_model::manifest::{Resource, Schema};
use almanac_model::schema::{self, Table};
use rayon::prelude::*;
use std::path::Path;

/// What the tables are, in words.
const SCHEMA: &str = include_str!("../../../public/schema.yml");

/// The tables of the company.
///
/// # Errors
/// What is wrong with the schema file; a test keeps it right.
pub(crate) fn schema() -> Result<Vec<Table>, String> {
    let read = schema::parse(SCHEMA);
    match read.diagnostics.first() {
        Some(problem) => Err(format!("public/schema.yml: {}", problem.message)),
        None => Ok(read.value),
    }
}

/// A folder that tables are written to.
pub(crate) struct Out<'a> {
    /// The folder.
    pub(crate) folder: &'a Path,
    /// All tables of the company.
    pub(crate) tables: &'a [Table],
    /// Seed of the defects that are planted, if any.
    pub(crate) defects: Option<Seed>,
}

impl Out<'_> {
    /// Writes a table as one file.
    ///
    /// # Errors
    /// What the disk says, with the path; columns that are not those of the schema.
    pub(crate) fn one<'s>(
        &'s self,
        name: &str,
        fill: impl FnOnce(Extract<'s>) -> Extract<'s>,
    ) -> Result<Resource, String> {
        let table = self.table(name)?;
        let written = self.write(fill(Extract::new(table)), &format!("{name}.parquet"))?;
        Ok(self.resource(table, vec![written]))
    }

    /// Writes a table as one file a month.
    ///
    /// # Errors
    /// What the disk says, with the path; columns that are not those of the schema.
    pub(crate) fn months<'s>(
        &'s self,
        name: &str,
        fill: impl Fn(i32, Extract<'s>) -> Extract<'s> + Sync,
    ) -> Result<Resource, String> {
        let table = self.table(name)?;
        let parts: Result<Vec<Written>, String> = (WINDOW..MONTHS)
            .into_par_iter()
            .map(|month| self.write(fill(month, Extract::new(table)), &format!("{name}/{}.parquet", label(month))))
            .collect();
        Ok(self.resource(table, parts?))
    }

    fn table(&self, name: &str) -> Result<&Table, String> {
        let found = self.tables.iter().find(|table| table.name == name);
        found.ok_or_else(|| format!("public/schema.yml has no table `{name}`"))
    }

    fn write(&self, mut extract: Extract<'_>, path: &str) -> Result<Written, String> {
        if let Some(seed) = self.defects {
            defects::plant(seed, &mut extract)?;
        }
        extract.write(self.folder, path)
    }

    fn resource(&self, table: &Table, parts: Vec<Written>) -> Resource {
        let resource = extract::resource(table, parts);
        Resource {
            schema: Schema { foreign_keys: extract::foreign_keys(table, self.tables), ..resource.schema },
            ..resource
        }
    }
}
