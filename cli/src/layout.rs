//! `almanac layout`: which order of rows, and which size of row groups, would let the site's own notebooks read fewer bytes. Not
//! guessed: each layout is written and every notebook is run over it.

use crate::sources::{Columns, Problems, lay, read};
use crate::texts::{notebooks_in, read as read_text};
use crate::{extract, manifest};
use almanac_model::format::bytes;
use almanac_model::manifest::{FILE_NAME, Manifest, Resource, Schema};
use almanac_model::notebook;
use almanac_model::schema::{Column, Table};
use almanac_native::run_notebook;
use arrow_array::ArrayRef;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Row groups that are tried.
const ROW_GROUPS: [usize; 2] = [32_768, 131_072];
/// Files up to this length are fetched whole, however they are laid out: `SMALL` in `core/engine/src/load/extract.rs`.
const SMALL: u64 = 1 << 20;
/// Most columns of a table that are tried as the first of an order.
const MOST_COLUMNS: usize = 8;

/// What `almanac layout` is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the site.
    #[arg(default_value = "public")]
    site: PathBuf,
    /// Folder of the extracts themselves, instead of `<site>/data`.
    #[arg(long)]
    data: Option<PathBuf>,
    /// This table only; may be given several times.
    #[arg(long)]
    table: Vec<String>,
    /// Write the tables anew whose notebooks then read at least a tenth less.
    #[arg(long)]
    rewrite: bool,
}

/// A way to lay out a table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layout {
    sort_by: String,
    row_group_rows: usize,
}

/// A site on disk.
struct Site {
    data: PathBuf,
    manifest: Manifest,
    /// The notebooks' texts.
    notebooks: Vec<String>,
}

/// Tries layouts of each table that the notebooks read a part of.
///
/// # Errors
/// A sentence, when the site or a table cannot be read or written.
pub(crate) fn run(arguments: &Arguments, say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let data = arguments.data.clone().unwrap_or_else(|| arguments.site.join("data"));
    let notebooks = notebooks_in(&arguments.site.join("notebooks"))?;
    let notebooks: Result<Vec<String>, String> = notebooks.iter().map(|path| read_text(path)).collect();
    let mut site = Site { manifest: manifest::read(&data)?, data, notebooks: notebooks? };
    if let Some(name) = arguments.table.iter().find(|name| site.resource(name).is_none()) {
        return Err(format!("`{}` has no table `{name}`", site.data.display()));
    }
    let mut names: Vec<String> = site.manifest.resources.iter().map(|resource| resource.name.clone()).collect();
    names.retain(|name| arguments.table.is_empty() || arguments.table.contains(name));
    let mut found = false;
    for name in names {
        let Some(resource) = site.resource(&name).cloned() else { continue };
        if resource.files.iter().all(|file| file.bytes <= SMALL) {
            continue;
        }
        found = true;
        say(&site.try_table(&resource, arguments.rewrite)?);
    }
    if !found {
        say("Every table is of files up to 1 MB, which are fetched whole: no layout would save anything.");
    }
    Ok(())
}

impl Site {
    fn resource(&self, name: &str) -> Option<&Resource> {
        self.manifest.resources.iter().find(|resource| resource.name == name)
    }

