//! The texts of a site: where they are, and reading them ahead for the page.

use almanac_model::ahead::{TextKind, ahead_path, read_ahead};
use almanac_model::listing::{FILE_NAME, Listing};
use std::path::{Path, PathBuf};

/// Writes what `site.yml` and each notebook of a site say beside them; returns how many texts that were. A page that finds it
/// shows a notebook before the engine is loaded.
///
/// # Errors
/// A file that cannot be read or written, with its path.
pub(crate) fn build(site: &Path) -> Result<usize, String> {
    let mut texts = vec![site.join("site.yml")];
    let notebooks = site.join("notebooks");
    if notebooks.is_dir() {
        texts.extend(notebooks_in(&notebooks)?);
    }
    for file in &texts {
        let path = file.strip_prefix(site).unwrap_or(file).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let Some(kind) = TextKind::of(&path) else { continue };
        let ahead =
            read_ahead(kind, &read(file)?).map_err(|error| format!("what `{path}` says cannot be written: {error}"))?;
        let beside = site.join(ahead_path(&path));
        std::fs::write(&beside, ahead).map_err(|error| format!("`{}` cannot be written: {error}", beside.display()))?;
    }
    list(site, &texts)?;
    Ok(texts.len())
}

/// Writes what the pages list and search: metrics, and what reads which table.
fn list(site: &Path, texts: &[PathBuf]) -> Result<(), String> {
    let metrics = std::fs::read_dir(site.join("metrics")).into_iter().flatten();
    let mut metrics: Vec<PathBuf> = metrics.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    metrics.sort();
    let relative =
        |path: &Path| path.strip_prefix(site).unwrap_or(path).to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let files = metrics.iter().filter(|path| path.extension().is_some_and(|kind| kind == "yml")).chain(texts);
    let read = files.map(|path| Ok((relative(path), read(path)?))).collect::<Result<Vec<_>, String>>()?;
    let listing = Listing::of(read.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let file = site.join(FILE_NAME);
    let text = serde_json::to_string(&listing).map_err(|error| format!("the catalogue cannot be written: {error}"))?;
    std::fs::write(&file, text).map_err(|error| format!("`{}` cannot be written: {error}", file.display()))
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
}

/// Markdown files below a folder, sorted.
pub(crate) fn notebooks_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("`{}` cannot be read: {error}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("`{}` cannot be read: {error}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(notebooks_in(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_site_is_read_ahead() {
        let site = std::env::temp_dir().join(format!("almanac-build-{}", std::process::id()));
        std::fs::create_dir_all(site.join("notebooks/sales")).expect("a folder");
        std::fs::write(site.join("site.yml"), "title: A\n").expect("a file");
        std::fs::write(site.join("notebooks/sales/one.md"), "# One\n").expect("a file");
        std::fs::write(site.join("notebooks/picture.svg"), "<svg/>").expect("a file");
        assert_eq!(build(&site), Ok(2));
        let ahead = read(&site.join("notebooks/sales/one.md.json")).expect("it is there");
        assert!(ahead.contains("\"title\":\"One\""), "{ahead}");
        assert!(read(&site.join("catalogue.json")).expect("it is there").contains("notebooks/sales/one.md"));
        assert!(site.join("site.yml.json").is_file() && !site.join("notebooks/picture.svg.json").exists());
        std::fs::remove_file(site.join("site.yml")).expect("it is there");
        assert!(build(&site).is_err_and(|error| error.contains("site.yml")), "the error names the file");
        std::fs::remove_dir_all(&site).expect("it is there");
    }
}
