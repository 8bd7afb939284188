//! `almanac store`: values of metrics that are calculated before, as small Parquet files beside the extracts.

use crate::extract::{Extract, resource};
use crate::{manifest, metric};
use almanac_engine::Engine;
use almanac_metrics::store::{StorePlan, StoredRow, store_plans};
use almanac_model::format::{self, parse_date};
use almanac_model::manifest::{Manifest, Resource, Stored};
use almanac_model::protocol::Limits;
use almanac_model::{Type, Value};
use almanac_native::{Disk, block_on};
use std::path::{Path, PathBuf};

/// The folder of the store in that of the extracts.
const FOLDER: &str = "store";
/// What the manifest calls its tables.
const KIND: &str = "store";

/// Where it is made.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the site, with `metrics/` and `data/`.
    #[arg(default_value = "public")]
    site: PathBuf,
    /// Folder of the extracts themselves, instead of `<site>/data`.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Makes the store and says how large it is.
///
/// # Errors
/// A sentence, when the site cannot be read or the store cannot be written.
pub(crate) fn run(arguments: &Arguments, say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let data = arguments.data.clone().unwrap_or_else(|| arguments.site.join("data"));
    let made = make(&arguments.site, &data)?;
    let stored = made.store.iter().map(|stored| stored.values.len()).sum::<usize>();
    let files = made.resources.iter().filter(|resource| resource.kind == KIND).flat_map(|resource| &resource.files);
    let bytes = format::bytes(files.map(|file| file.bytes).sum());
    say(&format!(
        "{stored} series of values in {} tables, {bytes}, in {}",
        made.store.len(),
        data.join(FOLDER).display()
    ));
    Ok(())
}

/// Makes the store of a site over a folder of extracts, in the place of the one before; the manifest as it is then.
pub(crate) fn make(site: &Path, data: &Path) -> Result<Manifest, String> {
    let mut extracts = manifest::read(data)?;
    extracts.resources.retain(|resource| resource.kind != KIND);
    extracts.store.clear();
    let Some(as_of) = extracts.as_of.as_deref().and_then(parse_date) else {
        return Err(format!("`{}` does not say up to which day the data reach", data.display()));
    };
    let catalogue = metric::catalogue(site, &extracts)?;
    let plans = store_plans(&catalogue, &extracts, as_of);
    let (mut engine, host) = (Engine::new(extracts.clone(), Limits::default()), Disk::new(data));
    let folder = data.join(FOLDER);
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)
            .map_err(|error| format!("`{}` cannot be removed: {error}", folder.display()))?;
    }
    let mut made = Vec::new();
    for plan in plans {
        made.push(table(&mut engine, &host, plan, data)?);
    }
    for (resource, stored) in made {
        manifest::put(&mut extracts, resource);
        extracts.store.push(stored);
    }
    manifest::write(data, &extracts)?;
    Ok(extracts)
}

/// Computes and writes one table.
fn table(engine: &mut Engine, host: &Disk, plan: StorePlan, data: &Path) -> Result<(Resource, Stored), String> {
    let StorePlan { mut stored, table, scans } = plan;
    let mut rows: Vec<StoredRow> = Vec::new();
    for scan in &scans {
        let answer = block_on(engine.query(host, &scan.text.sql, &scan.text.parameters))
            .map_err(|problems| format!("`{}` cannot be computed: {}", stored.resource, metric::told(&problems)))?;
        let (more, whole) = scan.rows(&answer.result.to_table(usize::MAX));
        rows.extend(more);
        for metric in whole {
            if let Some(value) = stored.values.get_mut(&metric) {
                value.whole = true;
            }
        }
    }
    let slice = |row: &StoredRow| match &row.slice {
        Value::Int(number) => (*number, String::new()),
        Value::Text(text) => (0, text.clone()),
        _ => (i64::MIN, String::new()),
    };
    rows.sort_by_cached_key(|row| (row.split.clone(), row.metric.clone(), row.period, slice(row)));
    let mut extract = Extract::new(&table)
        .text("metric", rows.iter().map(|row| &row.metric))
        .text("split", rows.iter().map(|row| &row.split))
        .date("period", rows.iter().map(|row| row.period));
    for column in &table.columns[3..table.columns.len() - 1] {
        let name = column.name.as_str();
        let slices = rows.iter().map(|row| (row.split == name).then_some(&row.slice));
        let number = |slice: Option<&Value>| match slice {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        extract = match column.ty {
            Type::Integer => extract.int_or_null(name, slices.map(|slice| i32::try_from(number(slice)?).ok())),
            Type::BigInt => extract.bigint_or_null(name, slices.map(number)),
            _ => {
                let text = |slice: Option<&Value>| match slice {
                    Some(Value::Text(text)) => Some(text.clone()),
                    _ => None,
                };
                extract.text_or_null(name, slices.map(text))
            }
        };
    }
    let extract = extract.double_or_null("value", rows.iter().map(|row| row.value));
    let part = extract.write(data, &format!("{FOLDER}/{}.parquet", stored.resource))?;
    Ok((resource(&table, vec![part]), stored))
}

#[cfg(test)]
mod tests;