    /// The notebooks whose SQL speaks of a table, and the words of that SQL.
    fn readers(&self, table: &str) -> (Vec<&str>, BTreeSet<String>) {
        let mut words = BTreeSet::new();
        let mut readers = Vec::new();
        for source in &self.notebooks {
            let parsed = notebook::parse(source).value;
            let sql = parsed.cells().filter_map(|cell| source.get(cell.body.start..cell.body.end));
            let own: BTreeSet<String> = sql
                .flat_map(|sql| sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
                .map(str::to_lowercase)
                .collect();
            if own.contains(&table.to_lowercase()) {
                readers.push(source.as_str());
                words.extend(own);
            }
        }
        (readers, words)
    }

    /// Bytes that these notebooks read of all tables, each as a first visitor.
    fn bytes_read(&self, data: &Path, manifest: &Manifest, readers: &[&str]) -> u64 {
        readers.iter().map(|source| run_notebook(data, manifest.clone(), source).bytes_read).sum()
    }

    /// Tries layouts of a table and says what became of it.
    fn try_table(&mut self, resource: &Resource, rewrite: bool) -> Result<String, String> {
        let name = &resource.name;
        let (readers, words) = self.readers(name);
        if readers.is_empty() {
            return Ok(format!("{name}: no notebook reads it"));
        }
        let table = table_of(resource);
        if let Some(column) = table.columns.iter().find(|column| extract::arrow_type(column.ty).is_null()) {
            return Ok(format!("{name}: left alone, as column `{}` is of type {}", column.name, column.ty));
        }
        let before = self.bytes_read(&self.data, &self.manifest, &readers);
        let rows = rows(&table, resource, &self.data)?;
        let trial = Trial::beside(&self.data, &self.manifest, name)?;
        let mut best: Option<(u64, Layout)> = None;
        let columns = resource.schema.fields.iter().filter(|field| {
            words.contains(&field.name.to_lowercase()) && field.distinct.is_none_or(|distinct| distinct > 1)
        });
        for column in columns.take(MOST_COLUMNS) {
            for row_group_rows in ROW_GROUPS {
                let layout = Layout { sort_by: column.name.clone(), row_group_rows };
                let mut manifest = self.manifest.clone();
                write(&table, resource, &rows, &layout, &trial.folder, &mut manifest)?;
                let after = self.bytes_read(&trial.folder, &manifest, &readers);
                if best.as_ref().is_none_or(|(least, _)| after < *least) {
                    best = Some((after, layout));
                }
            }
        }
        let worth = best.filter(|(after, _)| *after < before - before / 10);
        let Some((after, layout)) = worth else {
            return Ok(format!("{name}: its notebooks read {}; no other layout saves a tenth of it", bytes(before)));
        };
        let Layout { sort_by, row_group_rows } = &layout;
        let words = format!(
            "{name}: sorted by `{sort_by}`, in row groups of {row_group_rows}, its notebooks read {} instead of {}",
            bytes(after),
            bytes(before)
        );
        if !rewrite {
            return Ok(format!("{words}; `--rewrite` does it"));
        }
        let mut manifest = self.manifest.clone();
        write(&table, resource, &rows, &layout, &self.data, &mut manifest)?;
        manifest::write(&self.data, &manifest)?;
        self.manifest = manifest;
        Ok(format!(
            "{words}; written. Where it is made, say so too: `sort_by: {sort_by}`, `row_group_rows: {row_group_rows}`"
        ))
    }
}

/// A folder with the same tables but one, whose files may be written anew. It is removed in the end.
struct Trial {
    folder: PathBuf,
}

impl Trial {
    fn beside(data: &Path, manifest: &Manifest, table: &str) -> Result<Self, String> {
        let folder = data.with_file_name(format!(".almanac-layout-{}", std::process::id()));
        let trial = Self { folder };
        let files = manifest.resources.iter().filter(|resource| resource.name != table).flat_map(|other| &other.files);
        for path in files.map(|file| file.path.as_str()).chain([FILE_NAME]) {
            let (from, to) = (data.join(path), trial.folder.join(path));
            let linked = to
                .parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::hard_link(&from, &to).or_else(|_| std::fs::copy(&from, &to).map(drop)));
            linked.map_err(|error| format!("`{}` cannot be written: {error}", to.display()))?;
        }
        Ok(trial)
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        // What cannot be removed lies beside the data, under a name that says what it is.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The words of a manifest on a table, as a schema file says them.
fn table_of(resource: &Resource) -> Table {
    let columns = resource.schema.fields.iter().map(|field| Column {
        name: field.name.clone(),
        ty: field.ty,
        description: field.description.clone(),
        unit: field.unit.clone(),
        nullable: field.nullable,
        references: None,
        ..Column::default()
    });
    Table {
        name: resource.name.clone(),
        description: resource.description.clone(),
        kind: resource.kind.clone(),
        grain: resource.grain.clone(),
        primary_key: resource.schema.primary_key.clone(),
        partition: resource.partition.clone(),
        sources: resource.sources.clone(),
        columns: columns.collect(),
        ..Table::default()
    }
}

fn rows(table: &Table, resource: &Resource, data: &Path) -> Result<Vec<ArrayRef>, String> {
    let mut into = Columns::new(table);
    let mut problems = Problems::default();
    for file in &resource.files {
        read::file(&data.join(&file.path), &file.path, &mut into, &mut problems)?;
    }
    if !problems.is_empty() {
        return Err(format!("{}:\n{}", table.name, problems.words()));
    }
    into.finish()
}

/// Writes a table in a layout and puts it into the manifest.
fn write(
    table: &Table,
    before: &Resource,
    rows: &[ArrayRef],
    layout: &Layout,
    folder: &Path,
    manifest: &mut Manifest,
) -> Result<(), String> {
    let by: Vec<String> = std::iter::once(&layout.sort_by).chain(&table.primary_key).cloned().collect();
    let rows = lay::sorted(table, &by, rows.to_vec())?;
    let made = lay::write(table, &rows, Some(layout.row_group_rows), folder)?;
    let schema = Schema { foreign_keys: before.schema.foreign_keys.clone(), ..made.schema };
    manifest::put(manifest, Resource { schema, ..made });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Int32Array, Int64Array};
    use std::fs;
    use std::sync::Arc;

