//! `almanac lineage`: what a metric, a table, a column, a notebook or a goal is made of, and what is made of it.

use crate::texts::{notebooks_in, read};
use crate::{manifest, metric};
use almanac_metrics::{SourceText, lineage};
use almanac_model::lineage::{Lineage, Node};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A metric, a table, `table.column`, a source, a notebook or a goal.
    name: String,
    /// Folder of the site, with `metrics/`, `notebooks/` and `data/`.
    #[arg(long, default_value = "public")]
    site: PathBuf,
    /// Folder of the extracts themselves, instead of `<site>/data`.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Prints both ways.
///
/// # Errors
/// A sentence, when there is nothing of that name or the site cannot be read.
pub(crate) fn run(arguments: &Arguments, say: &mut dyn FnMut(&str)) -> Result<(), String> {
    let data = arguments.data.clone().unwrap_or_else(|| arguments.site.join("data"));
    let lineage = of_site(&arguments.site, &data)?;
    let places = lineage.named(&arguments.name);
    if places.is_empty() {
        return Err(format!("there is no metric, table, column, source, notebook or goal `{}`", arguments.name));
    }
    for at in places {
        say(&shown(&lineage, at));
    }
    Ok(())
}

/// The lineage of a site over a folder of extracts.
pub(crate) fn of_site(site: &Path, data: &Path) -> Result<Lineage, String> {
    let extracts = manifest::read(data)?;
    let catalogue = metric::catalogue(site, &extracts)?;
    let folder = site.join("notebooks");
    let paths = if folder.is_dir() { notebooks_in(&folder)? } else { Vec::new() };
    let notebook = |path: &PathBuf| {
        let name = path.strip_prefix(site).unwrap_or(path).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        Ok::<_, String>(SourceText { path: name, text: read(path)? })
    };
    let notebooks = paths.iter().map(notebook).collect::<Result<Vec<_>, _>>()?;
    Ok(lineage(&extracts, &catalogue, &notebooks))
}

/// A node with what it is made of above and what reads it below, as two trees.
fn shown(lineage: &Lineage, at: usize) -> String {
    let node = &lineage.nodes[at];
    let mut text = format!("{} {}\n", node.kind(), node.name());
    let mut branch = |title: &str, next: &dyn Fn(usize) -> Vec<usize>| {
        text.push_str(&format!("\n{title}\n"));
        let mut seen = BTreeSet::from([at]);
        let first = next(at);
        if first.is_empty() {
            text.push_str("  nothing\n");
        }
        first.into_iter().for_each(|at| tree(lineage, at, 1, next, &mut seen, &mut text));
    };
    branch("made of", &|at| lineage.made_of(at).collect());
    branch("read by", &|at| lineage.read_by(at).collect());
    text
}

/// Each node once, where it is met first.
fn tree(
    lineage: &Lineage,
    at: usize,
    depth: usize,
    next: &dyn Fn(usize) -> Vec<usize>,
    seen: &mut BTreeSet<usize>,
    text: &mut String,
) {
    let node: &Node = &lineage.nodes[at];
    let first = seen.insert(at);
    let again = if first || next(at).is_empty() { "" } else { " (see above)" };
    text.push_str(&format!("{}{} {}{again}\n", "  ".repeat(depth), node.kind(), node.name()));
    if first {
        next(at).into_iter().for_each(|at| tree(lineage, at, depth + 1, next, seen, text));
    }
}
