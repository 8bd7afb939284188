//! `almanac extract`: makes a site's extracts and manifest from CSV, JSON, Parquet and PostgreSQL, as a schema file and a sources
//! file say. Only the columns that the schema names are published; those that look personal only when the sources file says why.

mod columns;
pub(crate) mod lay;
mod personal;
mod postgres;
mod problems;
pub(crate) mod read;
mod report;
#[cfg(test)]
mod tests;

use crate::{extract, manifest};
use almanac_model::manifest::{Manifest, Resource, Schema};
use almanac_model::schema::Table;
use almanac_model::sources::{Origin, Source};
use almanac_model::{Parsed, schema, sources};
use arrow_array::ArrayRef;
use read::LeftOut;

pub(crate) use columns::Columns;
pub(crate) use problems::Problems;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What `almanac extract` is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The sources file; its paths are seen from its own folder.
    #[arg(default_value = "sources.yml")]
    sources: PathBuf,
    /// The schema file; `schema.yml` of the site when absent.
    #[arg(long)]
    schema: Option<PathBuf>,
    /// Folder of the site.
    #[arg(long, default_value = "public")]
    site: PathBuf,
    /// Folder of the extracts themselves, instead of `<site>/data`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// This table only; may be given several times.
    #[arg(long)]
    table: Vec<String>,
    /// Read and check everything and say what would be public, but write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the report, as Markdown, to this file, too.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// A table whose rows were read and found right.
struct Ready<'a> {
    table: &'a Table,
    source: &'a Source,
    columns: Vec<ArrayRef>,
    left_out: LeftOut,
    /// Columns that look personal and are published with a reason.
    allowed: Vec<(personal::Finding, String)>,
}

/// Reads all sources and, unless something is wrong with one of them, writes all their tables.
///
/// # Errors
/// Everything that is wrong, with its places. Nothing was written then.
pub(crate) fn run(arguments: &Arguments, say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let schema_path = arguments.schema.clone().unwrap_or_else(|| arguments.site.join("schema.yml"));
    let tables = parsed(&schema_path, schema::parse)?;
    let all = parsed(&arguments.sources, sources::parse)?;
    let chosen = chosen(&all, &arguments.table)?;
    let base = arguments.sources.parent().unwrap_or(Path::new(""));
    let mut wrong = Vec::new();
    let mut ready = Vec::new();
    for source in chosen {
        match read_table(source, &tables, base) {
            Ok(table) => ready.push(table),
            Err(problem) => wrong.push(problem),
        }
    }
    if !wrong.is_empty() {
        return Err(format!("nothing was written.\n{}", wrong.join("\n")));
    }
    let out = arguments.out.clone().unwrap_or_else(|| arguments.site.join("data"));
    let mut known = manifest::read(&out)?;
    let mut sections = Vec::new();
    for table in ready {
        let resource = (!arguments.dry_run).then(|| write(&table, &tables, &out, &mut known)).transpose()?;
        sections.push(report::section(&table, resource.as_ref()));
    }
    if !arguments.dry_run {
        manifest::write(&out, &known)?;
    }
    let words = report::whole(&sections, &out, arguments.dry_run);
    say(&words);
    if let Some(path) = &arguments.report {
        std::fs::write(path, &words).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
    }
    Ok(())
}

/// A file's words, or all that is wrong with them.
fn parsed<T>(path: &Path, parse: impl Fn(&str) -> Parsed<T>) -> Result<T, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    let read = parse(&text);
    if read.diagnostics.is_empty() {
        return Ok(read.value);
    }
    let told = read.diagnostics.iter().map(|problem| {
        let before = &text[..problem.span.map_or(0, |span| span.start)];
        let hints: String = problem.hints.iter().map(|hint| format!("; {hint}")).collect();
        format!("{}:{}: {}{hints}", path.display(), before.matches('\n').count() + 1, problem.message)
    });
    Err(told.collect::<Vec<_>>().join("\n"))
}

fn chosen<'a>(all: &'a [Source], names: &[String]) -> Result<Vec<&'a Source>, String> {
    if let Some(name) = names.iter().find(|name| !all.iter().any(|source| source.table == **name)) {
        let known: Vec<&str> = all.iter().map(|source| source.table.as_str()).collect();
        return Err(format!("the sources file has no table `{name}`; it has {}", known.join(", ")));
    }
    let chosen: Vec<&Source> = all.iter().filter(|source| names.is_empty() || names.contains(&source.table)).collect();
    if chosen.is_empty() { Err("the sources file names no table".to_owned()) } else { Ok(chosen) }
}