    /// A table of 400,000 rows in no order, and a notebook that asks for one of a hundred values.
    fn site(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("almanac-layout-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("notebooks")).unwrap();
        let schema = "tables: {t: {columns: {k: {type: integer}, v: {type: bigint}}}}";
        let table = almanac_model::schema::parse(schema).value.remove(0);
        // Multiples of a prime modulo another: every block of rows has every k.
        let numbers = || (0..400_000_i64).map(|n| n * 7_919 % 999_983);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from_iter_values(numbers().map(|n| (n % 100) as i32))),
            Arc::new(Int64Array::from_iter_values(numbers())),
        ];
        let made = lay::write(&table, &columns, None, &folder.join("data")).unwrap();
        let mut manifest = manifest::read(&folder.join("data")).unwrap();
        manifest::put(&mut manifest, made);
        manifest::write(&folder.join("data"), &manifest).unwrap();
        fs::write(
            folder.join("notebooks/a.md"),
            "---\ntitle: A\n---\n```sql q\nselect cast(sum(v) as varchar) as s from t where k = 7\n```\n",
        )
        .unwrap();
        folder
    }

    fn answer(site: &Path) -> (u64, Option<String>) {
        let data = site.join("data");
        let source = fs::read_to_string(site.join("notebooks/a.md")).unwrap();
        let told = run_notebook(&data, manifest::read(&data).unwrap(), &source);
        assert!(told.problems().is_empty(), "{:?}", told.problems());
        (told.bytes_read, told.rows("q").unwrap()[0][0].clone())
    }

    #[test]
    fn the_best_layout_is_found_by_running_and_written_when_asked() {
        let site = site("best");
        let arguments = |rewrite| Arguments { site: site.clone(), data: None, table: Vec::new(), rewrite };
        let said = |rewrite| {
            let mut said = String::new();
            run(&arguments(rewrite), &mut |words| said.push_str(words)).unwrap();
            said
        };
        let sum: i64 = (0..400_000_i64).map(|n| n * 7_919 % 999_983).filter(|n| n % 100 == 7).sum();
        let (before, right) = answer(&site);
        assert_eq!(right, Some(sum.to_string()));
        let manifest = fs::read(site.join("data/datapackage.json")).unwrap();
        assert!(said(false).contains("t: sorted by `k`, in row groups of 32768"), "{}", said(false));
        assert_eq!(fs::read(site.join("data/datapackage.json")).unwrap(), manifest, "it only says");
        assert!(said(true).contains("written"));
        let (after, same) = answer(&site);
        assert_eq!(same, right);
        assert!(after * 4 < before, "{after} of {before} bytes");
        assert!(said(true).contains("no other layout saves a tenth"));
        assert_eq!(fs::read_dir(&site).unwrap().count(), 2, "nothing is left behind");
        fs::remove_dir_all(&site).unwrap();
    }
}