fn read_table<'a>(source: &'a Source, tables: &'a [Table], base: &Path) -> Result<Ready<'a>, String> {
    let name = &source.table;
    let Some(table) = tables.iter().find(|table| table.name == *name) else {
        return Err(format!("{name}: the schema file has no table of that name; describe it there first"));
    };
    check_names(source, table)?;
    let mut into = Columns::new(table);
    let mut problems = Problems::default();
    let left_out = match &source.origin {
        Origin::Postgres { query, connection } => {
            postgres::rows(name, query, connection.as_deref(), &mut into, &mut problems)
        }
        Origin::Files(patterns) => files(patterns, base).and_then(|files| {
            let mut left_out = BTreeSet::new();
            for (path, file) in files {
                left_out.extend(read::file(&path, &file, &mut into, &mut problems)?);
            }
            Ok(left_out)
        }),
    }
    .map_err(|error| format!("{name}:\n  {error}"))?;
    if !problems.is_empty() {
        return Err(format!("{name}:\n{}", problems.words()));
    }
    let columns = into.finish().map_err(|error| format!("{name}: {error}"))?;
    let columns = lay::sorted(table, &source.sort_by, columns).map_err(|error| format!("{name}: {error}"))?;
    lay::check_key(table, &columns).map_err(|error| format!("{name}: {error}"))?;
    let mut allowed = Vec::new();
    for finding in personal::scan(table, &columns) {
        match source.public.iter().find(|(column, _)| *column == finding.column) {
            Some((_, reason)) => allowed.push((finding, reason.clone())),
            None => problems.tell(format!(
                "column `{0}` looks personal: {1}. Leave it out of the schema, or write `public: {{{0}: why, and who says so}}` into the sources file",
                finding.column, finding.what
            )),
        }
    }
    if !problems.is_empty() {
        return Err(format!("{name}:\n{}", problems.words()));
    }
    Ok(Ready { table, source, columns, left_out, allowed })
}

/// Columns that the sources file names are there.
fn check_names(source: &Source, table: &Table) -> Result<(), String> {
    let named = source.sort_by.iter().chain(source.public.iter().map(|(column, _)| column));
    for column in named {
        if !table.columns.iter().any(|known| known.name == *column) {
            let near =
                almanac_model::diagnostic::closest(column, table.columns.iter().map(|known| known.name.as_str()));
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(format!("{}: the schema has no column `{column}`{hint}", source.table));
        }
    }
    Ok(())
}

/// The files of patterns with their names for people, in order of name.
fn files(patterns: &[String], base: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let mut found = Vec::new();
    for pattern in patterns {
        let path = base.join(pattern);
        let last = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((before, after)) = last.split_once('*') else {
            found.push((path, pattern.clone()));
            continue;
        };
        let folder = path.parent().unwrap_or(base);
        let entries =
            std::fs::read_dir(folder).map_err(|error| format!("`{}` cannot be read: {error}", folder.display()))?;
        let fits =
            |name: &str| name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after);
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .filter(|name| fits(name))
            .collect();
        if names.is_empty() {
            return Err(format!("no file fits `{pattern}`"));
        }
        names.sort_unstable();
        found.extend(names.into_iter().map(|name| (folder.join(&name), name)));
    }
    Ok(found)
}

/// Writes the files of a table, takes away those it had before, and puts it into the manifest.
fn write(ready: &Ready<'_>, all: &[Table], out: &Path, known: &mut Manifest) -> Result<Resource, String> {
    let table = ready.table;
    let resource = lay::write(table, &ready.columns, ready.source.row_group_rows, out)?;
    let schema = Schema { foreign_keys: extract::foreign_keys(table, all), ..resource.schema };
    let resource = Resource { schema, ..resource };
    let before = known.resources.iter().find(|other| other.name.eq_ignore_ascii_case(&table.name));
    let gone = before.map(|before| before.files.clone()).unwrap_or_default();
    for file in gone.iter().filter(|file| !resource.files.iter().any(|new| new.path == file.path)) {
        // A file that is gone already is what is wanted.
        let _ = std::fs::remove_file(out.join(&file.path));
    }
    manifest::put(known, resource.clone());
    Ok(resource)
}
